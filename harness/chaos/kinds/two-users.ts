import { judgeEnded } from "../ended.ts";
import type { Kind } from "../round.ts";
import { differences } from "../things.ts";
import { codesAfter, end, type WayToEnd, waysToEnd } from "../ways-to-end.ts";
import { cleaningUpMs } from "./end-one.ts";

/** No user of the machine has it. */
const otherUser = 54_321;

const plant = (...words: string[]) => ["node", "harness/chaos/plant-run.ts", ...words];

/** On the others' engine, as on a machine with a Docker that both may use. */
export const twoUsers: Kind = {
  name: "two-users",
  title: "a command that removes leftovers ends, on an engine where another user has a run",
  acts: waysToEnd,
  withinMs: 3_000,
  async play({ act, atMs }, ground) {
    const way = act as WayToEnd;
    const engine = ground.othersEngine;
    const mine = { cache: await ground.cache("own"), engine };
    const theirs = { cache: ground.path("caches", "theirs"), engine, user: otherUser };
    await ground.program(["install", "--directory", `--owner=${otherUser}`, theirs.cache]);
    const withoutMine = await ground.lookInto(engine);
    const running = await ground.startProgram(plant("theirs", "stay"), theirs);
    await running.says("planted");
    const withTheirs = await ground.lookInto(engine);
    await ground.program(plant("mine"), mine); // its owner has ended: a leftover
    const command = await ground.start(["down"], { ...mine, terminal: way === "the terminal is closed" });
    await ground.pause(atMs);
    await end(command, way);
    const ended = await command.ended(cleaningUpMs);
    const next = await ground.run(["down"], mine);
    const afterMine = await ground.lookInto(engine);
    running.signal("SIGKILL");
    await running.ended(cleaningUpMs);
    const last = await ground.run(["down"], theirs);
    const afterTheirs = await ground.lookInto(engine);
    return [
      ...judgeEnded(ended, codesAfter(way)),
      ...judgeEnded(next, [0]),
      ...judgeEnded(last, [0]),
      ...differences(withTheirs, afterMine),
      ...differences(withoutMine, afterTheirs),
    ];
  },
};
