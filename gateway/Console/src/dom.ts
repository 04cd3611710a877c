// Elements without markup: text from devices only ever becomes text.

type Child = Node | string | null | undefined | false;
type Attributes = Record<string, string | number | boolean | ((event: Event) => void) | null | undefined>;

export function h<K extends keyof HTMLElementTagNameMap>(tag: K, attributes: Attributes, ...children: Child[]): HTMLElementTagNameMap[K] {
  return fill(document.createElement(tag), attributes, children);
}

export function svg(tag: string, attributes: Attributes, ...children: Child[]): SVGElement {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill<T extends Element>(element: T, attributes: Attributes, children: Child[]): T {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child): child is Node | string => !!child || child === ""));
  return element;
}

/** A cell of a table that becomes lines on a phone: there its head stands before it. */
export function cell(head: string, attributes: Attributes, ...children: Child[]): HTMLTableCellElement {
  return h("td", { "data-head": head, ...attributes }, ...children);
}

/** Sets text in place, and only when it is another: what did not change does not flicker. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

export function byId(id: string): HTMLElement {
  return document.getElementById(id)!;
}

/** Says something to those who do not see the page. */
export function announce(text: string): void {
  setText(byId("announce"), text);
}

/** The mark of a state: a shape and a word; the colour comes from the class. */
const shapes: Record<string, [string, string]> = {
  ok: ["●", "ok"],
  warning: ["▲", "warning"],
  critical: ["■", "critical"],
  info: ["●", "info"],
  silent: ["○", "silent"],
  suspect: ["◇", "suspect"],
  pending: ["◔", "pending"],
  new: ["✦", "new"],
  ended: ["✓", "ended"],
};

export function mark(state: string, word?: string): HTMLElement {
  const [shape, name] = shapes[state] ?? ["○", state];
  return h("span", { class: `mark ${state}` }, h("span", { "aria-hidden": "true", class: "shape" }, shape), h("span", { class: "word" }, word ?? name));
}
