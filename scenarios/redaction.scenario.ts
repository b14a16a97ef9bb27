import { clones, copilot, places, scenario, secrets } from "../harness/index.ts";
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
    const search = new secrets.LeakSearch();
    let taken: clones.Clone[] = [];

    step("Flux reports everything Ready, and the secrets are learnt", async (world, { signal, progress }) => {
      await world.untilFluxIsReady(signal);
      await world.inEach(async (workspace) => void (await workspace.readyPod()));
      await search.learn(world, await secrets.renewedLogins(world));
      progress.note(`${search.size} random values are in Secrets`);
    });
    step("no log shows a secret", (world, context) => search.expectNothingIn([places.logs], world, context));
    step("no object, event, stored Helm release or committed file shows one", async (world, context) =>
      search.expectNothingIn([places.objects, places.committed((await world.tree()).files)], world, context),
    );
    step("of all processes only OpenCode's have one, the password in their environment", (world, context) =>
      search.expectOnlyAllowedIn([places.processes], world, context),
    );
    step("mounted Secrets show each key to the one container that needs it", (world, context) =>
      search.expectOnlyAllowedIn([places.mountedSecrets], world, context),
    );
    step("of all files on volumes only OpenCode's own auth.json has one", (world, context) =>
      search.expectOnlyAllowedIn([places.volumes], world, context),
    );
    step(
      "clones that fail, refused here and with GitHub down there, show none",
      async (world, context) => {
        const { github, workspaces } = world;
        world.keep(clones.leftWorking(github, workspaces));
        taken = await Promise.all(workspaces.map(clones.takeAway));
        const { repositories } = await world.secrets();
        await using _refusal = await clones.fail(github, taken, repositories, context.signal);
        await search.expectNothingIn(
          [places.logs, places.objects, places.processes, places.volumes],
          world,
          context,
        );
        await Promise.all(taken.map(clones.expectToldWhy));
      },
      { needs: ["clone", "host"] },
    );
    step(
      "a clone under way has the token in no command line, environment or file",
      async (world, context) => {
        await clones.hold(world.github, taken, context.signal);
        await search.expectNothingIn([places.processes, places.volumes, places.logs], world, context);
      },
      { needs: ["clone", "host"] },
    );
    step(
      "seed-copilot-auth.sh stores a new login and shows it to nobody",
      async (world, context) => {
        const shown = await secrets.seedLogins(world, context.signal);
        await search.learn(world);
        await search.expectNothingIn(shown, world, context);
      },
      { needs: ["login", "seedScript", "external secret"] },
    );
    step(
      "a rotation, which interrupts the clones, gives OpenCode the new login and whole clones",
      async (world, context) => {
        await secrets.rotate(world, context.signal);
        await clones.interruptHeld(taken, context.progress);
        await search.learn(world);
        await world.inEach(async (workspace) => void (await workspace.readyPod()));
        await Promise.all(taken.map((clone) => clones.expectWhole(clone.workspace, world.github, clone)));
        await Promise.all(world.workspaces.filter(({ facts }) => facts.login).map(copilot.expectLogin));
      },
    );
    step("after the rotation no former or new secret is seen", (world, context) =>
      search.expectOnlyAllowedIn(
        [places.logs, places.objects, places.processes, places.mountedSecrets, places.volumes],
        world,
        context,
      ),
    );
    step("our own results, and the evidence of a failure, show none", async (world, context) => {
      await world.secrets(); // what the redactor of the main process knows
      await search.expectNothingIn([places.ownArtifacts(world.run)], world, context);
    });
  },
);
