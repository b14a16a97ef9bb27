import { judgeEnded } from "../ended.ts";
import type { Kind } from "../round.ts";

/** DOCKER_HOST names an engine that nobody hears: none may be started in its place. */
export const deadEngine: Kind = {
  name: "dead-engine",
  title: "the engine that the user has named is not there",
  acts: ["down", "images", "scenario persistence"],
  withinMs: 1,
  async play({ act }, ground) {
    const cache = await ground.cache("own");
    const engine = "unix:///run/nobody.sock";
    const ended = await ground.run(act.split(" "), { cache, engine });
    const next = await ground.run(["down"], { cache });
    return [...judgeEnded(ended, [3]), ...judgeEnded(next, [0])];
  },
};
