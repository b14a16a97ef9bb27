import {
  clones,
  commits,
  copilot,
  type DeployedWorkspace,
  scenario,
  volumes,
  type World,
  work,
  workspaces,
} from "../harness/index.ts";
import { mutants } from "./persistence.mutants.ts";

/** What gives every workspace a new pod; each leaves the work alone. */
const disruptions: { name: string; happen: (world: World, signal: AbortSignal) => Promise<void> }[] = [
  {
    name: "after the pod is deleted",
    happen: (world) => world.inEach(async (workspace) => workspace.deletePod(await workspace.readyPod())),
  },
  {
    name: "after an upgrade of the HelmRelease through Git",
    happen: (world, signal) =>
      world.changeThroughGit((tree) => {
        for (const { facts } of world.workspaces) commits.annotatePods(facts, tree);
      }, signal),
  },
  {
    name: "after kubectl rollout restart",
    happen: (world) => world.inEach((workspace) => workspace.rolloutRestart()),
  },
];

export default scenario(
  {
    name: "persistence",
    title: "Sessions, code and the Copilot login survive every new pod",
    covers: {
      pitfalls: [1, 2, 5, 7, 8, 9, 10, 12],
      checklist: [
        "Init container idempotency",
        "Certificate coverage",
        "Doppler variables",
        "Route stanza not ingress stanza",
        "PVC not re-created on redeploy",
        "Copilot auth survives restart",
      ],
      acceptance: [
        "flux.opencode loads, password-protected",
        "ha.opencode loads, password-protected",
        "Each working directory is the cloned private repo",
        "Deleting a pod preserves all sessions and code",
        "Repo is not re-cloned on pod restart",
      ],
      systems: ["Flux", "OCI chart", "app-template", "External Secrets + Doppler", "ceph-block", "git clone"],
    },
    touchedBy: {
      pod: "every new pod must come up with the work of the one before",
      volume: "sessions, code and the login lie on it",
      secret: "password, clone and login are made from it",
      route: "each workspace is used through the gateway",
      certificate: "each workspace is used with the gateway's certificate",
      delivery: "Flux must report everything Ready",
    },
    world: { isFirst: true },
    mutants,
  },
  ({ step }) => {
    const left = new work.LeftTraces();

    step("Flux reports everything Ready at the published revision", (world, { signal }) =>
      world.untilFluxIsReady(signal),
    );
    step(
      "OpenCode answers 401 without the password and 200 with it",
      (world) => world.inEach(workspaces.expectPassword),
      { needs: ["password", "host"] },
    );
    step(
      "auth.json is OpenCode's own, 600, and Copilot is connected",
      (world) => world.inEach(copilot.expectLogin),
      { needs: ["login", "host"] },
    );
    step(
      "a session and three kinds of work are left on the volume",
      (world) => world.inEach((workspace) => left.leaveIn(workspace)),
      { needs: ["host"] },
    );
    step(
      "each repository was cloned once",
      (world) =>
        world.inEach(async (workspace) => {
          const { directory, remote } = left.of(workspace).work;
          await clones.expectWholeHistory(workspace, directory);
          const remotes = world.workspaces.map((one) => left.of(one).work.remote);
          await clones.expectOne(world.github, clones.repositoryOf(remote), remotes);
        }),
      { needs: ["clone", "host"] },
    );

    for (const { name, happen } of disruptions) {
      const found = new Map<DeployedWorkspace, work.Traces>();
      step(
        `${name}, a new pod is Ready on the same volume`,
        async (world, { signal }) => {
          const before = new Map<DeployedWorkspace, string | undefined>();
          await world.inEach(
            async (workspace) => void before.set(workspace, (await workspace.readyPod()).metadata?.uid),
          );
          await world.github.forgetRequests();
          await happen(world, signal);
          await world.inEach(async (workspace) => {
            const pod = await workspace.readyPod({ otherThan: before.get(workspace) });
            const traces = left.of(workspace);
            volumes.expectSame(workspace.name, traces.volumes, await volumes.read(workspace, pod, traces));
          });
        },
        { needs: ["host"] },
      );
      step(
        `${name}, session and work are there, byte for byte`,
        (world) =>
          world.inEach(async (workspace) => {
            const traces = left.of(workspace);
            found.set(workspace, await work.readTraces(workspace, traces.session));
            work.expectSame(workspace.name, traces, found.get(workspace) ?? traces);
          }),
        { needs: ["host"] },
      );
      step(
        `${name}, auth.json is as before`,
        (world) =>
          world.inEach(async (workspace) => {
            work.expectSameAuth(
              workspace,
              left.of(workspace).auth,
              (found.get(workspace) ?? left.of(workspace)).auth,
            );
          }),
        { needs: ["login", "host"] },
      );
      step(
        `${name}, nothing is cloned, and the init containers are quick`,
        (world) =>
          world.inEach(async (workspace) => {
            const { remote } = left.of(workspace).work;
            if (remote) await clones.expectNone(world.github, clones.repositoryOf(remote));
            workspaces.expectQuickInit(workspace, await workspace.readyPod());
          }),
        { needs: ["host"] },
      );
    }

    step(
      "a clone that was interrupted is made whole by the next pod",
      async (world, { signal }) => {
        const workspace = world.last;
        const { directory, remote } = left.of(workspace).work;
        const clone = { directory, repository: clones.repositoryOf(remote) };
        await clones.interrupt(workspace, world.github, clone, signal);
        await workspace.readyPod();
        await clones.expectWhole(workspace, world.github, clone);
      },
      { needs: ["clone", "host"] },
    );
  },
);
