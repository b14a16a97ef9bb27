import { messageOf } from "../../base/index.ts";
import { platformLedger } from "../../platform/index.ts";
import type { Ledgers } from "../started-world.ts";
import { appliedRevision } from "./applied-revision.ts";
import { chartLedger } from "./chart-ledger.ts";
import { egressOf } from "./egress.ts";
import { homeLedger } from "./home-ledger.ts";
import { imageLedger } from "./image-ledger.ts";
import { internetLedger } from "./internet-ledger.ts";
import { nodeLedger } from "./node-ledger.ts";
import type { LedgerSources } from "./sources.ts";

/**
 * What differs from production, who asked for names outside, and which tree was proved. What cannot be found out is
 * missing, and a note says why: the others are no less true.
 */
export async function ledgersOf({
  cluster,
  images,
  inputs,
  home,
  entry,
  whoHad,
  world,
  ending: askEnding,
  note,
}: LedgerSources): Promise<Ledgers> {
  const known = <T>(what: string, work: Promise<T>): Promise<T | undefined> =>
    work.catch((error: unknown) => {
      note(`${what} incomplete: ${messageOf(error)}`);
      return undefined;
    });
  const [ending, egress, tree] = await Promise.all([
    known("state at the end", askEnding()),
    known("egress ledger", egressOf(cluster, { whoHad, note })),
    known("applied revision", appliedRevision(world, home)),
  ]);
  const fidelity = [
    ...nodeLedger(images),
    ...internetLedger,
    ...platformLedger(inputs),
    ...homeLedger(home, entry, images),
    ...imageLedger(images),
    ...chartLedger(images, home),
  ];
  const { kept, blind } = home;
  const told = { leftOut: entry.leftOut, kept, blind };
  return {
    fidelity,
    home: told,
    ...(ending ? { ending } : {}),
    ...(egress ? { egress } : {}),
    ...(tree ? { tree } : {}),
  };
}
