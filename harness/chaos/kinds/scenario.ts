import { setTimeout as delay } from "node:timers/promises";
import { judgeEnded } from "../ended.ts";
import type { Kind } from "../round.ts";
import { codesAfter, end, isGentle, type WayToEnd, waysToEnd } from "../ways-to-end.ts";
import { underScenario, whyNoCluster } from "./on-cluster.ts";

const args = ["scenario", "persistence"];

/** What a world takes to go, on a machine that has other things to do. */
const goesWithinMs = 120_000;
/** A scenario that loses what it stands on says so when its step's time is over, at the latest. */
const saysSoWithinMs = 720_000;

export const scenarioEnds: Kind = {
  name: "scenario",
  title: "a scenario ends while its world starts or it runs",
  acts: waysToEnd,
  withinMs: 90_000,
  needsCluster: true,
  whyNot: whyNoCluster,
  play({ act, atMs }, ground) {
    const way = act as WayToEnd;
    const options = { terminal: way === "the terminal is closed" };
    return underScenario(
      ground,
      args,
      options,
      async ({ running }) => {
        await ground.pause(atMs);
        await end(running, way);
        return running.ended(goesWithinMs);
      },
      // What a command that had time to clean up has left is left at once, and not only for the next one.
      (ended) => [...judgeEnded(ended, codesAfter(way)), ...(isGentle(way) ? (ended.left ?? []) : [])],
    );
  },
};

export const scenarioEngine: Kind = {
  name: "engine-of-scenario",
  title: "the engine dies under a scenario",
  acts: ["kill -9 of dockerd"],
  withinMs: 90_000,
  needsCluster: true,
  whyNot: whyNoCluster,
  play({ atMs }, ground) {
    return underScenario(
      ground,
      args,
      {},
      async ({ running, engine }) => {
        await ground.pause(atMs);
        const pidFile = engine.replace("unix://", "").replace("docker.sock", "docker.pid");
        await ground.program(["sh", "-c", 'kill -9 "$(cat "$1")" || :', "sh", pidFile]);
        return running.ended(goesWithinMs);
      },
      (ended) => judgeEnded(ended, [3]),
    );
  },
};

/** A word of what `docker inspect` says of the container that dies. */
const victims: Record<string, string> = {
  "the server dies": " server ",
  "agent-1 dies": " agent-1 ",
  "agent-2 dies": " agent-2 ",
};

export const scenarioNode: Kind = containerDies({
  name: "node",
  title: "a node's container dies under a scenario",
  victims,
});

export const scenarioMirror: Kind = containerDies({
  name: "mirror",
  title: "the mirror's container dies under a scenario",
  victims: { "the mirror dies": " opencode-harness/registry:" },
});

interface Dying {
  name: string;
  title: string;
  victims: Record<string, string>;
}

/** $1: the word. Prints the container's id once it is there. */
const find = `docker ps --quiet --filter label=opencode-harness=true |
xargs --no-run-if-empty docker inspect --format '{{.Id}} {{.Config.Hostname}} {{.Config.Image}}' |
grep -- "$1" | cut --delimiter=' ' --fields=1`;

function containerDies({ name, title, victims }: Dying): Kind {
  return {
    name,
    title,
    acts: Object.keys(victims),
    withinMs: 60_000,
    needsCluster: true,
    whyNot: whyNoCluster,
    play({ act, atMs }, ground) {
      return underScenario(
        ground,
        args,
        {},
        async ({ running, cache, engine }) => {
          const docker = (command: string[]) => ground.program(command, { cache, engine });
          let id = "";
          for (
            const deadline = performance.now() + goesWithinMs;
            id === "" && performance.now() < deadline;
            await delay(500)
          )
            id = await docker(["sh", "-c", find, "sh", victims[act] ?? ""]).catch(() => "");
          await ground.pause(atMs);
          await docker(["docker", "kill", id]).catch(() => {}); // the run was over before
          return running.ended(saysSoWithinMs);
        },
        // What was there already when it died may be all that the scenario needed.
        (ended) => [...judgeEnded(ended, [0, 1, 3]), ...(ended.left ?? [])],
      );
    },
  };
}
