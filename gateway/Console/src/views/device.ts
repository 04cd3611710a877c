// One device: each metric now, and how it got here.

import * as api from "../api.js";
import { Chart } from "../charts.js";
import { h, mark, setText } from "../dom.js";
import * as format from "../format.js";
import { listen } from "../live.js";
import type { Page } from "../main.js";
import { alertRow, failure, isSilent, LiveValue } from "./parts.js";
import { cadenceSection, factsSection } from "./watch.js";

const hour = 3600_000;
const ranges: [string, number][] = [["1 h", hour], ["6 h", 6 * hour], ["24 h", 24 * hour], ["7 d", 168 * hour], ["30 d", 720 * hour]];
const chartHeight = 190;
const refreshMs = 10_000;

/** The span of time all charts of the page share; it follows the clock until somebody zooms in. */
class Range {
  #span = hour;
  #fixed: [number, number] | null = null;

  get following(): boolean {
    return this.#fixed === null;
  }

  get now(): [number, number] {
    return this.#fixed ?? [api.now() - this.#span, api.now()];
  }

  isLast(span: number): boolean {
    return this.#fixed === null && this.#span === span;
  }

  last(span: number): void {
    this.#span = span;
    this.#fixed = null;
  }

  fix(from: number, to: number): void {
    if (to - from >= 5000) this.#fixed = [from, to];
  }

  unfix(): void {
    this.#fixed = null;
  }
}

class MetricPanel {
  readonly root: HTMLElement;
  readonly #value: LiveValue;
  readonly #chart: Chart;
  readonly #note = h("p", { class: "second note" });
  #asked: AbortController | null = null;

  constructor(readonly series: api.Series, readonly range: Range, changed: () => void) {
    this.#value = new LiveValue(series);
    const place = h("div", { class: "chart", role: "img", "aria-label": `Chart of ${series.metric}` });
    this.#chart = new Chart(place, (from, to) => { range.fix(from, to); changed(); }, () => { range.unfix(); changed(); });
    this.root = h("section", { class: "metric", "aria-label": series.metric },
      h("div", { class: "now" }, h("h2", {}, series.metric), h("p", { class: "big" }, this.#value.root), h("p", {}, this.#value.age), this.#note),
      place);
  }

  show(): void {
    this.#value.show();
    const other = this.series.quality.filter(name => format.qualityNotes([name]).length === 0);
    setText(this.#note, [...format.qualityReasons(this.series.quality), other.map(name => name.replaceAll("-", " ")).join(", ")].join(" ").trim());
  }

  async load(alerts: api.Alert[]): Promise<void> {
    this.#asked?.abort();
    const asked = (this.#asked = new AbortController());
    const [from, to] = this.range.now;
    const step = format.stepFor(to - from);
    try {
      const answer = await api.readings(this.series.series, from, to, step?.text ?? null, asked.signal);
      if (asked.signal.aborted) return;
      this.#chart.show({
        points: answer.points, from, to, alerts: alerts.filter(alert => alert.metric === this.series.metric),
        pause: Math.max(this.series.silentAfter * 1000, (step?.ms ?? 0) * 1.5),
        unit: this.series.display, label: this.series.metric, height: chartHeight,
      });
    } catch {
      // The chart stays as it was; the banner says why, and the next round tries again.
    }
  }

  dispose(): void {
    this.#asked?.abort();
    this.#chart.dispose();
  }
}

export const devicePage = (id: string): Page => place => {
  const range = new Range();
  let ended = false;
  let panels: MetricPanel[] = [];
  let alerts: api.Alert[] = [];
  let device: api.Device | null = null;
  const state = h("span", {});
  const alertBox = h("section", { "aria-label": "Alerts", hidden: true });
  const settings = h("div", {});
  const cadence = h("div", {});
  const picker = h("div", { class: "picker", role: "group", "aria-label": "Time" });

  function showRange(): void {
    picker.replaceChildren(
      ...ranges.map(([text, span]) => h("button", { type: "button", "aria-pressed": String(range.isLast(span)), onclick: () => { range.last(span); changed(); } }, text)),
      ...(range.following ? [] : [h("button", { type: "button", class: "fresh", onclick: () => { range.unfix(); changed(); } }, "back to now")]));
  }

  function changed(): void {
    showRange();
    for (const panel of panels) void panel.load(alerts);
  }

  function showState(): void {
    if (!device) return;
    const active = alerts.find(alert => alert.state === "active" && alert.severity !== "info");
    const name = active?.severity ?? (device.metrics.every(isSilent) ? "silent" : device.state === "new" ? "new" : "ok");
    if (state.textContent !== mark(name).textContent) state.replaceChildren(mark(name));
    for (const panel of panels) panel.show();
  }

  function showAlerts(list: api.Alert[]): void {
    alerts = list.filter(alert => alert.device === id);
    alertBox.hidden = alerts.length === 0;
    alertBox.replaceChildren(h("h2", {}, "Alerts"), h("ul", { class: "alerts" }, ...alerts.slice(0, 10).map(alertRow)));
  }

  /** What it is expected to do: how often it reports, and which attributes are others for a while. */
  async function watch(): Promise<void> {
    if (!device) return;
    const [cadences, overrides] = await Promise.all([api.cadences(id).catch(() => []), api.overrides().catch(() => [])]);
    if (ended) return;
    settings.replaceChildren(...factsSection(device, overrides.filter(one => one.device === id)));
    cadence.replaceChildren(...cadenceSection(cadences));
  }

  async function load(): Promise<void> {
    try {
      const [found, list] = await Promise.all([api.device(id), api.alerts(false)]);
      if (ended) return;
      device = found;
      document.title = `${found.name} · IotEvents`;
      showAlerts(list);
      for (const panel of panels) panel.dispose();
      const sorted = [...found.metrics].sort((a, b) => format.rank(a.metric) - format.rank(b.metric) || a.metric.localeCompare(b.metric));
      panels = sorted.map(series => new MetricPanel(series, range, changed));
      place.replaceChildren(heading(found, state), alertBox,
        h("div", { class: "tools" }, h("p", { class: "second" }, `Drag to zoom, double-click to go back. Times in ${zone()}.`), picker),
        ...panels.map(panel => panel.root), settings, cadence);
      await watch();
      showState();
      changed();
    } catch (error) {
      if (!ended && !device) place.replaceChildren(failure(error));
    }
  }

  const unlisten = listen({
    values(changes) {
      for (const [name, value, time, received, quality] of changes) {
        const panel = panels.find(one => one.series.series === name);
        if (panel) Object.assign(panel.series, { value, time, received, quality, lastKnown: quality.includes("retained") });
      }
      showState();
    },
    alerts: () => void api.alerts(false).then(list => { showAlerts(list); changed(); }, () => undefined),
    again: () => void load(),
  });
  const ticking = setInterval(showState, 1000);
  const refreshing = setInterval(() => { if (range.following) changed(); void watch(); }, refreshMs);
  void load();
  return () => {
    ended = true;
    unlisten();
    clearInterval(ticking);
    clearInterval(refreshing);
    for (const panel of panels) panel.dispose();
  };
};

export const zone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

function heading(device: api.Device, state: HTMLElement): HTMLElement {
  const labels = Object.entries(device.labels).map(([key, value]) => h("span", { class: "label" }, h("span", { class: "second" }, key), ` ${value}`));
  return h("div", { class: "title" },
    h("p", { class: "crumb" }, h("a", { href: "#/" }, "Overview")),
    h("h1", {}, device.name), state,
    h("p", { class: "second" }, device.name === device.id ? null : h("code", {}, device.id), ...labels));
}
