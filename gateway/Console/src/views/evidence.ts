// What an alert was decided from: the trigger, the state before and after, what could be looked at, the rule as it was.

import * as api from "../api.js";
import { cell, h } from "../dom.js";
import * as format from "../format.js";

const lastValues = 5;

export function evidenceView(evidence: api.Evidence): HTMLElement {
  const levels = evidence.after.levels.map((after, i) => {
    const before = evidence.before.levels[i];
    const name = evidence.after.levels.length > 1 ? `Level ${i + 1}: ` : "";
    return h("li", {}, `${name}${before ? level(before) : "not known"} → ${level(after)}`);
  });
  return h("div", { class: "evidence" },
    h("p", {}, `Decided by ${trigger(evidence.trigger)}.`),
    evidence.after.silent ? h("p", {}, "It fires because of silence.") : null,
    levels.length > 0 ? h("ul", { class: "levels" }, ...levels) : null,
    inputs(evidence),
    ...evidence.devices.filter(device => Object.keys(device.attributes).length > 0).map(device =>
      h("p", { class: "second" }, `${device.name}: `, Object.entries(device.attributes).map(([name, it]) => `${name} ${format.value(it.value)} ${format.unit(it.unit)}`.trim()).join(", "))),
    h("details", {}, h("summary", {}, "The rule as it was judged"), h("pre", { class: "why" }, evidence.rule.text.trim())));
}

function trigger(it: api.Evidence["trigger"]): string {
  const at = moment(it.time);
  if (it.by === "Reading") {
    const unit = it.unit ? ` ${format.unit(it.unit)}` : "";
    const received = it.received_at === undefined ? "" : `, received ${moment(it.received_at)}`;
    const quality = it.quality && it.quality !== "Good" ? `, quality ${it.quality}` : "";
    return `a reading of ${it.series ?? "?"}: ${number(it.value)}${unit} at ${at}${received}${quality}`;
  }
  return it.by === "Time" ? `time alone, at ${at}` : `an edit of the rule, at ${at}`;
}

function level(it: api.EvidenceState["levels"][number]): string {
  return it.state.toLowerCase() + (it.since === undefined ? "" : ` since ${moment(it.since)}`);
}

function inputs(evidence: api.Evidence): HTMLElement | null {
  if (evidence.series.length === 0) return null;
  const rows = evidence.series.map(it => {
    const unit = it.unit ? ` ${format.unit(it.unit)}` : "";
    const kept = it.times ?? [];
    const notes = [
      it.clock?.historical ? "old as it came" : "",
      it.clock?.untrusted ? "clock not set" : "",
      it.learned_silence === undefined ? "" : `silence counts after ${format.seconds(it.learned_silence)}, as learned`,
      kept.length === 0 ? "" : `looked back on ${format.count(kept.length + (it.left_out ?? 0))} readings since ${moment(kept[0]!)}, the last: ${(it.values ?? []).slice(-lastValues).map(number).join(", ")}`,
    ].filter(Boolean).join(" · ");
    return h("tr", {},
      h("th", { scope: "row" }, `${it.device}/${it.metric}`, it.mark ? h("span", { class: "second" }, ` ${it.mark}`) : null),
      cell("", { class: "figure" }, it.clock ? number(it.latest) + unit : "nothing yet"),
      cell("measured", {}, it.clock ? moment(it.clock.time) : ""),
      cell("before that", { class: "figure" }, it.clock ? number(it.previous) : ""),
      h("td", { class: "second" }, notes));
  });
  return h("table", { class: "plain" },
    h("thead", {}, h("tr", {}, ...["Series", "Value", "Measured", "Before that", "Also"].map((text, i) =>
      h("th", { scope: "col", class: i === 1 || i === 3 ? "figure" : null }, text)))),
    h("tbody", {}, ...rows,
      evidence.series_left_out ? h("tr", {}, h("td", { colspan: 5, class: "second" }, `and ${evidence.series_left_out} more that were left out, because the evidence would be too large`)) : null));
}

const moment = (nanoseconds: number): string => format.moment(nanoseconds / 1e6, api.now());
const number = (it: number | string | undefined): string => (typeof it === "number" ? format.value(it) : "–");
