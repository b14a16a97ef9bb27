import { commits, type DeployedWorkspace, scenario, type Tree, volumes, work } from "../harness/index.ts";
import { mutants } from "./gitops.mutants.ts";

const needs = ["host"] as const;

export default scenario(
  {
    name: "gitops",
    title: "Whatever is done in Git, by hand or too late, the work stays and Flux finds its way back",
    covers: {
      pitfalls: [2, 5, 10],
      checklist: ["PVC not re-created on redeploy", "Copilot auth survives restart"],
      systems: ["Flux"],
    },
    touchedBy: {
      delivery: "order, pruning and renaming are what is judged",
      pod: "an upgrade that never becomes ready must be rolled back",
      volume: "it must stay when the app is taken out of Git",
      secret: "stores that come late must be waited for",
    },
    mutants,
  },
  ({ step }) => {
    const left = new work.LeftTraces();
    const runs = new Map<DeployedWorkspace, commits.WhatRuns & { namespace: string | undefined }>();
    let before: Tree;

    step("Flux reports everything Ready at the published revision", async (world, { signal }) => {
      await world.untilFluxIsReady(signal);
      before = await world.tree();
      world.keep(world.reverted(before));
    });
    step(
      "a session and three kinds of work are left on the volume",
      async (world) => {
        await world.inEach((workspace) => left.leaveIn(workspace));
        await world.github.forgetRequests();
        await world.inEach(async (workspace) => {
          const [running, namespace] = await Promise.all([
            commits.whatRuns(workspace),
            commits.namespaceOf(workspace),
          ]);
          runs.set(workspace, { ...running, namespace });
        });
      },
      { needs },
    );
    step("what somebody changed by hand is put right, or told", async (world, { signal, progress }) => {
      await world.inEach(async (workspace) => {
        for (const line of await commits.changeByHand(workspace, signal)) progress.note(line);
      });
    });
    step(
      "a commit that cannot be built, and one that Kubernetes refuses, leave what runs running",
      async (world, { signal, progress }) => {
        const before = (workspace: DeployedWorkspace) => known(runs, workspace);
        for (const line of await commits.pushSpoiled(world, before, signal)) progress.note(line);
      },
      { needs },
    );
    step(
      "the revert brings Flux back, and what runs has not noticed",
      async (world, { signal }) => {
        await world.revertGitTo(before, signal);
        await world.inEach((workspace) => commits.expectStillRuns(workspace, known(runs, workspace)));
      },
      { needs },
    );
    step(
      "an upgrade that is never Ready is rolled back",
      async (world, { signal, progress }) => {
        await world.pushToGit((tree) => commits.neverReady(world.last.facts, tree));
        progress.note(await commits.untilGivenUp(world.last, signal));
        const reverted = await world.pushTree(before);
        progress.note(`${await commits.untilRolledBack(world.last, signal)}; ${reverted} is next`);
        await world.untilFluxIsReady(signal);
      },
      { needs: ["release", ...needs] },
    );
    step(
      "after the upgrade that was rolled back session, work and login are there",
      (world) => world.inEach((workspace) => work.expectKept(workspace, left.of(workspace), world.github)),
      { needs: ["release", ...needs] },
    );
    step(
      "OpenCode's version goes down and up again: what the one leaves the other shows",
      async (world, { signal, progress }) => {
        const { last } = world;
        const first = left.of(last);
        const version = await commits.runningVersion(last);
        await world.changeThroughGit((tree) => commits.takeOlderVersion(last.facts, tree), signal);
        const older = await commits.runningVersion(last);
        commits.expectAnother(last, version, older);
        await commits.expectListed(last, first.session);
        await work.expectKept(last, first, world.github);
        await left.leaveIn(last);
        await world.revertGitTo(before, signal);
        commits.expectAnother(last, older, await commits.runningVersion(last));
        await commits.expectListed(last, first.session);
        await work.expectKept(last, left.of(last), world.github);
        progress.note(`OpenCode ${older} took over what ${version} had left, and the other way round`);
      },
      { needs: ["own image", ...needs] },
    );
    step(
      "the app is removed from Git: its pods go, and the namespace and the volumes stay",
      async (world, { signal }) => {
        await world.pushToGit((tree) =>
          commits.removeFromGit(
            world.workspaces.map(({ facts }) => facts),
            tree,
          ),
        );
        await world.inEach((workspace) => commits.untilRemoved(workspace, signal));
        await world.inEach((workspace) => commits.expectWorkStays(workspace, known(runs, workspace)));
      },
      { needs },
    );
    step(
      "it comes back before stores and storage are there, and waits for them",
      async (world, { signal, progress }) => {
        const waiting = world.workspaces.filter(({ facts }) => facts.externalSecrets.length > 0);
        const late = world.keep(await commits.LateParts.takeAway(world.cluster, waiting));
        await world.pushTree(before);
        for (const line of await late.bringOneByOne(waiting, signal)) progress.note(line);
        if (waiting.length === 0)
          progress.note("no workspace has its Secrets from a store: nothing was late");
        await world.untilFluxIsReady(signal);
      },
      { needs },
    );
    step(
      "back again, session, work and login are there, and nothing was cloned",
      (world) => world.inEach((workspace) => work.expectKept(workspace, left.of(workspace), world.github)),
      { needs },
    );
    step(
      "a Kustomization is renamed: session, work and login are there, and nothing was cloned",
      async (world, { signal }) => {
        const { last } = world;
        await world.changeThroughGit((tree) => commits.letGo(last.facts, tree), signal);
        await world.changeThroughGit((tree) => commits.renameKustomization(last.facts, tree), signal);
        const traces = left.of(last);
        const found = await volumes.read(last, await last.readyPod(), traces);
        volumes.expectSame(last.name, traces.volumes, found);
        await work.expectKept(last, traces, world.github);
      },
      { needs },
    );
    step(
      "Git is again what it was, and so is the cluster",
      async (world, { signal }) => {
        const brought = await commits.broughtUnderNewName(world.last);
        await world.revertGitTo(before, signal);
        await commits.removeUnclaimed(world.cluster, world.last.facts, brought);
        await world.inEach((workspace) => commits.expectWorkStays(workspace, known(runs, workspace)));
      },
      { needs },
    );
  },
);

function known<T>(all: ReadonlyMap<DeployedWorkspace, T>, workspace: DeployedWorkspace): T {
  return all.get(workspace) as T;
}
