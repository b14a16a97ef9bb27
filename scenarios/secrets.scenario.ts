import { scenario, secrets, workspaces } from "../harness/index.ts";
import { mutants } from "./secrets.mutants.ts";

export default scenario(
  {
    name: "secrets",
    title: "Secrets come from Doppler, stay while it is away, and reach the one workspace that they are for",
    covers: {
      pitfalls: [5, 7, 10, 11],
      checklist: ["Doppler variables"],
      systems: ["External Secrets + Doppler", "Reloader"],
    },
    touchedBy: {
      secret: "what External Secrets fetches, how often, and under which name is what is judged",
      pod: "Reloader restarts it when its Secret changes, and no other",
      delivery: "Flux must report everything Ready",
    },
    mutants,
  },
  ({ step }) => {
    const own = { needs: ["external secret", "password", "host"] } as const;

    step(
      "Flux reports everything Ready, and each Secret has one owner",
      async (world, { signal }) => {
        await world.untilFluxIsReady(signal);
        await world.inEach((workspace) => secrets.expectOneOwner(workspace, signal));
      },
      own,
    );
    step(
      "a key that Doppler lacks is told at once, and once it is there all comes by itself",
      async (world, context) => {
        const lost = world.keep(await secrets.takeKeyAway(world, world.first));
        await secrets.expectToldMissing(world.first, lost, context);
        await lost.giveBack();
        await secrets.expectBackByItself(world.first, lost, context);
      },
      own,
    );
    step(
      "with Doppler down workspaces stay, and a new pod takes the Secret that is there",
      async (world, context) => {
        await using _ = await secrets.befallen(world, { kind: "outage" });
        await world.inEach(async (workspace) => {
          await secrets.expectUnharmed(workspace, "told", context);
          const pod = await workspace.readyPod();
          await workspace.deletePod(pod);
          await workspace.readyPod({ otherThan: pod.metadata?.uid });
        });
      },
      own,
    );
    step(
      "with a token that Doppler refuses, or slow answers, workspaces stay",
      async (world, context) => {
        await using _ = await secrets.befallen(world, { kind: "wrong-token" });
        await world.inEach((workspace) => secrets.expectUnharmed(workspace, "told", context));
        await using _slow = await secrets.befallen(world, { kind: "slow", delayMs: 2_000 });
        await world.inEach((workspace) => secrets.expectUnharmed(workspace, "fetched", context));
      },
      own,
    );
    step(
      "External Secrets fetches again once Doppler is well",
      (world, { signal }) => world.inEach((workspace) => secrets.untilFetchedAgain(workspace, signal)),
      own,
    );
    step(
      "values that rotate come within their interval, and Reloader restarts the one workspace, once",
      async (world, context) => {
        for (const workspace of world.workspaces) await secrets.expectRotated(world, workspace, context);
      },
      own,
    );
    step(
      "a Secret made by hand under the same name is put right",
      (world, { signal }) =>
        world.inEach(async (workspace) => {
          await secrets.expectPutRight(workspace, signal);
          await workspaces.expectPassword(workspace);
        }),
      own,
    );
  },
);
