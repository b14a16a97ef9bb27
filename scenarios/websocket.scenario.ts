import { gateway, scenario, streams } from "../harness/index.ts";
import { mutants } from "./websocket.mutants.ts";

/** Longer than every limit that Envoy and the seeds' gateway have by default, and than the minute of pitfall 4. */
const holdMs = 75_000;
/** Twice Envoy's default limit for streams on which nothing is sent (stream_idle_timeout, 5 minutes). */
const longHoldMs = 600_000;

export default scenario(
  {
    name: "websocket",
    title: "Terminals and event streams stay open, idle and busy, and lose nothing",
    covers: { pitfalls: [4], checklist: ["WebSocket support"], systems: ["Envoy Gateway"] },
    touchedBy: {
      route: "its time limits, and those of the gateway, must cut no stream",
      pod: "streams must live while it runs",
    },
    world: { isGentle: true },
    needs: ["host"],
    mutants,
  },
  ({ step }) => {
    const held: streams.HeldStream[] = [];

    step("Flux reports everything Ready at the published revision", (world, { signal }) =>
      world.untilFluxIsReady(signal),
    );
    step("terminals and event streams of both workspaces open, some idle and some busy", (world) =>
      world.inEach(async (workspace) => {
        for (const stream of await streams.hold(workspace)) held.push(world.keep(stream));
      }),
    );
    step("an unrelated route is added to the gateway meanwhile", async (world, { progress }) => {
      const { hostname, ms } = world.keep(await gateway.addUnrelatedRoute(world.cluster, world.gateway));
      progress.note(`${hostname} answers after ${ms} ms`);
    });
    step("the certificate is renewed, and the new one is served, meanwhile", async (world, { progress }) => {
      const hostname = await world.first.hostname();
      const ms = await gateway.renewCertificate(world.cluster, world.gateway, hostname);
      progress.note(`a new certificate for ${hostname} is served after ${ms} ms`);
    });
    step(`no stream is cut within ${holdMs / 1000} seconds`, async (_world, { signal }) => {
      await streams.expectHeld(held, holdMs, signal);
    });
    step(
      `no stream is cut within ${longHoldMs / 60_000} minutes, the idle ones neither`,
      async (_world, { signal, progress }) => {
        for (const line of await streams.expectHeld(held, longHoldMs, signal)) progress.note(line);
      },
      { isLong: true, timeoutMs: longHoldMs + 60_000 },
    );
    step("every byte came, once and in order", async (_world, { progress }) => {
      for (const line of await streams.expectAllThere(held)) progress.note(line);
    });
  },
);
