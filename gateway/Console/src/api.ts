// The gateway's answers, and how to ask for them. The shapes are those of /openapi/v1.json.

export interface Series {
  series: string;
  device: string;
  metric: string;
  unit: string;
  display: string;
  value: number | null;
  time: number | null;
  received: number | null;
  quality: string[];
  lastKnown: boolean;
  age: number | null;
  silentAfter: number;
}

export interface Device {
  id: string;
  name: string;
  state: "ok" | "silent" | "new";
  lastSeen: number | null;
  labels: Record<string, string>;
  attributes: Record<string, string>;
  metrics: Series[];
}

export type Severity = "info" | "warning" | "critical";

export interface Alert {
  id: string;
  rule: string;
  ruleVersion: string;
  state: "active" | "ended";
  severity: Severity;
  summary: string;
  explanation: string;
  device: string;
  deviceName: string;
  metric: string;
  unit: string;
  value: number | null;
  since: number;
  raisedAt: number;
  endedAt: number | null;
  endReason: string | null;
  historical: boolean;
  acknowledgedBy: string | null;
  timeline: { at: number; what: string; detail: string }[];
  notifications: { channel: string; state: string; at: number; attempts: number; receipt: string }[];
}

export interface Status {
  version: string;
  uptimeSeconds: number;
  rates: { messages: number; readings: number; events: number };
  journal: { firstOffset: number; nextOffset: number; bytes: number; budgetBytes: number };
  store: { series: number; points: number; bytes: number; oldest: number | null };
  troubles: { what: string; mend: string; stillWorks: string }[];
  devices: { ok: number; silent: number; new: number; total: number };
  alerts: { critical: number; warning: number; info: number };
}

export type Point = [ms: number, value: number] | [ms: number, mean: number, min: number, max: number, count: number];

export interface Readings {
  series: string;
  unit: string;
  points: Point[];
  more?: boolean;
}

export interface Sparklines {
  from: number;
  step: number;
  series: Record<string, (number | null)[]>;
}

/** An answer that is an error, in the gateway's own words. */
export class Problem extends Error {
  constructor(readonly status: number, detail: string, readonly mend: string) {
    super(detail);
  }
}

let skew = 0;

/** The time by the gateway's clock: a phone whose clock is wrong must not make values look old. */
export const now = (): number => Date.now() + skew;

export async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  const answer = await fetch(path, { headers: { accept: "application/json" }, ...(signal ? { signal } : {}) });
  const date = Date.parse(answer.headers.get("date") ?? "");
  // The header counts whole seconds; a smaller difference says nothing.
  skew = Number.isNaN(date) || Math.abs(date - Date.now()) < 2000 ? 0 : date - Date.now();
  const body: unknown = await answer.json();
  if (!answer.ok) {
    const { detail, mend } = body as { detail?: string; mend?: string };
    throw new Problem(answer.status, detail ?? answer.statusText, mend ?? "");
  }
  return body as T;
}

/** An id as part of an address: its slashes stay, everything else is escaped. */
export const segment = (id: string): string => id.split("/").map(encodeURIComponent).join("/");

export const devices = (): Promise<Device[]> => get("/api/devices");
export const device = (id: string): Promise<Device> => get(`/api/devices/${segment(id)}`);
export const alerts = (active: boolean): Promise<Alert[]> => get(active ? "/api/alerts?state=active" : "/api/alerts");
export const alert = (id: string): Promise<Alert> => get(`/api/alerts/${segment(id)}`);
export const status = (): Promise<Status> => get("/api/status");

export function readings(series: string, from: number, to: number, step: string | null, signal?: AbortSignal): Promise<Readings> {
  const query = new URLSearchParams({ series, from: String(Math.floor(from)), to: String(Math.ceil(to)) });
  if (step) query.set("step", step);
  return get(`/api/readings?${query}`, signal);
}

const queryCharactersMax = 4000;

/** Asks for as many sparklines at once as fit into an address. */
export async function* sparklines(names: string[]): AsyncGenerator<Sparklines> {
  let query = new URLSearchParams();
  for (const name of names) {
    if (query.size === 100 || (query.size > 0 && query.toString().length + name.length * 3 > queryCharactersMax)) {
      yield await get(`/api/sparklines?${query}`);
      query = new URLSearchParams();
    }
    query.append("series", name);
  }
  if (query.size > 0) yield await get(`/api/sparklines?${query}`);
}
