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
  raiseExplanation: string;
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
  hiddenBy: string | null;
  hidden: number;
  acknowledgedBy: string | null;
  timeline: { at: number; what: string; detail: string }[];
  notifications: { channel: string; state: string; at: number; attempts: number; receipt: string }[];
}

export interface Rule {
  id: string;
  kind: string;
  match: Record<string, string>;
  for: string;
  keepFiringFor: string | null;
  severity: Severity;
  levels: { severity: Severity; raise: string; clear: string | null; for: string }[];
  missing: "hold" | "ok" | "alert";
  schedule: { text: string; active: boolean; until: number | null } | null;
  notify: string[];
  version: string;
  place: string;
  instances: number;
  pending: number;
  firing: number;
  firingSeverity: Severity | null;
  setAside: number;
}

export interface RuleInstance {
  subject: string;
  device: string;
  state: "normal" | "pending" | "firing" | "set-aside";
  since: number | null;
  until: number | null;
  raisedAt: number | null;
  severity: Severity | null;
  hiddenBy: string | null;
  problem: string | null;
}

export interface SettingsError {
  file: string;
  line: number;
  column: number;
  key: string;
  message: string;
  mend: string;
}

export interface Receipt {
  at: number;
  by: string;
  reload: {
    rules: number;
    kept: number;
    reset: number;
    dropped: number;
    lines: { fate: string; rule: string; subject: string; stood: string; why: string }[];
    warnings: SettingsError[];
  };
  refused: { at: number; by: string; errors: SettingsError[] } | null;
}

export interface Cadence {
  device: string;
  series: string;
  metric: string;
  interval: number | null;
  jitter: number | null;
  deadline: number | null;
  shape: string | null;
  intervals: number;
  confident: boolean;
  falseAbsencePer: number;
  judged: boolean;
}

export interface Override {
  device: string;
  attribute: string;
  value: string;
  since: number;
  until: number;
  reason: string;
  by: string;
}

/** What an alert was decided from. Instants are nanoseconds; a number that is none comes as text. */
export interface Evidence {
  rule: { id: string; version: string; text: string };
  trigger: { by: string; time: number; series?: string; value?: number | string; unit?: string; received_at?: number; quality?: string };
  before: EvidenceState;
  after: EvidenceState;
  series: {
    device: string;
    metric: string;
    unit: string;
    mark?: string;
    clock?: { time: number; received_at: number; historical: boolean; untrusted: boolean };
    latest: number | string;
    previous: number | string;
    learned_silence?: number;
    times?: number[];
    values?: (number | string)[];
    left_out?: number;
  }[];
  devices: { id: string; name: string; attributes: Record<string, { value: number; unit: string }> }[];
  series_left_out?: number;
}

export interface EvidenceState {
  levels: { state: string; since?: number; good_since?: number }[];
  silent: boolean;
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
export const evidence = (id: string): Promise<Evidence> => get(`/api/alerts/${encodeURIComponent(id)}/evidence`);
export const rules = (): Promise<Rule[]> => get("/api/rules");
export const ruleInstances = (rule: string): Promise<RuleInstance[]> => get(`/api/rules/${encodeURIComponent(rule)}/instances`);
export const receipt = (): Promise<Receipt> => get("/api/rules/receipt");
/** How often each metric of a device reports. The address takes a pattern, in which ? stands for any one character. */
export const cadences = async (device: string): Promise<Cadence[]> =>
  (await get<Cadence[]>(`/api/cadence?${new URLSearchParams({ device: device.replaceAll("*", "?") })}`)).filter(one => one.device === device);
export const overrides = (): Promise<Override[]> => get("/api/overrides");
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
