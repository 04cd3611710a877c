// Charts: the mean, the band from minimum to maximum behind it, silence as a gap, alerts as marks.

import uPlot from "uplot";
import type { Alert, Point } from "./api.js";
import { value, withGaps } from "./format.js";

export interface ChartInput {
  points: Point[];
  /** A pause longer than this is a gap, in milliseconds. */
  pause: number;
  from: number;
  to: number;
  unit: string;
  label: string;
  alerts: Alert[];
  height: number;
}

const dark = matchMedia("(prefers-color-scheme: dark)");
const css = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const axisFont = "11px system-ui, sans-serif";

/** A chart in its place; zoom is told, not done: the page asks for finer points. */
export class Chart {
  #plot: uPlot | null = null;
  #input: ChartInput | null = null;
  readonly #resize: ResizeObserver;
  readonly #recolour = (): void => this.#draw();

  constructor(readonly place: HTMLElement, readonly zoom: (from: number, to: number) => void, readonly reset: () => void) {
    this.#resize = new ResizeObserver(() => {
      if (this.#plot && this.#input) this.#plot.setSize({ width: place.clientWidth, height: this.#input.height });
    });
    this.#resize.observe(place);
    dark.addEventListener("change", this.#recolour);
  }

  show(input: ChartInput): void {
    this.#input = input;
    this.#draw();
  }

  dispose(): void {
    this.#resize.disconnect();
    dark.removeEventListener("change", this.#recolour);
    this.#plot?.destroy();
  }

  #draw(): void {
    const input = this.#input;
    if (!input || this.place.clientWidth === 0) return;
    this.#plot?.destroy();
    this.place.replaceChildren();
    const banded = input.points.some(point => point.length === 5);
    const times = input.points.map(point => point[0]);
    const means = input.points.map(point => point[1]);
    const columns = banded ? [means, input.points.map(p => p[2] ?? p[1]), input.points.map(p => p[3] ?? p[1])] : [means];
    const [xs, ys] = withGaps(times, columns, input.pause);
    this.#plot = new uPlot(this.#options(input, banded), [xs.map(ms => ms / 1000), ...ys] as uPlot.AlignedData, this.place);
  }

  #options(input: ChartInput, banded: boolean): uPlot.Options {
    const ink = css("--ink-2");
    const hair = css("--hairline");
    const line = css("--series-1");
    const grid = { stroke: hair, width: 1 };
    const show = (_: uPlot, v: number | null): string => (v === null ? "–" : `${value(v)} ${input.unit}`.trim());
    const series: uPlot.Series[] = [
      { value: "{YYYY}-{MM}-{DD} {HH}:{mm}:{ss}", label: "time" },
      { label: banded ? "mean" : input.label, stroke: line, width: 1.5, points: { show: false }, value: show },
    ];
    if (banded) {
      const edge = { width: 0, points: { show: false }, value: show };
      series.push({ ...edge, label: "min" }, { ...edge, label: "max" });
    }
    return {
      width: this.place.clientWidth,
      height: input.height,
      padding: [12, 10, 0, 0],
      series,
      bands: banded ? [{ series: [3, 2], fill: css("--band") }] : [],
      scales: { x: { time: true, range: () => [input.from / 1000, input.to / 1000] }, y: { range: padded } },
      axes: [
        { stroke: ink, grid, ticks: grid, font: axisFont, size: 30, values: timeLabels },
        { stroke: ink, grid, ticks: { show: false }, font: axisFont, size: 62, values: (_, splits) => splits.map((v, i) => axisLabel(v, i === splits.length - 1 ? input.unit : "")) },
      ],
      cursor: { drag: { x: true, y: false, setScale: false }, sync: { key: "device" }, points: { size: 7 } },
      legend: { live: true },
      hooks: {
        drawClear: [plot => drawAlerts(plot, input)],
        setSelect: [plot => this.#selected(plot)],
        ready: [plot => plot.over.addEventListener("dblclick", this.reset)],
      },
    };
  }

  #selected(plot: uPlot): void {
    const { left, width } = plot.select;
    if (width < 8) return;
    this.zoom(plot.posToVal(left, "x") * 1000, plot.posToVal(left + width, "x") * 1000);
  }
}

/** A flat line stands in the middle, and nothing touches the edge. */
function padded(_: uPlot, min: number | null, max: number | null): [number, number] {
  if (min === null || max === null) return [0, 1];
  const room = (max - min) * 0.12 || Math.abs(max) * 0.05 || 1;
  return [min - room, max + room];
}

const pad = (n: number): string => String(n).padStart(2, "0");

/** Hours of a day, days of a week; the date stands where the day begins. */
function timeLabels(_: uPlot, splits: number[], __: number, ___: number, incr: number): string[] {
  return splits.map(seconds => {
    const at = new Date(seconds * 1000);
    const date = `${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
    if (incr >= 86400 || (at.getHours() === 0 && at.getMinutes() === 0 && at.getSeconds() === 0)) return date;
    return incr < 60 ? `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}` : `${pad(at.getHours())}:${pad(at.getMinutes())}`;
  });
}

function axisLabel(v: number, unit: string): string {
  const text = Number(v.toPrecision(5)).toString().replace("-", "−");
  return unit ? `${text} ${unit}` : text;
}

/** Each alert is the time it lasted, shaded, with a line where it was raised. */
function drawAlerts(plot: uPlot, input: ChartInput): void {
  const { ctx, bbox } = plot;
  for (const alert of input.alerts) {
    const left = Math.max(bbox.left, plot.valToPos(alert.raisedAt / 1000, "x", true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos((alert.endedAt ?? input.to) / 1000, "x", true));
    if (right < left) continue;
    const colour = css(`--${alert.severity === "info" ? "accent" : alert.severity}`);
    ctx.save();
    ctx.fillStyle = colour;
    ctx.globalAlpha = 0.1;
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
    ctx.globalAlpha = 1;
    if (alert.raisedAt >= input.from) {
      const size = 5 * devicePixelRatio;
      ctx.fillRect(left, bbox.top, devicePixelRatio, bbox.height);
      ctx.beginPath();
      ctx.moveTo(left - size, bbox.top - size);
      ctx.lineTo(left + size, bbox.top - size);
      ctx.lineTo(left, bbox.top + size * 0.6);
      ctx.fill();
    }
    ctx.restore();
  }
}
