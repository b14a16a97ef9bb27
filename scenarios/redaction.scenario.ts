import {
  type Clone,
  committed,
  expectToldWhy,
  expectWholeClone,
  holdClones,
  LeakSearch,
  loginKey,
  logs,
  mountedSecrets,
  nextValues,
  objects,
  ownArtifacts,
  processes,
  refuseTokens,
  type Source,
  type StepContext,
  scenario,
  seedLogin,
  seedScript,
  startOver,
  syncSecrets,
  takeCloneAway,
  toldOfSearch,
  untilInitFails,
  untilSecretsHold,
  volumes,
  type World,
  withoutFaults,
} from "../harness/index.ts";
import { mutants } from "./redaction.mutants.ts";

export default scenario(
  {
    name: "redaction",
    title: "No secret is seen outside of the places that manifests/README.md names",
    covers: {
      pitfalls: [3],
      checklist: ["No set -x in init container"],
      acceptance: ["All secrets stored in Kubernetes Secrets, never in committed manifests"],
    },
    mutants,
  },
  ({ step }) => {
    const search = new LeakSearch();
    let clones: Clone[] = [];

    const nothingIn = async (world: World, { progress }: StepContext, ...sources: Source[]) =>
      progress.note(toldOfSearch(await search.expectNothingIn(world.cluster, ...sources)));
    const onlyAllowedIn = async (world: World, { progress }: StepContext, ...sources: Source[]) =>
      progress.note(toldOfSearch(await search.expectOnlyAllowedIn(world.cluster, ...sources)));

    step("Flux reports everything Ready, and the secrets are learnt", async (world, { signal, progress }) => {
      await world.untilFluxIsReady(signal);
      await world.inEach(async (workspace) => void (await (await workspace.user()).untilAnswered("/")));
      await search.learn(world.cluster);
      progress.note(`${search.size} random values are in Secrets`);
    });
    step("no log shows a secret", (world, context) => nothingIn(world, context, logs));
    step("no object, event, stored Helm release or committed file shows one", async (world, context) =>
      nothingIn(world, context, objects, committed((await world.tree()).files)),
    );
    step("of all processes only OpenCode's have one, the password in their environment", (world, context) =>
      onlyAllowedIn(world, context, processes),
    );
    step("mounted Secrets show each key to the one container that needs it", (world, context) =>
      onlyAllowedIn(world, context, mountedSecrets),
    );
    step("of all files on volumes only OpenCode's own auth.json has one", (world, context) =>
      onlyAllowedIn(world, context, volumes),
    );
    step("clones that fail, refused here and with GitHub down there, show none", async (world, context) => {
      const { repositories } = await world.secrets();
      world.keep(withoutFaults(world.github));
      clones = await Promise.all(world.workspaces.map(takeCloneAway));
      const [refused, unanswered] = clones as [Clone, Clone];
      const tokens = repositories.find(({ repository }) => repository === refused.repository)?.tokens ?? {};
      await using _refusal = await refuseTokens(world.github, refused.repository, tokens);
      await world.github.fault({ kind: "outage", repository: unanswered.repository });
      await Promise.all(clones.map(startOver));
      await Promise.all(clones.map((clone) => untilInitFails(clone, context.signal)));
      await nothingIn(world, context, logs, objects, processes, volumes);
      await Promise.all(clones.map(expectToldWhy));
    });
    step(
      "a clone under way has the token in no command line, environment or file",
      async (world, context) => {
        await holdClones(world.github, clones, context.signal);
        await nothingIn(world, context, processes, volumes, logs);
      },
    );
    step("seed-copilot-auth.sh stores a new login and shows it to nobody", async (world, context) => {
      const { tokens, ...values } = await world.secrets();
      const next = await nextValues(world.doppler, values);
      const script = (await world.tree()).text(seedScript);
      const runs = await Promise.all(
        world.workspaces.map((workspace) =>
          seedLogin(
            { ...world.run, ...tokens, script, workspace, login: next[loginKey(workspace)] ?? "" },
            context.signal,
          ),
        ),
      );
      const seeded = world.workspaces.map(loginKey).map((key) => [key, next[key] ?? ""] as const);
      await untilSecretsHold(world.cluster, Object.fromEntries(seeded), context.signal);
      await search.learn(world.cluster);
      await nothingIn(world, context, ...runs.map(({ shown }) => shown));
    });
    step(
      "after a rotation, which interrupts the clones, no former or new secret is seen",
      async (world, context) => {
        const isLogin = (key: string) => world.workspaces.map(loginKey).includes(key);
        const next = Object.entries(await nextValues(world.doppler, await world.secrets()));
        const rotated = Object.fromEntries(next.filter(([key]) => !isLogin(key)));
        await world.doppler.setSecrets(rotated);
        await syncSecrets(world.cluster);
        await untilSecretsHold(world.cluster, rotated, context.signal);
        await world.inEach((workspace) => workspace.rolloutRestart());
        await search.learn(world.cluster);
        await world.inEach(async (workspace) => void (await workspace.readyPod()));
        await Promise.all(clones.map((clone) => expectWholeClone(clone.workspace, world.github, clone)));
        await onlyAllowedIn(world, context, logs, objects, processes, volumes);
      },
    );
    step("our own results, and the evidence of a failure, show none", async (world, context) =>
      nothingIn(world, context, ownArtifacts(world.run)),
    );
  },
);
