// Is all well? What is not? What is everything now?

import * as api from "../api.js";
import { announce, h, mark, setText } from "../dom.js";
import * as format from "../format.js";
import { listen } from "../live.js";
import type { Page } from "../main.js";
import { sparkline } from "../spark.js";
import { alertRow, deviceLink, failure, isSilent, LiveValue } from "./parts.js";

const groupKey = "iotevents.group";
const moreMax = 3;

class Row {
  readonly root: HTMLTableRowElement;
  readonly #state = h("td", { class: "state" });
  readonly #spark = h("td", { class: "trend" });
  readonly #main: LiveValue;
  readonly #others: LiveValue[];
  readonly #aside: LiveValue[];
  #line: (number | null)[] = [];
  #shown = "";
  alert: api.Alert | null = null;

  constructor(readonly device: api.Device) {
    const ranked = [...device.metrics].sort((a, b) => format.rank(a.metric) - format.rank(b.metric));
    const values = ranked.map(series => new LiveValue(series));
    this.#main = values[0]!;
    const rest = values.slice(1);
    this.#aside = rest.filter(v => format.isBattery(v.series.metric) || format.isSignal(v.series.metric)).slice(0, 2);
    this.#others = rest.filter(v => !this.#aside.includes(v)).slice(0, moreMax);
    const hidden = rest.length - this.#aside.length - this.#others.length;
    this.root = h("tr", {}, this.#state,
      h("th", { scope: "row", class: "name" },
        h("a", { href: deviceLink(device.id) }, device.name),
        device.name === device.id ? null : h("span", { class: "second id" }, device.id)),
      this.#spark,
      h("td", { class: "main" }, this.#main.root, h("span", { class: "second metric" }, this.#main.series.metric)),
      h("td", { class: "age-cell" }, this.#main.age),
      h("td", { class: "others" }, ...this.#others.map(v => chip(v)), hidden > 0 ? h("span", { class: "second" }, `+${hidden}`) : null),
      h("td", { class: "aside" }, ...this.#aside.map(v => chip(v))));
    this.show();
  }

  get mainSeries(): string {
    return this.#main.series.series;
  }

  matches(words: string[]): boolean {
    const text = [this.device.id, this.device.name, ...Object.entries(this.device.labels).map(pair => pair.join(":")),
      ...this.device.metrics.map(m => m.metric)].join(" ").toLowerCase();
    return words.every(word => text.includes(word));
  }

  setSpark(line: (number | null)[]): void {
    this.#line = line;
    this.#spark.replaceChildren(sparkline(line));
  }

  /** The newest value is the end of the line until the next mean is asked for. */
  take(series: string): void {
    if (series !== this.mainSeries || this.#line.length === 0) return;
    this.#line[this.#line.length - 1] = this.#main.series.value;
    this.setSpark(this.#line);
  }

  show(): void {
    for (const value of [this.#main, ...this.#others, ...this.#aside]) value.show();
    const state = this.#stateNow();
    if (state !== this.#shown) {
      this.#shown = state;
      this.#state.replaceChildren(mark(state));
      this.root.className = state;
    }
  }

  #stateNow(): string {
    if (this.alert && this.alert.severity !== "info") return this.alert.severity;
    if (this.device.metrics.every(isSilent)) return "silent";
    if (this.device.metrics.some(m => m.quality.includes("suspect") || m.quality.includes("out-of-range"))) return "suspect";
    return this.device.state === "new" ? "new" : "ok";
  }
}

const chip = (value: LiveValue): HTMLElement =>
  h("span", { class: "chip" }, h("span", { class: "second" }, shortName(value.series.metric)), " ", value.root);

const shortName = (metric: string): string => metric.slice(metric.lastIndexOf(".") + 1);

export const overviewPage: Page = place => {
  document.title = "IotEvents";
  let rows: Row[] = [];
  const bySeries = new Map<string, { row: Row; series: api.Series }>();
  let alerts: api.Alert[] = [];
  let ended = false;

  const headline = h("h1", {}, "…");
  const facts = h("p", { class: "facts second" });
  const alertList = h("ul", { class: "alerts" });
  const alertSection = h("section", { "aria-label": "Active alerts", hidden: true }, h("h2", {}, "Active alerts"), alertList);
  const search = h("input", { type: "search", placeholder: "Search", "aria-label": "Search devices", "aria-keyshortcuts": "/", autocomplete: "off", spellcheck: "false" });
  const group = h("select", { "aria-label": "Group by label" });
  const fresh = h("button", { type: "button", class: "fresh", hidden: true });
  const table = h("table", { class: "devices" });
  const tally = h("span", { class: "second" });
  const tools = h("div", { class: "tools" }, h("h2", {}, "Devices ", tally), fresh, group, h("label", { class: "search" }, search, h("kbd", { "aria-hidden": "true" }, "/")));
  const note = h("div", { class: "second" });
  const deviceSection = h("section", { "aria-label": "Devices" }, tools, table, note);
  place.append(h("div", { class: "health" }, headline, facts), alertSection, deviceSection);

  function showStatus(status: api.Status): void {
    const { critical, warning, info } = status.alerts;
    const parts = [critical && mark("critical", `${critical} critical`), warning && mark("warning", `${warning} warning${warning > 1 ? "s" : ""}`),
      info && mark("info", `${info} info`)].filter((part): part is HTMLElement => !!part);
    const silent = status.devices.silent;
    const calm = status.devices.total === 0 ? mark("silent", "Waiting for the first device")
      : silent > 0 ? mark("silent", `${silent} of ${status.devices.total} silent`) : mark("ok", "All well");
    const heading = parts.length > 0 ? parts : [calm];
    if (headline.textContent !== heading.map(part => part.textContent).join("")) {
      headline.replaceChildren(...heading);
      announce(heading.map(part => part.querySelector(".word")!.textContent).join(", "));
    }
    const since = status.store.oldest === null ? "" : ` since ${format.day(status.store.oldest)}`;
    setText(facts, [`${status.devices.ok} well`, `${silent} silent`, `${status.devices.new} new`,
      `${format.rate(status.rates.messages)} messages/s`, `${format.count(status.store.points)} points, ${format.bytes(status.store.bytes)}${since}`,
      `up ${format.longSpan(status.uptimeSeconds * 1000)}`].map(fact => fact.replaceAll(" ", "\u00a0")).join("  · "));
  }

  function showAlerts(list: api.Alert[]): void {
    alerts = list;
    alertSection.hidden = list.length === 0;
    alertList.replaceChildren(...list.map(alertRow));
    linkAlerts();
  }

  function linkAlerts(): void {
    const weight = { info: 0, warning: 1, critical: 2 };
    for (const row of rows) {
      row.alert = alerts.filter(alert => alert.device === row.device.id).sort((a, b) => weight[b.severity] - weight[a.severity])[0] ?? null;
      row.show();
    }
  }

  function showDevices(list: api.Device[]): void {
    rows = list.filter(device => device.metrics.length > 0).map(device => new Row(device));
    bySeries.clear();
    for (const row of rows) for (const series of row.device.metrics) bySeries.set(series.series, { row, series });
    const labels = [...new Set(list.flatMap(device => Object.keys(device.labels)))].sort();
    const chosen = localStorage.getItem(groupKey) ?? "";
    group.replaceChildren(h("option", { value: "" }, "Not grouped"),
      ...labels.map(label => h("option", { value: label, selected: label === chosen }, `By ${label}`)));
    group.hidden = labels.length === 0;
    fresh.hidden = true;
    linkAlerts();
    arrange();
    void loadSparks();
  }

  function arrange(): void {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = rows.filter(row => row.matches(words));
    setText(tally, rows.length === found.length ? format.count(rows.length) : `${found.length} of ${rows.length}`);
    tools.hidden = rows.length === 0;
    if (rows.length === 0) {
      table.replaceChildren();
      note.replaceChildren(firstDevice());
      return;
    }
    const groups = new Map<string, Row[]>();
    for (const row of found) {
      const key = group.value ? row.device.labels[group.value] ?? "" : "";
      groups.set(key, [...(groups.get(key) ?? []), row]);
    }
    const head = h("thead", {}, h("tr", {}, ...["State", "Device", "Last hour", "Value", "Age", "Also", "Battery, signal"].map((text, i) =>
      h("th", { scope: "col", class: ["state", "name", "trend", "main", "age-cell", "others", "aside"][i] }, text))));
    const bodies = [...groups.entries()].sort(([a], [b]) => a.localeCompare(b)).map(([key, members]) => h("tbody", {},
      group.value ? h("tr", { class: "group" }, h("th", { colspan: 7, scope: "rowgroup" }, key || `without ${group.value}`, h("span", { class: "second" }, ` ${members.length}`))) : null,
      ...members.map(row => row.root)));
    table.replaceChildren(head, ...bodies);
    note.replaceChildren(...(found.length === 0 ? [h("p", { class: "none-found" }, `Nothing matches “${search.value}”.`)] : []));
    table.classList.toggle("no-aside", !rows.some(row => row.device.metrics.some(m => format.isBattery(m.metric) || format.isSignal(m.metric))));
  }

  async function loadSparks(): Promise<void> {
    const byName = new Map(rows.map(row => [row.mainSeries, row]));
    try {
      for await (const lines of api.sparklines([...byName.keys()])) {
        if (ended) return;
        for (const [name, line] of Object.entries(lines.series)) byName.get(name)?.setSpark(line);
      }
    } catch {
      // A table without sparklines is still a table; the next round brings them.
    }
  }

  async function loadAll(): Promise<void> {
    try {
      const [status, active, devices] = await Promise.all([api.status(), api.alerts(true), api.devices()]);
      if (ended) return;
      if (!deviceSection.isConnected) place.replaceChildren(h("div", { class: "health" }, headline, facts), alertSection, deviceSection);
      showStatus(status);
      showAlerts(active);
      showDevices(devices);
    } catch (error) {
      if (!ended && rows.length === 0) place.replaceChildren(failure(error));
    }
  }

  /** New devices wait until somebody wants to see them: what one is about to touch does not move away. */
  async function loadNew(): Promise<void> {
    const devices = await api.devices().catch(() => null);
    if (!devices || ended) return;
    const added = devices.length - rows.length;
    if (rows.length === 0 || added <= 0) {
      showDevices(devices);
      return;
    }
    setText(fresh, `✦ ${added} new device${added > 1 ? "s" : ""}: show`);
    fresh.hidden = false;
    fresh.onclick = () => showDevices(devices);
    announce(fresh.textContent ?? "");
  }

  const unlisten = listen({
    values(changes) {
      for (const [name, value, time, received, quality] of changes) {
        const found = bySeries.get(name);
        if (!found) continue;
        Object.assign(found.series, { value, time, received, quality, lastKnown: quality.includes("retained") });
        found.row.take(name);
        found.row.show();
      }
    },
    status: showStatus,
    alerts: () => void api.alerts(true).then(showAlerts, () => undefined),
    devices: () => void loadNew(),
    again: () => void loadAll(),
  });
  const ticking = setInterval(() => { for (const row of rows) row.show(); }, 1000);
  const sparking = setInterval(() => void loadSparks(), 120_000);

  search.addEventListener("input", arrange);
  group.addEventListener("change", () => {
    localStorage.setItem(groupKey, group.value);
    arrange();
  });
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === "/" && event.target !== search) {
      event.preventDefault();
      search.focus();
    } else if (event.key === "Escape" && event.target === search) {
      search.value = "";
      arrange();
      search.blur();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      moveFocus(event, place);
    }
  };
  document.addEventListener("keydown", onKey);
  void loadAll();
  return () => {
    ended = true;
    unlisten();
    clearInterval(ticking);
    clearInterval(sparking);
    document.removeEventListener("keydown", onKey);
  };
};

/** Arrows walk over alerts and devices as one list. */
function moveFocus(event: KeyboardEvent, place: HTMLElement): void {
  if (event.target instanceof HTMLSelectElement) return;
  const links = [...place.querySelectorAll<HTMLAnchorElement>("a.alert, .devices a")];
  const at = links.indexOf(document.activeElement as HTMLAnchorElement);
  const next = links[event.key === "ArrowDown" ? at + 1 : at - 1];
  if (next && (at >= 0 || event.key === "ArrowDown")) {
    event.preventDefault();
    next.focus();
  }
}

function firstDevice(): HTMLElement {
  return h("div", { class: "empty" },
    h("h2", {}, "No devices yet"),
    h("p", {}, "The first message brings the first device. For example:"),
    h("pre", {}, `mosquitto_pub -h ${location.hostname} -p 1883 -t kitchen/temperature -m 21.4\nmosquitto_pub -h ${location.hostname} -p 1883 -t tank -m '{"level": 63, "temperature": 8.5}'\niotevents demo`),
    h("p", { class: "second" }, "This page shows it as soon as it is there."));
}
