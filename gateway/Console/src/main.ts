// Finds the page for the address, keeps the link, and holds what every page has.

import "uplot/dist/uPlot.min.css";
import "./style.css";
import * as api from "./api.js";
import { announce, byId, h, setText } from "./dom.js";
import * as format from "./format.js";
import * as live from "./live.js";
import { alertPage } from "./views/alert.js";
import { devicePage } from "./views/device.js";
import { rulePage, rulesPage } from "./views/rules.js";
import { overviewPage } from "./views/overview.js";

/** A page: builds itself into its place and gives back how to end it. */
export type Page = (place: HTMLElement) => () => void;

let end: () => void = () => undefined;
let lostAt = 0;

function page(): Page {
  const [, kind, ...rest] = location.hash.split("/");
  const id = rest.map(decodeURIComponent).join("/");
  if (kind === "device" && id) return devicePage(id);
  if (kind === "alert" && id) return alertPage(id);
  if (kind === "rule" && id) return rulePage(id);
  return kind === "rules" ? rulesPage : overviewPage;
}

/** Says in the head where one is. */
function showPlace(): void {
  const [, kind = ""] = location.hash.split("/");
  for (const link of document.querySelectorAll<HTMLAnchorElement>(".top nav a")) {
    const isHere = link.hash === (kind.startsWith("rule") ? "#/rules" : "#/");
    if (isHere) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}

function show(): void {
  end();
  showPlace();
  const place = byId("main");
  place.replaceChildren();
  end = page()(place);
  window.scrollTo(0, 0);
}

function tell(connected: boolean): void {
  const link = byId("link");
  if (connected) {
    lostAt = 0;
    document.body.classList.remove("lost");
  } else if (lostAt === 0) {
    lostAt = Date.now();
    document.body.classList.add("lost");
    announce("Not connected. Values are as they were.");
  }
  setText(link, connected ? "● live" : "○ not connected");
  link.className = connected ? "link ok" : "link critical";
  showBanner();
}

let troubles: api.Status["troubles"] = [];

function showBanner(): void {
  const lines: HTMLElement[] = [];
  if (lostAt > 0) {
    lines.push(h("p", { class: "banner critical" }, h("b", {}, "■ No connection to the gateway"),
      ` since ${format.moment(lostAt, Date.now())}. Values are as they were; this page tries again by itself.`));
  }
  for (const trouble of troubles) {
    lines.push(h("p", { class: "banner warning" }, h("b", {}, `▲ ${trouble.what}`), ` — ${trouble.mend}.`,
      trouble.stillWorks ? h("span", { class: "second" }, ` Still works: ${trouble.stillWorks}.`) : null));
  }
  const banner = byId("banner");
  const text = lines.map(line => line.textContent).join();
  if (banner.textContent !== text) banner.replaceChildren(...lines);
}

live.listen({
  status(status) {
    troubles = status.troubles;
    showBanner();
  },
});

addEventListener("hashchange", () => {
  if (location.hash === "#main") return;
  show();
  byId("main").focus({ preventScroll: true });
});
document.addEventListener("keydown", event => {
  const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLSelectElement;
  if (event.key === "Escape" && !typing && location.hash.length > 2) location.hash = "#/";
});
setText(byId("link"), "connecting …");
live.connect(tell);
show();
