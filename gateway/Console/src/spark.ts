// A row of an hour in the width of a word. Silence is a gap.

import { svg } from "./dom.js";

const width = 120;
const height = 26;
const margin = 3;

export function sparkline(values: (number | null)[]): SVGElement {
  const known = values.filter((v): v is number => v !== null);
  const root = svg("svg", { class: "spark", viewBox: `0 0 ${width} ${height}`, width, height, "aria-hidden": "true" });
  if (known.length === 0) {
    root.append(svg("line", { x1: 0, x2: width, y1: height / 2, y2: height / 2, class: "none" }));
    return root;
  }
  const low = Math.min(...known);
  const high = Math.max(...known);
  const range = high - low || 1;
  const x = (i: number): number => margin + (i * (width - 2 * margin)) / Math.max(1, values.length - 1);
  const y = (v: number): number => (high === low ? height / 2 : height - margin - ((v - low) / range) * (height - 2 * margin));
  let path = "";
  let last: [number, number] | null = null;
  values.forEach((v, i) => {
    if (v === null) return;
    const start = i === 0 || values[i - 1] === null;
    path += `${start ? "M" : "L"}${x(i).toFixed(1)} ${y(v).toFixed(1)}`;
    // A lone point between two gaps would be invisible.
    if (start && (values[i + 1] ?? null) === null) path += "h0.1";
    last = [x(i), y(v)];
  });
  root.append(svg("path", { d: path }));
  if (last) root.append(svg("circle", { cx: last[0], cy: last[1], r: 2 }));
  return root;
}
