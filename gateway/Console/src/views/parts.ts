// What several pages show.

import * as api from "../api.js";
import { h, mark, setText } from "../dom.js";
import * as format from "../format.js";

export const deviceLink = (id: string): string => `#/device/${api.segment(id)}`;
export const alertLink = (id: string): string => `#/alert/${api.segment(id)}`;
export const ruleLink = (id: string): string => `#/rule/${api.segment(id)}`;

/** True when the series has been quiet for longer than it usually is. */
export const isSilent = (series: api.Series): boolean =>
  series.received === null || api.now() - series.received > series.silentAfter * 1000;

/** A value with its unit and its age: a stale one is grey and says so. */
export class LiveValue {
  readonly root = h("span", { class: "value" });
  readonly age = h("span", { class: "age" });
  readonly #number = h("span", { class: "number" });
  readonly #unit = h("span", { class: "unit" });
  readonly #notes = h("span", { class: "notes" });

  constructor(public series: api.Series) {
    this.root.append(this.#number, this.#unit, this.#notes);
    this.show();
  }

  show(): void {
    const { value, time, received, quality, lastKnown, display } = this.series;
    const silent = lastKnown || isSilent(this.series);
    setText(this.#number, value === null ? "–" : format.value(value));
    setText(this.#unit, display ? ` ${display}` : "");
    this.root.classList.toggle("stale", silent);
    this.age.classList.toggle("stale", silent);
    const since = lastKnown ? time : received;
    setText(this.age, since === null ? "never" : format.age(api.now() - since, lastKnown, silent));
    const notes = format.qualityNotes(quality.filter(name => name !== "retained"));
    if (this.#notes.textContent !== notes.map(note => `◇${note}`).join("")) {
      this.#notes.replaceChildren(...notes.map(note => mark("suspect", note)));
    }
  }
}

export function alertRow(alert: api.Alert): HTMLElement {
  const when = alert.state === "active" ? `for ${format.span(api.now() - alert.raisedAt)}`
    : `${format.moment(alert.raisedAt, api.now())} · lasted ${format.span((alert.endedAt ?? alert.raisedAt) - alert.raisedAt)}`;
  return h("li", {}, h("a", { class: `alert ${alert.state === "active" ? alert.severity : "over"}`, href: alertLink(alert.id) },
    mark(alert.severity),
    h("span", { class: "what" }, alert.summary),
    h("span", { class: "where second" }, alert.deviceName),
    h("span", { class: "when second" }, alert.state === "ended" ? `✓ ${when}` : when)));
}

/** What is wrong, in the gateway's words when it has some. */
export function failure(error: unknown): HTMLElement {
  const problem = error instanceof api.Problem ? error : null;
  return h("div", { class: "empty" },
    h("h1", {}, problem?.status === 404 ? "Not here" : "That did not work"),
    h("p", {}, problem ? problem.message : "The gateway does not answer. This page tries again when the connection is back."),
    problem?.mend ? h("p", { class: "second" }, problem.mend) : null,
    h("p", {}, h("a", { href: "#/" }, "To the overview")));
}
