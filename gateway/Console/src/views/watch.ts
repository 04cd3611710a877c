// What is known of a device beside its values: attributes, overrides in force, how often each metric reports.

import * as api from "../api.js";
import { cell, h } from "../dom.js";
import * as format from "../format.js";

/** Attributes, and what overrides make of them meanwhile. */
export function factsSection(device: api.Device, overrides: api.Override[]): HTMLElement[] {
  const names = [...new Set([...Object.keys(device.attributes), ...overrides.map(one => one.attribute)])];
  if (names.length === 0) return [];
  return [h("section", { "aria-label": "Attributes" }, h("h2", {}, "Attributes"),
    h("dl", { class: "facts-list" }, ...names.flatMap(name => {
      const override = overrides.find(one => one.attribute === name);
      const usual = device.attributes[name];
      return [h("dt", {}, name), h("dd", {}, override ? overridden(override, usual) : usual ?? "")];
    })))];
}

function overridden(override: api.Override, usual: string | undefined): HTMLElement {
  return h("span", {}, h("b", {}, override.value),
    ` until ${format.moment(override.until, api.now())}: ${override.reason} `,
    h("span", { class: "second" }, `by ${override.by}, since ${format.moment(override.since, api.now())}${usual ? `; otherwise ${usual}` : ""}`));
}

/** How often each metric reports, and which silence counts. */
export function cadenceSection(cadences: api.Cadence[]): HTMLElement[] {
  if (cadences.length === 0) return [];
  const rows = cadences.map(it => h("tr", {},
    h("th", { scope: "row" }, it.metric),
    cell("every", { class: "figure" }, it.interval === null ? "" : format.seconds(it.interval)),
    cell("silent after", { class: "figure" }, it.deadline === null ? "" : format.seconds(it.deadline)),
    h("td", { class: "second" }, [
      it.shape ?? "not learned yet",
      it.jitter ? `± ${format.seconds(it.jitter)}` : "",
      `${format.count(it.intervals)} intervals`,
      it.deadline === null ? "" : it.confident ? `once in ${format.count(it.falseAbsencePer)} d by mistake` : "too few for a stated rate",
      it.judged ? "a rule judges by it" : "",
    ].filter(Boolean).join(" · "))));
  return [h("section", { "aria-label": "How often it reports" }, h("h2", {}, "How often it reports"),
    h("table", { class: "plain" },
      h("thead", {}, h("tr", {}, ...["Metric", "Every", "Silent after", "Learned"].map((text, i) =>
        h("th", { scope: "col", class: i === 1 || i === 2 ? "figure" : null }, text)))),
      h("tbody", {}, ...rows)))];
}
