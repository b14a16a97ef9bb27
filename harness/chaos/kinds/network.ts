import { messageOf } from "../../base/index.ts";
import { judgeEnded } from "../ended.ts";
import type { Kind } from "../round.ts";

/** What apt may wait for an answer that does not come, some times over, in milliseconds. */
const givesUpWithinMs = 300_000;

/** The one thing that a command fetches in seconds: the programs of an engine, for a cache that has none yet. */
export const network: Kind = {
  name: "network",
  title: "the network goes while an engine is fetched from Debian",
  acts: ["it is taken away"],
  withinMs: 20_000,
  async whyNot(ground) {
    try {
      await using _way = await ground.openWayOut();
      await ground.program([
        "sh",
        "-euc",
        `${fresh}; apt-get --option Dir::State::Lists=/tmp/lists update; ${away}`,
      ]);
      return undefined;
    } catch (error) {
      await ground.program(["sh", "-c", away]);
      return `this machine reaches no archive of Debian: ${messageOf(error).trim().split("\n").at(-1)}`;
    }
  },
  async play({ atMs }, ground) {
    const cache = ground.path("caches", "cold");
    await ground.program(["mkdir", "--parents", `${cache}/engine`]); // else nothing can be left, and none is fetched
    const way = await ground.openWayOut();
    const running = await ground.start(["down"], { cache });
    await ground.pause(atMs);
    await way.close();
    const ended = await running.ended(givesUpWithinMs);
    await using _again = await ground.openWayOut();
    const next = await ground.run(["down"], { cache, withinMs: givesUpWithinMs });
    await ground.program(["rm", "-r", cache]);
    return [...judgeEnded(ended, [0, 3]), ...judgeEnded(next, [0])];
  },
};

const fresh = "mkdir -p /tmp/lists/partial";
const away = "rm -rf /tmp/lists";
