import type { Cluster } from "../cluster/index.ts";
import {
  type DeployedWorkspace,
  expectAllThere,
  expectHeld,
  type GatewayAccess,
  holdBusyStreams,
  type Meanwhile,
  SteadyVisitor,
} from "../workspace/index.ts";
import { renewCertificate } from "./certificate-renewal.ts";

/** Traffic goes on for at least so long, so that it sees the certificates of before and after. */
const trafficMs = 5_000;

const renewing: Meanwhile = {
  what: "the certificate was renewed",
  remedy:
    "let one Secret hold the certificate before, during and after the renewal, and one Gateway serve it (pitfall 9)",
  look: [{ kind: "Certificate", field: ["spec"] }],
};

export interface Renewed {
  cluster: Cluster;
  gateway: GatewayAccess;
  workspaces: readonly DeployedWorkspace[];
}

/**
 * Renews the certificates of all workspaces while requests flow and busy streams are held. No request fails, no stream is
 * cut, no byte is lost. Returns what there was, in lines.
 */
export async function renewUnderTraffic(
  { cluster, gateway, workspaces }: Renewed,
  signal: AbortSignal,
): Promise<string[]> {
  await using open = new AsyncDisposableStack();
  const users = await Promise.all(workspaces.map((workspace) => workspace.user()));
  const held = await Promise.all(
    workspaces.map(async (workspace) => (await holdBusyStreams(workspace)).map((stream) => open.use(stream))),
  );
  const streams = held.flat();
  const visitors = users.map((user) => open.use(new SteadyVisitor(user)));
  const [ms] = await Promise.all([
    renewAll(
      cluster,
      gateway,
      users.map(({ api }) => api.hostname),
    ),
    expectHeld(streams, trafficMs, signal),
  ]);
  const answered = await Promise.all(visitors.map((visitor) => visitor.settle(renewing)));
  const accounts = await expectAllThere(streams);
  const all = answered.reduce((sum, count) => sum + count, 0);
  return [`served anew after ${ms} ms; ${all} requests meanwhile, all answered`, ...accounts];
}

/** Hosts often share a Certificate: the second renewal then is one more. */
async function renewAll(cluster: Cluster, gateway: GatewayAccess, hostnames: string[]): Promise<number> {
  const startedAt = Date.now();
  await Promise.all(hostnames.map((hostname) => renewCertificate(cluster, gateway, hostname)));
  return Date.now() - startedAt;
}
