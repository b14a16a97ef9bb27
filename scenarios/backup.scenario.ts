import { backups, clones, documents, scenario, volumes, work } from "../harness/index.ts";
import { mutants } from "./backup.mutants.ts";

export default scenario(
  {
    name: "backup",
    title: "A workspace whose volume is lost comes back from its last backup, by the operator's document",
    covers: {
      pitfalls: [1, 6],
      checklist: ["Copilot auth survives restart"],
      systems: ["VolSync", "runbooks"],
    },
    touchedBy: {
      backup: "when, of what and as whom a backup is made, and what a claim is filled from",
      volume: "it is backed up, lost, and made anew",
      secret: "the repository of the backup is opened with it",
      pod: "what it writes must be in the backup, with owner and mode",
      delivery: "Flux makes the lost claim anew",
      runbook: "its commands bring the volume back",
    },
    mutants,
  },
  ({ step }) => {
    const left = new work.LeftTraces();

    step(
      "Flux reports everything Ready, each claim is bound",
      async (world, { signal }) => {
        await world.untilFluxIsReady(signal);
        await world.inEach(async (workspace) => void (await workspace.readyPod()));
      },
      { needs: ["backup"] },
    );
    step(
      "each workspace has a repository of its own",
      (world) => backups.expectOwnRepositories(world.workspaces),
      { needs: ["backup"] },
    );
    step(
      "a session and three kinds of work are left on the volume",
      async (world) => {
        await world.inEach((workspace) => left.leaveIn(workspace));
        await world.inEach(volumes.flushToDisk);
      },
      { needs: ["backup", "login", "host"] },
    );
    step(
      "a backup is asked for as the home's Taskfile does, and leaves the workspace as it was",
      (world, { signal, progress }) =>
        world.inEach(async (workspace) => {
          const tookMs = await backups.take(workspace, signal);
          progress.note(`${workspace.name} is backed up within ${(tookMs / 1000).toFixed(1)} s`);
          const traces = left.of(workspace);
          const found = await work.readTraces(workspace, traces.session);
          work.expectSame(workspace.name, traces, found);
          work.expectSameAuth(workspace, traces.auth, found.auth);
        }),
      { needs: ["backup", "login", "host"] },
    );
    step(
      "restic itself lists sessions, code, .git and auth.json with its owner, and finds nothing wrong",
      (world, { signal, progress }) =>
        world.inEach(async (workspace) => {
          const { login } = await backups.expectBackedUp(workspace, left.of(workspace), signal);
          progress.note(
            `auth.json of ${workspace.name} is in its backup as ${login.permissions} of ${login.uid}:${login.gid}`,
          );
        }),
      { needs: ["backup", "login", "host"] },
    );
    step(
      "a backup is made while OpenCode writes",
      async (world, { signal, progress }) => {
        const workspace = world.last;
        const written = await backups.whileItWrites(
          workspace,
          async () => void (await backups.take(workspace, signal)),
        );
        progress.note(
          `${workspace.name} wrote ${written.messages} messages and ${written.work} ${written.kind} meanwhile`,
        );
      },
      { needs: ["backup", "login", "host", "restore"] },
    );
    step(
      "the volume is lost, and the operator's document brings it back from that backup",
      async (world, { signal, progress }) => {
        const document = documents.forLostVolume(await world.tree(), world.last);
        const workspace = world.last;
        const backup = await backups.newest(workspace, signal);
        const shell = world.keep(new documents.OperatorShell(await world.startOperatorMachine()));
        await world.github.forgetRequests();
        const lost = await volumes.lose(workspace, signal);
        await backups.restoreBy(document, shell, lost, { backup, signal, progress });
      },
      { needs: ["backup", "login", "host", "restore", "volumeDocument"] },
    );
    step(
      "session, work and login are there, nothing was cloned, and the volume is sound",
      async (world) => {
        const traces = left.of(world.last);
        await backups.expectRestored(world.last, traces);
        if (traces.work.remote)
          await clones.expectNone(world.github, clones.repositoryOf(traces.work.remote));
      },
      { needs: ["backup", "login", "host", "restore", "volumeDocument"] },
    );
  },
);
