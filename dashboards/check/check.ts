// Compiles only when the dashboards are what Grafana's own schema says: `npm ci && npm run check`.
import type { Dashboard, Panel } from "@grafana/schema";
import fleet from "../grafana/fleet.json";

// A JSON import knows "table" as string and 2 as number; the schema's literals and enums are compared by that kind.
type Kind<T> = T extends string ? string
  : T extends number ? number
  : T extends (infer Item)[] ? Kind<Item>[]
  : T extends object ? { [Key in keyof T]: Kind<T[Key]> }
  : T;

fleet satisfies Kind<Omit<Dashboard, "panels">>;
fleet.panels satisfies Kind<Panel>[];

// An import is no object literal, so TypeScript lets unknown members pass; these refuse them.
type Unknown<T, Schema> = Exclude<keyof T, keyof Schema>;
const unknownMembers: [Unknown<typeof fleet, Dashboard>, Unknown<(typeof fleet.panels)[number], Panel>] extends [never, never]
  ? "none" : never = "none";
void unknownMembers;
