// The rules in force: what they ask, whether they are active, where they stand, and how they came to be.

import * as api from "../api.js";
import { cell, h, mark } from "../dom.js";
import * as format from "../format.js";
import { listen } from "../live.js";
import type { Page } from "../main.js";
import { deviceLink, failure, ruleLink } from "./parts.js";
import { zone } from "./device.js";

const refreshMs = 10_000;

export const rulesPage: Page = place => refreshing(place, "Rules · IotEvents", async () => {
  const [rules, receipt] = await Promise.all([api.rules(), api.receipt()]);
  return [
    h("div", { class: "title" }, h("h1", {}, "Rules"), h("span", { class: "second" }, format.count(rules.length))),
    receiptView(receipt),
    rules.length === 0 ? noRules() : h("table", { class: "rules" },
      h("thead", {}, h("tr", {}, ...["State", "Rule", "Asks", "Judges"].map((text, i) =>
        h("th", { scope: "col", class: ["state", "name", "asks", "figure"][i] }, text)))),
      h("tbody", {}, ...rules.map(row))),
  ];
});

export const rulePage = (id: string): Page => place => refreshing(place, `${id} · IotEvents`, async () => {
  const [rules, instances] = await Promise.all([api.rules(), api.ruleInstances(id)]);
  const rule = rules.find(one => one.id === id)!;
  return [
    h("div", { class: "title" },
      h("p", { class: "crumb" }, h("a", { href: "#/rules" }, "Rules")),
      h("h1", {}, rule.id), standing(rule),
      h("p", { class: "second" }, `${rule.kind} · version ${rule.version} · ${rule.place}`)),
    h("dl", { class: "facts-list" }, ...facts(rule).flatMap(([name, what]) => [h("dt", {}, name), h("dd", {}, what)])),
    h("section", { "aria-label": "Where it stands" }, h("h2", {}, "Where it stands"),
      instances.length === 0 ? h("p", { class: "second" }, "Nothing that it matches has sent anything yet.") : instanceTable(instances),
      instances.length < rule.instances ? h("p", { class: "second" }, `and ${format.count(rule.instances - instances.length)} more that are normal`) : null,
      h("p", { class: "second" }, `Times in ${zone()}.`)),
  ];
});

/** Builds the page again and again; a fold that is open stays open. */
function refreshing(place: HTMLElement, title: string, build: () => Promise<(HTMLElement | null)[]>): () => void {
  let ended = false;
  let shown = "";
  document.title = title;
  async function load(): Promise<void> {
    try {
      const parts = (await build()).filter(part => part !== null);
      const text = parts.map(part => part.outerHTML).join("");
      if (ended || text === shown) return;
      const open = [...place.querySelectorAll("details")].map(fold => fold.open);
      const focus = (document.activeElement as HTMLAnchorElement | null)?.getAttribute("href");
      shown = text;
      place.replaceChildren(...parts);
      [...place.querySelectorAll("details")].forEach((fold, i) => { fold.open = open[i] ?? false; });
      if (focus) place.querySelector<HTMLElement>(`a[href="${CSS.escape(focus)}"]`)?.focus({ preventScroll: true });
    } catch (error) {
      if (!ended && shown === "") place.replaceChildren(failure(error));
    }
  }
  const again = (): void => void load();
  const unlisten = listen({ alerts: again, again });
  const ticking = setInterval(again, refreshMs);
  void load();
  return () => {
    ended = true;
    unlisten();
    clearInterval(ticking);
  };
}

function row(rule: api.Rule): HTMLElement {
  return h("tr", {},
    h("td", { class: "state" }, standing(rule)),
    h("th", { scope: "row", class: "name" }, h("a", { href: ruleLink(rule.id) }, rule.id),
      h("span", { class: "second id" }, `${rule.kind}: ${matches(rule)}`)),
    h("td", { class: "asks" }, ...asks(rule), rule.schedule ? h("p", { class: "second" }, active(rule.schedule)) : null),
    h("td", { class: "figure" }, format.count(rule.instances)));
}

/** The worst that is true of it. */
function standing(rule: api.Rule): HTMLElement {
  if (rule.firing > 0) return mark(rule.firingSeverity ?? rule.severity, `${format.count(rule.firing)} firing`);
  if (rule.setAside > 0) return mark("suspect", `${format.count(rule.setAside)} set aside`);
  if (rule.pending > 0) return mark("pending", `${format.count(rule.pending)} pending`);
  if (rule.schedule?.active === false) return mark("silent", "not active");
  return rule.instances === 0 ? mark("silent", "nothing to judge") : mark("ok", "normal");
}

const matches = (rule: api.Rule): string =>
  Object.entries(rule.match).filter(([, pattern]) => pattern !== "").map(([name, pattern]) => `${name} ${pattern}`).join(", ") || "other rules";

function asks(rule: api.Rule): HTMLElement[] {
  if (rule.levels.length === 0) return [h("p", {}, mark(rule.severity), h("code", {}, silence(rule)))];
  return rule.levels.map(level => h("p", {}, mark(level.severity), h("code", {}, level.raise),
    level.for === "0s" ? null : h("span", { class: "second" }, `for ${level.for}`),
    level.clear ? h("span", { class: "second" }, "until ", h("code", {}, level.clear)) : null));
}

function silence(rule: api.Rule): string {
  return rule.missing === "alert" ? "silence raises it" : rule.missing === "ok" ? "silence ends it, as went-silent" : "silence changes nothing";
}

function active(schedule: NonNullable<api.Rule["schedule"]>): string {
  const until = schedule.until === null ? "for good" : `until ${format.moment(schedule.until, api.now())}`;
  return `${schedule.active ? "active" : "not active"} ${until}: ${schedule.text}`;
}

function facts(rule: api.Rule): [string, string | HTMLElement][] {
  const list: [string, string | HTMLElement][] = [
    ["Judges", matches(rule)],
    ["Asks", h("div", { class: "asks" }, ...asks(rule))],
    ["Silence", silence(rule)],
    ["Active", rule.schedule ? active(rule.schedule) : "always"],
    ["Tells", rule.notify.length > 0 ? rule.notify.join(", ") : "by the routes"],
  ];
  if (rule.keepFiringFor) list.splice(2, 0, ["Goes on firing", `${rule.keepFiringFor} after it is good again`]);
  return list;
}

function instanceTable(instances: api.RuleInstance[]): HTMLElement {
  const today = api.now();
  return h("table", { class: "plain" },
    h("thead", {}, h("tr", {}, ...["State", "Of", "Since", "And"].map(text => h("th", { scope: "col" }, text)))),
    h("tbody", {}, ...instances.map(it => h("tr", {},
      h("td", { class: "state" }, mark(it.severity ?? instanceMarks[it.state] ?? "ok", it.state.replace("-", " "))),
      h("th", { scope: "row" }, it.device ? h("a", { href: deviceLink(it.device) }, it.subject) : it.subject),
      cell("since", {}, since(it, today)),
      h("td", { class: "second" }, more(it, today))))));
}

const instanceMarks: Record<string, string> = { normal: "ok", pending: "pending", "set-aside": "suspect" };

function since(it: api.RuleInstance, today: number): string {
  const at = it.raisedAt ?? it.since;
  return at === null ? "" : format.moment(at, today);
}

function more(it: api.RuleInstance, today: number): string {
  if (it.problem) return it.problem;
  if (it.until !== null) return `fires at ${format.moment(it.until, today)} if it stays so`;
  if (it.hiddenBy) return `nobody is told: hidden by ${it.hiddenBy}`;
  return it.state === "firing" && it.since !== null && it.raisedAt !== null && it.since < it.raisedAt
    ? `the condition is true since ${format.moment(it.since, today)}` : "";
}

function receiptView(receipt: api.Receipt): HTMLElement {
  const { rules, kept, reset, dropped, lines, warnings } = receipt.reload;
  const became = kept + reset + dropped === 0 ? "nothing pended or fired then"
    : `of what pended or fired ${kept} kept, ${reset} reset, ${dropped} dropped`;
  return h("section", { class: "receipt", "aria-label": "Last reload" },
    receipt.refused ? h("div", { class: "banner critical" },
      h("p", {}, h("b", {}, "■ The last reload was refused"), ` at ${format.moment(receipt.refused.at, api.now())} (${receipt.refused.by}); the rules below go on.`),
      problems(receipt.refused.errors)) : null,
    warnings.length > 0 ? h("div", { class: "banner warning" }, h("p", {}, h("b", {}, "▲ Allowed, but hardly meant")), problems(warnings)) : null,
    h("p", { class: "second" }, `${format.count(rules)} in force since ${format.moment(receipt.at, api.now())} (${receipt.by}); ${became}.`),
    lines.length > 0 ? h("details", {}, h("summary", {}, "What became of each"),
      h("ul", { class: "told" }, ...lines.slice(0, 200).map(line => h("li", {}, h("b", {}, line.fate), `${line.rule} with ${line.subject}`,
        h("span", { class: "second" }, `was ${line.stood}: ${line.why}`))))) : null);
}

const problems = (list: api.SettingsError[]): HTMLElement => h("ul", { class: "told" }, ...list.map(it => h("li", {},
  h("code", {}, `${it.file}:${it.line}:${it.column}`), `${it.message}.`, h("span", { class: "second" }, it.mend ? `Mend: ${it.mend}.` : ""))));

const noRules = (): HTMLElement => h("div", { class: "empty" },
  h("h2", {}, "No rules yet"),
  h("p", {}, "A file in the folder rules of the configuration brings the first one:"),
  h("pre", {}, "rules:\n  - id: freezer-warm\n    match: { device: \"freezer-*\", metric: temperature }\n    raise: value > -15 degC\n    for: 10m"),
  h("p", { class: "second" }, "iotevents reload puts it in force."));
