import { documents, nodes, scenario, volumes, work } from "../harness/index.ts";
import { mutants } from "./crash.mutants.ts";

export default scenario(
  {
    name: "crash",
    title:
      "A node that dies gives its workspaces, with everything in them, to another one, by the operator's document",
    covers: {
      pitfalls: [2, 6],
      checklist: ["PVC not re-created on redeploy"],
      systems: ["ceph-block", "runbooks"],
    },
    touchedBy: {
      pod: "it must come back on another node, and not before the old one is gone",
      volume: "it must be let go by the lost node, and be sound",
      runbook: "its commands are what brings the workspace back",
    },
    needs: ["host", "runbook"],
    mutants,
  },
  ({ step }) => {
    const left = new work.LeftTraces();
    let lost: nodes.LostNode;
    let shell: documents.OperatorShell;

    step("Flux reports everything Ready, each workspace is one pod", async (world, { signal }) => {
      documents.forLostNode(await world.tree(), world.first); // one that cannot be followed is told before its node dies
      await world.untilFluxIsReady(signal);
      await world.inEach(async (workspace) => void (await workspace.readyPod()));
      await world.inEach(volumes.expectOnePod);
    });
    step("a session and three kinds of work are left on the volume", async (world) => {
      await world.inEach((workspace) => left.leaveIn(workspace));
      await world.inEach(volumes.flushToDisk);
      await world.github.forgetRequests();
    });
    step("the node loses its power, and its workspaces hang as pitfall 6 says", async (world, context) => {
      const node = await nodes.of(world.first);
      world.keep(nodes.broughtBack(node, world.workspaces));
      lost = await nodes.lose(world.cluster, node, world.workspaces);
      await nodes.untilStuck(lost, context);
    });
    step("the operator's document brings them back on another node", async (world, context) => {
      shell = world.keep(new documents.OperatorShell(await world.startOperatorMachine()));
      await nodes.recoverBy(documents.forLostNode(await world.tree(), world.first), shell, lost, context);
    });
    step("session, work and login are there, nothing was cloned, and the volume is sound", (world) =>
      world.inEach(async (workspace) => {
        const traces = left.of(workspace);
        await work.expectKept(workspace, traces, world.github);
        await volumes.expectSound(workspace, traces.volumes.data.volume);
      }),
    );
    step("the node returns, and takes pods again when the document is done", async (world, context) => {
      await nodes.returnBy(documents.forLostNode(await world.tree(), world.first), shell, lost, context);
    });
    step("no volume is attached or mounted twice", (world) =>
      world.inEach(async (workspace) => {
        const { volume } = left.of(workspace).volumes.data;
        const { spec } = await workspace.readyPod();
        await volumes.expectAttachedOnlyTo(world.cluster, volume, spec?.nodeName ?? "");
        await volumes.expectMountedOnlyOn(world.cluster, volume, spec?.nodeName ?? "");
      }),
    );
  },
);
