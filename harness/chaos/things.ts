import type { Finding } from "./finding.ts";

/** Something that is there: what a machine is compared by before and after. */
export interface Thing {
  kind:
    | "process"
    | "mount"
    | "network link"
    | "firewall rule"
    | "setting"
    | "file"
    | "key on a disk"
    | "loop device"
    | "container"
    | "image"
    | "network"
    | "volume";
  /** Unique among its kind. */
  name: string;
  /** Otherwise once somebody has touched it; empty where it has none. */
  state: string;
}

/** What is there and was not, and what was there and is not, or is otherwise. */
export function differences(before: readonly Thing[], after: readonly Thing[]): Finding[] {
  const was = byIdentity(before);
  const is = byIdentity(after);
  const left = after.filter((thing) => !was.has(identityOf(thing)));
  const gone = before.filter((thing) => !is.has(identityOf(thing)));
  const changed = before.filter((thing) => (is.get(identityOf(thing))?.state ?? thing.state) !== thing.state);
  return [
    ...left.map(({ kind, name }) => ({ what: `left: ${kind} ${name}` })),
    ...gone.map(({ kind, name }) => ({ what: `gone, and not ours: ${kind} ${name}` })),
    ...changed.map((thing) => ({ what: `touched, and not ours: ${told(thing, is.get(identityOf(thing)))}` })),
  ];
}

const identityOf = ({ kind, name }: Thing) => `${kind} ${name}`;

function byIdentity(things: readonly Thing[]): Map<string, Thing> {
  return new Map(things.map((thing) => [identityOf(thing), thing]));
}

function told({ kind, name, state }: Thing, now: Thing | undefined): string {
  return `${kind} ${name}, which was ${state} and is ${now?.state}`;
}
