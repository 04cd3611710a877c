import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import * as format from "../src/format.js";

test("value: decimals follow the size, and whole numbers have none", () => {
  const cases: [number, string][] = [
    [21.437, "21.4"], [2.5, "2.50"], [0.1234, "0.123"], [1234.56, "1235"], [7, "7"], [-3.25, "−3.25"],
    [12345, "12\u202f345"], [-1234567, "−1\u202f234\u202f567"], [0, "0"], [-0.0004, "−4.00e−4"], [3e9, "3.00e+9"],
  ];
  for (const [input, expected] of cases) equal(format.value(input), expected);
});

test("span: the largest unit that fits, both sides of each limit", () => {
  const cases: [number, string][] = [
    [-5, "0 s"], [999, "0 s"], [59_999, "59 s"], [60_000, "1 min"], [3_599_000, "59 min"], [3_600_000, "1 h"],
    [86_399_000, "23 h"], [86_400_000, "1 d"],
  ];
  for (const [input, expected] of cases) equal(format.span(input), expected);
  equal(format.longSpan(3_600_000 + 12 * 60_000), "1 h 12 min");
  equal(format.longSpan(7_200_000), "2 h");
});

test("bytes: powers of a thousand", () => {
  equal(format.bytes(999), "999 B");
  equal(format.bytes(1000), "1.0 kB");
  equal(format.bytes(38_200_000), "38.2 MB");
  equal(format.bytes(2e15), "2000 TB");
});

test("stepFor: points as they are up to two hours, then no more than the chart has pixels", () => {
  equal(format.stepFor(2 * 3600_000), null);
  deepEqual(format.stepFor(6 * 3600_000), { text: "1m", ms: 60_000 });
  deepEqual(format.stepFor(720 * 3600_000), { text: "6h", ms: 21_600_000 });
  deepEqual(format.stepFor(1e15), { text: "1d", ms: 86_400_000 });
});

test("withGaps: silence longer than the pause is a gap, a pause as long as it is none", () => {
  deepEqual(format.withGaps([0, 10, 30], [[1, 2, 3]], 10), [[0, 10, 20, 30], [[1, 2, null, 3]]]);
  deepEqual(format.withGaps([], [[]], 10), [[], [[]]]);
});

test("rank: what one asks for first, batteries and radio last", () => {
  const metrics = ["rssi", "battery", "foo", "air.temperature", "level"];
  deepEqual(metrics.sort((a, b) => format.rank(a) - format.rank(b)), ["air.temperature", "level", "foo", "rssi", "battery"]);
});

test("qualityNotes: what only says where the time came from is no note", () => {
  deepEqual(format.qualityNotes(["time-received", "suspect", "unheard-of"]), ["suspect"]);
});

test("qualityNotes: the reason stands for the verdict", () => {
  deepEqual(format.qualityNotes(["suspect", "suspect-power-on"]), ["power-on value"]);
});

test("qualityReasons: a sentence for each reason, none for what only says where the time came from", () => {
  deepEqual(format.qualityReasons(["time-received", "suspect", "suspect-stuck"]), ["It has not moved for far longer than ever before."]);
});

test("ending: the reason in words, and as it came when it is not known here", () => {
  deepEqual([format.ending("recovered"), format.ending("new-reason")], ["a fresh reading says that it is over", "new reason"]);
});

test("unit: as people write it", () => {
  deepEqual(["Cel", "degF", "ug/m3", "%", "kWh", "m2", "us", "l", "ml", "l/min", "mmol/l", "lm", "1", ""].map(format.unit),
    ["°C", "°F", "µg/m³", "%", "kWh", "m²", "µs", "L", "mL", "L/min", "mmol/L", "lm", "", ""]);
});

test("seconds: a fraction only where it matters", () => {
  deepEqual([0.432, 9.94, 12.6, 95].map(format.seconds), ["0.43 s", "9.9 s", "12 s", "1 min 35 s"]);
});

test("age: a value from before says so", () => {
  deepEqual([format.age(3 * 3600_000, true, true), format.age(3 * 3600_000, false, true), format.age(12_000, false, false)],
    ["last known, age 3 h", "silent for 3 h", "12 s"]);
});
