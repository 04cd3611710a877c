// One alert: what, where, since when, why, who knows.

import * as api from "../api.js";
import { Chart } from "../charts.js";
import { h, mark, setText } from "../dom.js";
import * as format from "../format.js";
import { listen } from "../live.js";
import type { Page } from "../main.js";
import { evidenceView } from "./evidence.js";
import { alertRow, deviceLink, failure, ruleLink } from "./parts.js";
import { zone } from "./device.js";

const beforeMs = 20 * 60_000;

export const alertPage = (id: string): Page => place => {
  let ended = false;
  let chart: Chart | null = null;
  let shown: api.Alert | null = null;
  const age = h("span", {});

  function showAge(): void {
    if (!shown) return;
    const end = shown.endedAt ?? api.now();
    setText(age, shown.endedAt === null ? `for ${format.longSpan(end - shown.raisedAt)}` : `lasted ${format.longSpan(end - shown.raisedAt)}`);
  }

  async function load(): Promise<void> {
    try {
      const alert = await api.alert(id);
      if (ended) return;
      shown = alert;
      document.title = `${alert.summary} · IotEvents`;
      chart?.dispose();
      // A device or a group as a whole has no values to draw.
      const drawing = h("div", { class: "chart", hidden: alert.metric === "", role: "img", "aria-label": `${alert.metric} around the moment it was raised` });
      const before = h("section", { hidden: true });
      const proof = h("div", {});
      place.replaceChildren(heading(alert), questions(alert, age, drawing, proof), before);
      chart = alert.metric === "" ? null : new Chart(drawing, () => undefined, () => undefined);
      showAge();
      await Promise.all([chart && draw(alert, chart), similar(alert, before), prove(alert, proof)]);
    } catch (error) {
      if (!ended && !shown) place.replaceChildren(failure(error));
    }
  }

  const unlisten = listen({ alerts: () => void load(), again: () => void load() });
  const ticking = setInterval(showAge, 1000);
  void load();
  return () => {
    ended = true;
    unlisten();
    clearInterval(ticking);
    chart?.dispose();
  };
};

function heading(alert: api.Alert): HTMLElement {
  return h("div", { class: "title" },
    h("p", { class: "crumb" }, h("a", { href: "#/" }, "Overview")),
    h("h1", {}, alert.summary),
    mark(alert.severity),
    alert.state === "ended" ? mark("ended", ending(alert)) : null,
    alert.historical ? h("span", { class: "second" }, "found in readings from the past") : null,
    alert.hiddenBy ? h("span", { class: "second" }, `hidden by ${alert.hiddenBy}`) : null);
}

const ending = (alert: api.Alert): string => `ended: ${(alert.endReason ?? "").replaceAll("-", " ")}`;

/** Alerts of failed rules, and those from before evidence was kept, have none. */
async function prove(alert: api.Alert, place: HTMLElement): Promise<void> {
  const evidence = await api.evidence(alert.id).catch(() => null);
  if (evidence) place.replaceChildren(evidenceView(evidence));
}

function questions(alert: api.Alert, age: HTMLElement, drawing: HTMLElement, proof: HTMLElement): HTMLElement {
  const today = api.now();
  return h("dl", { class: "questions" },
    h("dt", {}, "What"),
    h("dd", {}, alert.value === null ? "silence"
      : h("span", { class: "big" }, format.value(alert.value), h("span", { class: "unit" }, alert.unit ? ` ${alert.unit}` : "")),
    h("span", { class: "second" }, ` ${alert.metric}`)),
    h("dt", {}, "Where"),
    h("dd", {}, h("a", { href: deviceLink(alert.device) }, alert.deviceName), alert.device === alert.deviceName ? null : h("span", { class: "second" }, ` ${alert.device}`)),
    h("dt", {}, "Since when"),
    h("dd", {}, age, h("ol", { class: "timeline" }, ...moments(alert).map(([at, what, detail]) =>
      h("li", {}, h("time", { datetime: new Date(at).toISOString() }, format.moment(at, today)), h("span", {}, what), detail ? h("span", { class: "second" }, detail) : null))),
      h("p", { class: "second" }, `Times in ${zone()}.`)),
    h("dt", {}, "Why"),
    h("dd", {}, h("pre", { class: "why" }, alert.raiseExplanation || alert.explanation), h("p", { class: "second" }, "Rule ", h("a", { href: ruleLink(alert.rule) }, alert.rule), `, version ${alert.ruleVersion}`),
      alert.endReason ? h("p", {}, `It ended because ${format.ending(alert.endReason)}.`) : null,
      alert.endReason && alert.raiseExplanation ? h("p", { class: "second" }, `Then: ${alert.explanation}`) : null, drawing, proof),
    h("dt", {}, "Who knows"),
    h("dd", {}, knows(alert)));
}

/** The way from the first crossing to the end. */
function moments(alert: api.Alert): [number, string, string][] {
  const told: [number, string, string][] = alert.timeline.map(moment =>
    [moment.at, moment.what, moment.what === "ended" && alert.endReason ? format.ending(alert.endReason) : moment.detail]);
  if (told.length > 0) return told;
  const list: [number, string, string][] = [];
  if (alert.since < alert.raisedAt) list.push([alert.since, "the condition became true", ""]);
  list.push([alert.raisedAt, "raised", alert.since < alert.raisedAt ? `after it held for ${format.longSpan(alert.raisedAt - alert.since)}` : ""]);
  if (alert.endedAt !== null) list.push([alert.endedAt, ending(alert), ""]);
  return list;
}

function knows(alert: api.Alert): HTMLElement {
  const states: Record<string, string> = { delivered: "ok", failed: "critical", pending: "new" };
  const rows = alert.notifications.map(one => h("li", {}, mark(states[one.state] ?? "silent", one.state), h("b", {}, one.channel),
    h("span", { class: "second" }, [format.moment(one.at, api.now()), one.attempts > 1 ? `${one.attempts} attempts` : "", one.receipt].filter(Boolean).join(" · "))));
  return h("div", {},
    alert.acknowledgedBy ? h("p", {}, `${alert.acknowledgedBy} took it on.`) : alert.state === "active" ? h("p", {}, "Nobody has taken it on yet.") : null,
    alert.hidden > 0 ? h("p", {}, `Meanwhile it ${alert.hidden === 1 ? "hid another alert, which was" : `hid ${format.count(alert.hidden)} other alerts, which were`} recorded and not told.`) : null,
    rows.length > 0 ? h("ul", { class: "told" }, ...rows) : h("p", { class: "second" }, untold(alert)));
}

function untold(alert: api.Alert): string {
  if (alert.hiddenBy) return `Nobody: it was hidden by ${alert.hiddenBy}.`;
  return alert.historical ? "Nobody at the time: it was found in readings from the past, and told in one digest." : "Nothing waits to be told.";
}

async function draw(alert: api.Alert, chart: Chart): Promise<void> {
  const from = alert.since - beforeMs;
  const to = Math.min(api.now(), Math.max((alert.endedAt ?? api.now()) + beforeMs / 4, alert.raisedAt + beforeMs / 4));
  const step = format.stepFor(to - from);
  const series = `${alert.device}/${alert.metric}`;
  const answer = await api.readings(series, from, to, step?.text ?? null).catch(() => null);
  const device = await api.device(alert.device).catch(() => null);
  const silentAfter = device?.metrics.find(metric => metric.series === series)?.silentAfter ?? 900;
  if (answer) {
    chart.show({ points: answer.points, from, to, unit: alert.unit, label: alert.metric, alerts: [alert], height: 220, pause: Math.max(silentAfter * 1000, (step?.ms ?? 0) * 1.5) });
  }
}

async function similar(alert: api.Alert, place: HTMLElement): Promise<void> {
  const all = await api.alerts(false).catch(() => []);
  const same = all.filter(one => one.id !== alert.id && one.rule === alert.rule && one.device === alert.device).slice(0, 5);
  place.hidden = same.length === 0;
  place.replaceChildren(h("h2", {}, "Before, here"), h("ul", { class: "alerts" }, ...same.map(alertRow)));
}
