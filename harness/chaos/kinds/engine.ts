import { privatePlace } from "../../engine/index.ts";
import { judgeEnded } from "../ended.ts";
import { startEngine } from "../ground.ts";
import type { Kind } from "../round.ts";
import { cleaningUpMs } from "./end-one.ts";

/** What is killed, by the file with its process id in the engine's folder. */
const victims: Record<string, string> = {
  "kill -9 of dockerd": "docker.pid",
  "kill -9 of its containerd": "exec/containerd/containerd.pid",
};

/** One of a cache's own: others' are not for us to kill. */
export const engine: Kind = {
  name: "engine",
  title: "the engine dies under a command",
  acts: Object.keys(victims),
  withinMs: 4_000,
  async play({ act, atMs }, ground) {
    const cache = await ground.cache("own");
    await ground.program(startEngine, { cache });
    const running = await ground.start(["down"], { cache });
    await ground.pause(atMs);
    const pidFile = `${privatePlace(undefined, cache).runDir}/${victims[act]}`;
    // One that has been stopped already cannot die.
    await ground.program(["sh", "-c", 'kill -9 "$(cat "$1")" || :', "sh", pidFile]);
    const ended = await running.ended(cleaningUpMs);
    const next = await ground.run(["down"], { cache });
    return [...judgeEnded(ended, [0, 3]), ...judgeEnded(next, [0])];
  },
};
