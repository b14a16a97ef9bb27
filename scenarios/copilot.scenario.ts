import {
  type browsers,
  copilot,
  type DeployedWorkspace,
  documents,
  scenario,
  streams,
} from "../harness/index.ts";
import { mutants } from "./copilot.mutants.ts";

/** Longer than the limits of pitfall 4: 15 s of a gateway, 60 s of others. */
const answerMs = 75_000;

/** Until then nothing is taken away from anybody. */
const expires = "the login expires, and whoever asks is told";

export default scenario(
  {
    name: "copilot",
    title:
      "Copilot answers each workspace with its own login, into a browser, and again after the login has expired",
    covers: {
      pitfalls: [1, 4, 10, 11],
      checklist: ["Copilot auth survives restart"],
      acceptance: ["GitHub Copilot models are available in both workspaces"],
      systems: ["Reloader", "Envoy Gateway", "Copilot", "seed script", "runbooks"],
    },
    touchedBy: {
      pod: "OpenCode asks Copilot with the login that the pod was given",
      secret: "the login is made from it",
      route: "an answer of 75 seconds must come through the gateway, word by word",
      volume: "the renewed login and the answers lie on it",
      runbook: "its commands bring the new login",
      seeding: "the new login is stored with the script",
    },
    world: { gentleUntil: expires },
    mutants,
  },
  ({ step }) => {
    const answer = copilot.answerOver(answerMs);
    const models = new Map<DeployedWorkspace, copilot.Model>();
    const logins = new Map<DeployedWorkspace, string>();
    const watched: copilot.WatchedAnswer[] = [];
    let started: browsers.StartedBrowser;
    const modelOf = (workspace: DeployedWorkspace) => models.get(workspace) as copilot.Model;
    const held = () => watched.flatMap((one) => one.streams);
    const own = { needs: ["login", "password", "host"] } as const;

    step(
      "Flux reports everything Ready, and the models that Copilot offers can be chosen",
      async (world, { signal, progress }) => {
        // One that cannot be followed is told before a login expires.
        if (world.first.facts.loginDocument) documents.forExpiredLogin(await world.tree(), world.first);
        // The browser takes seconds to start: meanwhile Flux may take its own.
        const starting = world.startBrowser({ trusting: "the authority" }).then((one) => world.keep(one));
        [started] = await Promise.all([starting, world.untilFluxIsReady(signal)]);
        await world.inEach(async (workspace) => {
          const [first] = await copilot.expectOffered(world, workspace, { progress });
          if (first) models.set(workspace, first);
        });
      },
      own,
    );
    step(
      "a prompt in each workspace is answered with that workspace's login",
      (world) =>
        world.inEach(async (workspace) => {
          logins.set(workspace, await copilot.expectOwnAnswer(world, workspace, modelOf(workspace)));
        }),
      own,
    );
    step(
      "an answer of 75 seconds begins in each, as events and on a page in a browser",
      async (world) => {
        world.keep(await copilot.plannedAnswer(world, answer));
        await world.inEach(async (workspace) => {
          const one = await copilot.watchAnswer(workspace, started.browser, answer, modelOf(workspace));
          for (const stream of one.streams) world.keep(stream);
          watched.push(one);
        });
      },
      own,
    );
    step(
      "nothing is cut within 75 seconds",
      async (_world, { signal }) => void (await streams.expectHeld(held(), answerMs, signal)),
      own,
    );
    step(
      "every word came, once and in order, and is in the session",
      async (_world, { progress }) => {
        for (const line of await streams.expectAllThere(held())) progress.note(line);
        await Promise.all(watched.map((one) => copilot.expectWholeAnswer(one, answer)));
      },
      own,
    );
    step(
      expires,
      async (world, context) => {
        world.keep(await copilot.expired(world, logins.values()));
        await world.inEach((workspace) =>
          copilot.expectExpiryTold(world, workspace, modelOf(workspace), context),
        );
      },
      own,
    );
    step(
      "the document brings a new login, and Copilot answers though nobody restarts a pod",
      async (world, context) => {
        const pods = new Map<DeployedWorkspace, string | undefined>();
        await world.inEach(async (one) => void pods.set(one, (await one.readyPod()).metadata?.uid));
        await copilot.logInAnewBy(documents.forExpiredLogin(await world.tree(), world.first), world, context);
        await world.inEach((workspace) => {
          const before = { former: logins.get(workspace) ?? "", oldPod: pods.get(workspace) };
          return copilot.expectAnsweredAgain(
            world,
            workspace,
            { model: modelOf(workspace), ...before },
            context,
          );
        });
      },
      { needs: [...own.needs, "loginDocument"] },
    );
    step(
      "OpenCode renews the login itself",
      async (world) => {
        await world.copilot.expire();
        // One after the other: GitHub gives whoever logs in the next login.
        for (const workspace of world.workspaces) {
          logins.set(workspace, await copilot.renewInOpenCode(world, workspace, modelOf(workspace)));
        }
      },
      own,
    );
    step(
      "a pod deleted in mid-answer keeps what was whole, and the renewed login",
      (world, context) =>
        world.inEach(async (workspace) => {
          await copilot.expectKeptInMidAnswer(world, workspace, modelOf(workspace), context);
          await copilot.expectLoginKept(world, workspace, modelOf(workspace), logins.get(workspace) ?? "");
        }),
      own,
    );
  },
);
