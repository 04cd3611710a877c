// The link to the gateway: EventSource reconnects by itself; this says when it has not yet.

import type { Status } from "./api.js";

export type Change = [series: string, value: number, time: number, received: number, quality: string[]];

export interface Listener {
  values?(changes: Change[]): void;
  status?(status: Status): void;
  /** Alerts changed: ask for them again. */
  alerts?(): void;
  /** There are new series: ask for the devices again. */
  devices?(): void;
  /** The link is back after a break: whatever came in between was missed. */
  again?(): void;
}

const listeners = new Set<Listener>();
let connectedOnce = false;
let source: EventSource | null = null;

export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function connect(tell: (connected: boolean) => void): void {
  source = new EventSource("/api/live");
  source.onopen = () => {
    tell(true);
    if (connectedOnce) for (const listener of listeners) listener.again?.();
    connectedOnce = true;
  };
  source.onerror = () => {
    tell(false);
    // After an answer that is no stream the browser gives up; a gateway that restarts may give one.
    if (source?.readyState === EventSource.CLOSED) setTimeout(() => connect(tell), 3000);
  };
  on("values", data => { for (const listener of listeners) listener.values?.(data as Change[]); });
  on("status", data => { for (const listener of listeners) listener.status?.(data as Status); });
  on("alerts", () => { for (const listener of listeners) listener.alerts?.(); });
  on("devices", () => { for (const listener of listeners) listener.devices?.(); });
}

function on(type: string, take: (data: unknown) => void): void {
  source!.addEventListener(type, event => take(JSON.parse((event as MessageEvent<string>).data)));
}
