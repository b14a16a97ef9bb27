import { browsers, copilot, gateway, scenario } from "../harness/index.ts";
import { mutants } from "./ingress.mutants.ts";

export default scenario(
  {
    name: "ingress",
    title: "A browser reaches each workspace at its URL with TLS and password, and nobody else does",
    covers: {
      pitfalls: [5, 9],
      checklist: ["Certificate coverage", "Route stanza not ingress stanza"],
      acceptance: [
        "flux.opencode loads, password-protected",
        "ha.opencode loads, password-protected",
        "GitHub Copilot models are available in both workspaces",
      ],
      systems: ["Envoy Gateway", "cert-manager", "external-dns"],
    },
    touchedBy: {
      route: "the gateway must accept it, and nothing else may answer",
      certificate: "it must cover each host, and be served",
      secret: "the password is asked for, and Copilot's models with the login",
      pod: "what answers behind the route is OpenCode",
    },
    world: { isGentle: true },
    needs: ["host"],
    mutants,
  },
  ({ step }) => {
    step("Flux reports everything Ready at the published revision", (world, { signal }) =>
      world.untilFluxIsReady(signal),
    );
    step("the gateway has accepted each route, on its listener with TLS, and found its Service", (world) =>
      world.inEach(gateway.expectAcceptedRoute),
    );
    step("a Ready Certificate covers each host, and the gateway serves it", (world, { progress }) =>
      world.inEach(async (workspace) => {
        const names = await gateway.expectCertificate(workspace, world.gateway);
        progress.note(`${workspace.name} is served with a certificate for ${names}`);
      }),
    );
    step(
      "public DNS has records of the hosts that their owner publishes, and of no others",
      async (world, { signal, progress }) => {
        for (const line of await gateway.expectOnlyWantedRecords(world, signal)) progress.note(line);
      },
      { needs: ["public DNS"] },
    );
    step("plain HTTP redirects to HTTPS", (world) => world.inEach(gateway.expectRedirect));
    step(
      "a wrong host, a wrong password and no password get nothing",
      (world) =>
        world.inEach(async (workspace) => {
          await gateway.expectNothingForWrongHost(workspace, world.gateway);
          await gateway.expectNothingWithoutPassword(workspace, world.gateway);
        }),
      { needs: ["password"] },
    );
    step("the certificate is renewed without a drop", async (world, { signal, progress }) => {
      for (const line of await gateway.renewUnderTraffic(world, signal)) progress.note(line);
    });
    step(
      "GitHub Copilot's models are offered in both workspaces",
      (world, { progress }) =>
        world.inEach(async (workspace) => {
          progress.note(`${workspace.name} offers ${await copilot.expectModels(workspace)} of them`);
        }),
      { needs: ["login"] },
    );
    step("a browser that does not know the authority refuses each page", async (world) => {
      await using stranger = await world.startBrowser({ trusting: "nobody" });
      await world.inEach(async (workspace) =>
        browsers.expectDistrusted(stranger.browser, await workspace.hostname()),
      );
    });
    step(
      "a browser that trusts the authority is asked for the password, shows OpenCode and opens a session",
      async (world, { progress }) => {
        await using trusting = await world.startBrowser({ trusting: "the authority" });
        progress.note(trusting.about);
        await world.inEach(async (workspace) => {
          const user = await workspace.user();
          await browsers.expectAskedForPassword(trusting.browser, user.api.hostname);
          await browsers.expectOpenCodeShown(trusting.browser, user, world.picture);
        });
      },
      { timeoutMs: 240_000, needs: ["password"] },
    );
  },
);
