import {
  type Clone,
  committed,
  expectCopilotLogin,
  expectToldWhy,
  expectWholeClone,
  failClones,
  holdClones,
  LeakSearch,
  leftWorking,
  logs,
  mountedSecrets,
  objects,
  ownArtifacts,
  processes,
  rotate,
  scenario,
  seedLogins,
  takeCloneAway,
  volumes,
} from "../harness/index.ts";
import { mutants } from "./redaction.mutants.ts";

export default scenario(
  {
    name: "redaction",
    title: "No secret is seen outside of the places that manifests/README.md names",
    covers: {
      pitfalls: [3, 11],
      checklist: ["No set -x in init container"],
      acceptance: ["All secrets stored in Kubernetes Secrets, never in committed manifests"],
      systems: ["git clone", "seed script"],
    },
    touchedBy: {
      pod: "its logs, processes, files and objects are searched for secrets",
      secret: "its values are what is searched for, and rotated",
      volume: "what lies on it is searched for secrets",
      seeding: "the script writes the login anew",
    },
    mutants,
  },
  ({ step }) => {
    const search = new LeakSearch();
    let clones: Clone[] = [];

    step("Flux reports everything Ready, and the secrets are learnt", async (world, { signal, progress }) => {
      await world.untilFluxIsReady(signal);
      await world.inEach(async (workspace) => void (await workspace.readyPod()));
      await search.learn(world);
      progress.note(`${search.size} random values are in Secrets`);
    });
    step("no log shows a secret", (world, context) => search.expectNothingIn([logs], world, context));
    step("no object, event, stored Helm release or committed file shows one", async (world, context) =>
      search.expectNothingIn([objects, committed((await world.tree()).files)], world, context),
    );
    step("of all processes only OpenCode's have one, the password in their environment", (world, context) =>
      search.expectOnlyAllowedIn([processes], world, context),
    );
    step("mounted Secrets show each key to the one container that needs it", (world, context) =>
      search.expectOnlyAllowedIn([mountedSecrets], world, context),
    );
    step("of all files on volumes only OpenCode's own auth.json has one", (world, context) =>
      search.expectOnlyAllowedIn([volumes], world, context),
    );
    step(
      "clones that fail, refused here and with GitHub down there, show none",
      async (world, context) => {
        const { github, workspaces } = world;
        world.keep(leftWorking(github, workspaces));
        clones = await Promise.all(workspaces.map(takeCloneAway));
        const { repositories } = await world.secrets();
        await using _refusal = await failClones(github, clones, repositories, context.signal);
        await search.expectNothingIn([logs, objects, processes, volumes], world, context);
        await Promise.all(clones.map(expectToldWhy));
      },
      { needs: ["clone", "host"] },
    );
    step(
      "a clone under way has the token in no command line, environment or file",
      async (world, context) => {
        await holdClones(world.github, clones, context.signal);
        await search.expectNothingIn([processes, volumes, logs], world, context);
      },
      { needs: ["clone", "host"] },
    );
    step(
      "seed-copilot-auth.sh stores a new login and shows it to nobody",
      async (world, context) => {
        const shown = await seedLogins(world, context.signal);
        await search.learn(world);
        await search.expectNothingIn(shown, world, context);
      },
      { needs: ["login", "seedScript"] },
    );
    step(
      "a rotation, which interrupts the clones, gives OpenCode the new login and whole clones",
      async (world, context) => {
        await rotate(world, context.signal);
        await search.learn(world);
        await world.inEach(async (workspace) => void (await workspace.readyPod()));
        await Promise.all(clones.map((clone) => expectWholeClone(clone.workspace, world.github, clone)));
        await Promise.all(world.workspaces.filter(({ facts }) => facts.login).map(expectCopilotLogin));
      },
    );
    step("after the rotation no former or new secret is seen", (world, context) =>
      search.expectOnlyAllowedIn([logs, objects, processes, mountedSecrets, volumes], world, context),
    );
    step("our own results, and the evidence of a failure, show none", async (world, context) => {
      await world.secrets(); // what the redactor of the main process knows
      await search.expectNothingIn([ownArtifacts(world.run)], world, context);
    });
  },
);
