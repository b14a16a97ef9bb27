import { neighbours, scenario, volumes, workspaces } from "../harness/index.ts";
import { mutants } from "./isolation.mutants.ts";

const needs = ["neighbour", "host"] as const;

export default scenario(
  {
    name: "isolation",
    title: "The workspaces share nothing, and none of them feels what happens to another",
    covers: { pitfalls: [4, 6, 7], acceptance: ["flux.opencode loads, password-protected"] },
    touchedBy: {
      secret: "no value of one workspace may be another's",
      volume: "no two workspaces may share one",
      backup: "no two workspaces may share a repository",
      pod: "what one does to its node must not reach its neighbour",
      route: "no host may lead to the other",
      delivery: "what holds one up must not hold up the other",
    },
    mutants,
  },
  ({ step }) => {
    let watched: neighbours.Neighbours;

    step(
      "Flux reports everything Ready, and no volume is wanted by two pods",
      async (world, { signal }) => {
        const over = new AbortController();
        const wantedTwice = volumes.untilWantedTwice(
          world.workspaces,
          AbortSignal.any([signal, over.signal]),
        );
        await Promise.race([world.untilFluxIsReady(signal), wantedTwice]).finally(() => over.abort());
        await wantedTwice.catch(() => {});
      },
      { needs },
    );
    step(
      "each has its own host, Secret, volume, password, token, login, repository and backup",
      async (world, { progress }) => {
        for (const line of await neighbours.expectNothingShared(world.workspaces, world)) progress.note(line);
      },
      { needs },
    );
    step(
      "each lists its own sessions alone, and takes its own password alone",
      async (world) => {
        await neighbours.expectOwnSessions(world.workspaces);
        await neighbours.expectOwnPassword(world.workspaces);
      },
      { needs: [...needs, "password"] },
    );
    step(
      "somebody works in the neighbours of one workspace",
      async (world) => {
        watched = world.keep(await neighbours.watch(world.workspaces.slice(1)));
      },
      { needs },
    );
    step(
      "a commit breaks it, and it is suspended: its neighbours take that commit and the next one",
      async (world, { signal, progress }) => {
        const [broken, ...others] = [world.first, ...world.workspaces.slice(1)];
        const before = await world.tree();
        world.keep(world.reverted(before));
        progress.note(await neighbours.breakByCommit(world, broken, others, signal));
        await using _ = await neighbours.suspended(world, broken);
        await neighbours.untilTheyTake(world, broken, others, await world.pushTree(before), signal);
        for (const line of watched.expectUntroubled(`a commit broke ${broken.name}`)) progress.note(line);
      },
      { needs },
    );
    step(
      "its volume is full to the last byte, and takes bytes again when there is room",
      async (world, { signal, progress }) => {
        await world.untilFluxIsReady(signal);
        const workspace = world.first;
        {
          await using full = await neighbours.fillVolume(workspace);
          progress.note(full.refusal);
          for (const line of watched.expectUntroubled(`the volume of ${workspace.name} was full`))
            progress.note(line);
        }
        await workspaces.expectPassword(workspace);
      },
      { needs },
    );
    step(
      "its memory is eaten, and the kernel ends that in its own container",
      async (world, { progress }) => {
        const workspace = world.first;
        progress.note(await neighbours.eatMemory(workspace));
        await workspace.readyPod();
        await workspaces.expectPassword(workspace);
        for (const line of watched.expectUntroubled(`the memory of ${workspace.name} was eaten`))
          progress.note(line);
      },
      { needs },
    );
    step(
      "it is drained from its node",
      async (world, { progress }) => {
        progress.note(await neighbours.drainAway(world.first));
        for (const line of watched.expectUntroubled(`${world.first.name} was drained`)) progress.note(line);
      },
      { needs },
    );
    step(
      "no byte of the neighbours' streams is lost",
      async (_world, { progress }) => {
        for (const line of await watched.expectAllThere()) progress.note(line);
      },
      { needs },
    );
  },
);
