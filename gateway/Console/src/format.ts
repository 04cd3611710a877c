// Numbers, ages and times as people read them. Pure.

/** A value with no more decimals than a glance can use; the minus is a real one. */
export function value(v: number): string {
  const size = Math.abs(v);
  if (size >= 1e7 || (size > 0 && size < 1e-3)) return v.toExponential(2).replace(/-/g, "−");
  const decimals = Number.isInteger(v) ? 0 : size >= 1000 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
  const text = grouped(v.toFixed(decimals));
  return text.replace("-", Number(v.toFixed(decimals)) === 0 ? "" : "−");
}

/** Narrow spaces that do not break between thousands, from five digits on. */
function grouped(text: string): string {
  const [whole = "", fraction] = text.split(".");
  const digits = whole.replace("-", "");
  if (digits.length < 5) return text;
  const parts = digits.replace(/\B(?=(\d{3})+$)/g, "\u202f");
  return (whole.startsWith("-") ? "-" : "") + parts + (fraction ? `.${fraction}` : "");
}

export const count = (n: number): string => grouped(String(Math.round(n)));

/** A rate per second: few decimals where it is small. */
export const rate = (n: number): string => (n >= 10 || n === 0 ? count(n) : n.toFixed(1));

const ageUnits: [string, number][] = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];

/** A length of time in its largest unit: 12 s, 3 min, 5 h, 2 d. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  for (const [unit, size] of ageUnits) {
    if (seconds >= size) return `${Math.floor(seconds / size)} ${unit}`;
  }
  return "0 s";
}

/** As span, and what is left of it in the next unit: 1 h 12 min. */
export function longSpan(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const at = ageUnits.findIndex(([, size]) => seconds >= size);
  const unit = ageUnits[at];
  const next = ageUnits[at + 1];
  if (!unit || !next) return span(ms);
  const rest = Math.floor((seconds % unit[1]) / next[1]);
  return rest === 0 ? span(ms) : `${span(ms)} ${rest} ${next[0]}`;
}

const unitWords: Record<string, string> = {
  "1": "", index: "", Cel: "°C", degF: "°F", deg: "°", "deg/s": "°/s", "%EL": "%", EL: "s", "/1000": "‰", "beat/min": "bpm",
  Ohm: "Ω", kOhm: "kΩ", MOhm: "MΩ", As: "C", farad: "F",
};

/** A stored unit as people write it: °C for Cel, µg/m³ for ug/m3, mg/L for mg/l. */
export const unit = (symbol: string): string => unitWords[symbol] ?? symbol
  .replace(/^u(?=[A-Za-z])/, "µ").replace(/(?<=m)2\b/, "²").replace(/(?<=m)3\b/, "³").replace(/(?<![A-Za-z])(m?)l(?![A-Za-z])/, "$1L");

/** A length of time that was measured: 0.4 s, 12 s, 1 h 12 min. */
export const seconds = (s: number): string => (s < 10 ? `${Number(s.toPrecision(2))} s` : longSpan(s * 1000));

/** Why an alert ended, in words. */
const endWords: Record<string, string> = {
  recovered: "a fresh reading says that it is over",
  "went-silent": "no readings come any more, and the rule counts silence as over",
  "rule-changed": "the rule was changed or removed",
  superseded: "another alert took its place",
  expired: "it lasted as long as it may, or as anybody can tell",
  operator: "a person ended it",
};

export const ending = (reason: string): string => endWords[reason] ?? reason.replaceAll("-", " ");

const kilo = ["B", "kB", "MB", "GB", "TB"];

export function bytes(n: number): string {
  let size = n;
  let unit = 0;
  while (size >= 1000 && unit < kilo.length - 1) {
    size /= 1000;
    unit++;
  }
  return `${size >= 100 || unit === 0 ? Math.round(size) : size.toFixed(1)} ${kilo[unit]}`;
}

const pad = (n: number): string => String(n).padStart(2, "0");

/** The day when it is not today, and the time, in the zone of the screen. */
export function moment(ms: number, today: number): string {
  const at = new Date(ms);
  const time = `${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}`;
  return at.toDateString() === new Date(today).toDateString() ? time : `${day(ms)} ${time}`;
}

export function day(ms: number): string {
  const at = new Date(ms);
  return `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
}

/** What is known against a value, in words. What only says where the time came from is left to the device's page. */
const qualityWords: Record<string, string> = {
  suspect: "suspect",
  "suspect-power-on": "power-on value",
  "suspect-sentinel": "not measured",
  "suspect-slope": "impossible step",
  "suspect-stuck": "stuck",
  "out-of-range": "out of range",
  retained: "last known",
  "time-replaced": "device clock wrong",
  "time-untrusted": "clock not set",
};

/** What each reason means, as a sentence; what only says where the time came from has none. */
const qualitySentences: Record<string, string> = {
  "suspect-power-on": "What the sensor holds after power-on, before it has measured",
  "suspect-sentinel": "A number that stands for no measurement",
  "suspect-slope": "It changed faster than the quantity can",
  "suspect-stuck": "It has not moved for far longer than ever before",
  "out-of-range": "Outside what the sensor or physics allows",
  retained: "From before the connection; it fires no rule",
  "time-replaced": "The device gave a time that cannot be: this is when it was received",
  "time-untrusted": "The gateway's clock was not set as it came",
};

export const qualityReasons = (quality: string[]): string[] =>
  quality.flatMap(name => (qualitySentences[name] ? [`${qualitySentences[name]}.`] : []));

export function qualityNotes(quality: string[]): string[] {
  const why = quality.some(name => name.startsWith("suspect-"));
  return quality.flatMap(name => (qualityWords[name] && !(why && name === "suspect") ? [qualityWords[name]] : []));
}

/** How old a value is, in words: one from before the connection or the start says so. */
export function age(ms: number, lastKnown: boolean, silent: boolean): string {
  return lastKnown ? `last known, age ${span(ms)}` : silent ? `silent for ${span(ms)}` : span(ms);
}

/** The main metric of a device: the one somebody who glances asks for. */
const favourites = ["temperature", "level", "pressure", "humidity", "co2", "power", "value", "voltage"];
const aside = /batt|rssi|snr|linkquality|signal|uptime/i;

export function rank(metric: string): number {
  const leaf = metric.slice(metric.lastIndexOf(".") + 1).toLowerCase();
  if (aside.test(leaf)) return 100;
  const at = favourites.findIndex(name => leaf.includes(name));
  return at < 0 ? 50 : at;
}

export const isBattery = (metric: string): boolean => /batt/i.test(metric);
export const isSignal = (metric: string): boolean => /rssi|snr|linkquality|signal/i.test(metric);

/** The step at which a span of time gives a chart no more points than it has pixels; null for the points as they are. */
const steps: [string, number][] = [
  ["10s", 10], ["30s", 30], ["1m", 60], ["5m", 300], ["15m", 900], ["1h", 3600], ["6h", 21600], ["1d", 86400],
];

export function stepFor(spanMs: number, points = 500): { text: string; ms: number } | null {
  if (spanMs <= 2 * 3600_000) return null;
  const found = steps.find(([, seconds]) => spanMs / 1000 / seconds <= points) ?? steps[steps.length - 1]!;
  return { text: found[0], ms: found[1] * 1000 };
}

/** Puts a gap into columns wherever two neighbours are further apart than the pause. Times rise. */
export function withGaps(times: number[], columns: (number | null)[][], pauseMs: number): [number[], (number | null)[][]] {
  const outTimes: number[] = [];
  const out = columns.map((): (number | null)[] => []);
  for (let i = 0; i < times.length; i++) {
    const at = times[i]!;
    const before = times[i - 1];
    if (before !== undefined && at - before > pauseMs) {
      outTimes.push(before + (at - before) / 2);
      for (const column of out) column.push(null);
    }
    outTimes.push(at);
    columns.forEach((column, c) => out[c]!.push(column[i] ?? null));
  }
  return [outTimes, out];
}
