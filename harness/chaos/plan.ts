import { createHash } from "node:crypto";
import { HarnessError } from "../base/index.ts";
import type { Kind, Round } from "./round.ts";

type Planned = Pick<Kind, "name" | "acts" | "withinMs">;

/**
 * The rounds of a seed: every kind once before any comes twice, in an order that is drawn. The same for the same seed,
 * count and kinds, on every machine.
 */
export function planRounds(seed: string, count: number, kinds: readonly Planned[]): Round[] {
  return Array.from({ length: count }, (_, index) => {
    const turn = Math.floor(index / kinds.length);
    const kind = inOrder(seed, turn, kinds)[index % kinds.length] as Planned;
    const number = index + 1;
    return {
      number,
      kind: kind.name,
      act: kind.acts[Math.floor(drawn(seed, number, "act") * kind.acts.length)] ?? "",
      atMs: Math.floor(drawn(seed, number, "moment") * kind.withinMs),
    };
  });
}

function inOrder(seed: string, turn: number, kinds: readonly Planned[]): Planned[] {
  return kinds.toSorted((a, b) => drawn(seed, turn, a.name) - drawn(seed, turn, b.name));
}

/** At least 0 and less than 1; each draw by itself, so that none changes because another is added. */
function drawn(...what: (string | number)[]): number {
  return createHash("sha256").update(what.join("\n")).digest().readUIntBE(0, 6) / 2 ** 48;
}

/** The kinds of these names, in the order of the list; all of them where none is named. */
export function kindsNamed(names: readonly string[], known: readonly Kind[]): Kind[] {
  const unknown = names.find((name) => !known.some((kind) => kind.name === name));
  if (unknown !== undefined) {
    const remedy = `known: ${known.map(({ name }) => name).join(", ")}`;
    throw new HarnessError(`there is no kind "${unknown}"`, { code: "usage", remedy });
  }
  return known.filter(({ name }) => names.length === 0 || names.includes(name));
}
