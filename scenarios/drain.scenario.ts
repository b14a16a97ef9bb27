import { moves, nodes, scenario, volumes, work } from "../harness/index.ts";
import { mutants } from "./drain.mutants.ts";

export default scenario(
  {
    name: "drain",
    title: "A drained node gives its workspaces, with everything in them, to another one",
    covers: { pitfalls: [2, 6], checklist: ["PVC not re-created on redeploy"], systems: ["ceph-block"] },
    touchedBy: {
      pod: "it must leave its node in time, and come up on another",
      volume: "it must follow its pod",
    },
    needs: ["host"],
    mutants,
  },
  ({ step }) => {
    const left = new work.LeftTraces();

    step("Flux reports everything Ready, each workspace is one pod", async (world, { signal }) => {
      const over = new AbortController();
      const wantedTwice = volumes.untilWantedTwice(world.workspaces, AbortSignal.any([signal, over.signal]));
      await Promise.race([world.untilFluxIsReady(signal), wantedTwice]).finally(() => over.abort());
      await wantedTwice.catch(() => {});
      await world.inEach(volumes.expectOnePod);
    });
    step("a session and three kinds of work are left on the volume", async (world) => {
      await world.inEach((workspace) => left.leaveIn(workspace));
      await world.github.forgetRequests();
    });

    for (const way of ["one way", "the other way"]) {
      let drained: nodes.Drained = { startedAt: 0, moves: [] };
      step(
        `drained ${way}, every workspace of the node is Ready on another within 5 minutes`,
        async (world, context) => {
          const pod = await world.first.readyPod();
          const node = pod.spec?.nodeName ?? "";
          world.keep(nodes.uncordoned(world.cluster, node));
          drained = await nodes.drainUnderWork(world.cluster, node, world.workspaces, context);
        },
      );
      step(
        `drained ${way}, the volume was let go, moved, and never attached twice`,
        async (world, { progress }) => {
          for (const move of drained.moves) {
            const { volume } = left.of(move.workspace).volumes.data;
            const { parts, unmountedAt } = await moves.partsOf(move, volume, drained.startedAt);
            progress.note(
              `${move.workspace.name} went from ${move.from} to ${move.to} in ${moves.inWords(parts)}`,
            );
            moves.expectLetGo(move, unmountedAt);
            await volumes.expectAttachedOnlyTo(world.cluster, volume, move.to);
          }
        },
      );
      step(`drained ${way}, session, work and login are there, and nothing was cloned`, (world) =>
        world.inEach((workspace) => work.expectKept(workspace, left.of(workspace), world.github)),
      );
      step(`drained ${way}, the node takes pods again`, async (world) => {
        await Promise.all(drained.moves.slice(0, 1).map(({ from }) => nodes.uncordon(world.cluster, from)));
      });
    }
  },
);
