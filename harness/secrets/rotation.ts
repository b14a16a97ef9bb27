import { createHash } from "node:crypto";
import type { V1Secret } from "@kubernetes/client-node";
import type { DopplerControl } from "../internet/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { asks } from "./asked-keys.ts";
import { isHeld } from "./held-value.ts";
import type { Generations, SecretsStage } from "./stage.ts";

/**
 * Every key of Doppler that a workspace asks for gets another value, but for the logins where a seed script has stored new
 * ones; External Secrets brings them. New pods are Reloader's affair.
 */
export async function rotate(stage: SecretsStage, signal: AbortSignal): Promise<void> {
  const { doppler, workspaces } = stage;
  const generations = await stage.secrets();
  const seeded = workspaces
    .filter(({ facts }) => facts.seedScript !== undefined)
    .map((workspace) => loginKey(workspace, generations));
  const next = Object.entries(await nextValues(doppler, generations));
  const isAsked = (key: string) => workspaces.some((workspace) => asksFor(workspace, key));
  const values = Object.fromEntries(next.filter(([key]) => isAsked(key) && !seeded.includes(key)));
  await doppler.setSecrets(values);
  await syncSecrets(workspaces);
  await untilSecretsHold(workspaces, values, signal);
}

/** The key of Doppler that holds the workspace's Copilot login; the seed script writes to it. */
export function loginKey(workspace: Pick<DeployedWorkspace, "facts">, { first }: Generations): string {
  const isLogin = (value: string) =>
    [value, Buffer.from(value, "base64").toString()].some((text) => text.startsWith('{"github-copilot"'));
  return Object.keys(first).find((key) => asksFor(workspace, key) && isLogin(first[key] ?? "")) ?? "";
}

/** Whether one of the workspace's ExternalSecrets takes the key, by its name or with others. */
export function asksFor({ facts }: Pick<DeployedWorkspace, "facts">, key: string): boolean {
  return facts.externalSecrets.some((one) => asks(one, key));
}

/** For each of Doppler's keys the value that it does not have now. */
export async function nextValues(
  doppler: DopplerControl,
  { first, second }: Generations,
): Promise<Record<string, string>> {
  const digests = await doppler.digests();
  const other = (key: string, value: string) =>
    digests[key] === sha256(value) ? (first[key] ?? value) : value;
  return Object.fromEntries(Object.entries(second).map(([key, value]) => [key, other(key, value)]));
}

/** External Secrets looks now, not at its next interval, as `force-sync` does by hand. */
export async function syncSecrets(workspaces: readonly DeployedWorkspace[]): Promise<void> {
  const kind = { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret" };
  const annotations = { "force-sync": String(Date.now()) };
  await Promise.all(
    workspaces.flatMap(({ facts, namespace, cluster }) =>
      facts.externalSecrets.map(({ name }) =>
        cluster.objects.merge({ ...kind, metadata: { name, namespace, annotations } }),
      ),
    ),
  );
}

/** Waits until the Secrets of the workspaces hold these values of Doppler's. */
export async function untilSecretsHold(
  workspaces: readonly DeployedWorkspace[],
  values: Record<string, string>,
  signal: AbortSignal,
): Promise<void> {
  const [first] = workspaces;
  const namespaces = workspaces.map(({ namespace }) => namespace);
  await first?.cluster.wait({
    what: "External Secrets has brought the new values",
    apiVersion: "v1",
    kind: "Secret",
    timeoutMs: 30_000,
    signal,
    until: (objects) => {
      const contents = (objects as V1Secret[])
        .filter(({ metadata }) => namespaces.includes(metadata?.namespace ?? ""))
        .flatMap(({ data }) => Object.values(data ?? {}))
        .map((encoded) => Buffer.from(encoded, "base64").toString());
      const missing = Object.entries(values).filter(([, value]) => !isHeld(value, contents));
      return missing.length === 0
        ? { ready: true }
        : { waiting: `no Secret has the new value of ${missing.map(([key]) => key).join(", ")}` };
    },
  });
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
