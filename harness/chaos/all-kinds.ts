import { deadEngine } from "./kinds/dead-engine.ts";
import { command, lock, twoCaches } from "./kinds/end-one.ts";
import { engine } from "./kinds/engine.ts";
import { fullDisk } from "./kinds/full-disk.ts";
import { network } from "./kinds/network.ts";
import { scenarioEnds, scenarioEngine, scenarioMirror, scenarioNode } from "./kinds/scenario.ts";
import { twoUsers } from "./kinds/two-users.ts";
import type { Kind } from "./round.ts";

/** In the order in which they are listed. */
export const allKinds: readonly Kind[] = [
  command,
  lock,
  twoCaches,
  twoUsers,
  engine,
  deadEngine,
  fullDisk,
  network,
  scenarioEnds,
  scenarioEngine,
  scenarioNode,
  scenarioMirror,
];
