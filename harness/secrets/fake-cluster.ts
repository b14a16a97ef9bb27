import { HarnessError } from "../base/index.ts";
import type { AnyObject, Cluster, ObjectSelection, Verdict } from "../cluster/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { DeployedWorkspace } from "../workspace/index.ts";

interface Wait extends ObjectSelection {
  what: string;
  until: (objects: AnyObject[]) => Verdict<unknown>;
}

/** Objects that are as a test says, and a record of what was written. A wait looks once: what it would wait for never comes. */
export function fakeCluster(objects: AnyObject[], facts = testFacts()) {
  const written: { how: string; object: AnyObject }[] = [];
  const isMeant =
    ({ kind, name }: ObjectSelection) =>
    (object: AnyObject) =>
      object.kind === kind && (name === undefined || object.metadata?.name === name);
  const note = (how: string) => async (object: AnyObject) => void written.push({ how, object });
  const cluster = {
    objects: {
      all: async (selection: ObjectSelection) => objects.filter(isMeant(selection)),
      find: async (selection: ObjectSelection) => objects.find(isMeant(selection)),
      mergeStatus: note("status"),
      createOrApply: note("create"),
      remove: note("remove"),
    },
    async wait({ what, until, ...selection }: Wait) {
      const verdict = until(objects.filter(isMeant(selection)));
      if ("ready" in verdict) return verdict.ready;
      throw new HarnessError(`${what}: ${JSON.stringify(verdict)}`, { code: "failed" });
    },
  } as unknown as Cluster;
  const gateway = { host: "127.0.0.1", httpsPort: 1, caPem: "" };
  return { written, workspace: new DeployedWorkspace(facts, cluster, gateway) };
}

/** An ExternalSecret of the workspace in testFacts(). */
export function externalSecretOf(given: { spec?: object; status?: object; name?: string }): AnyObject {
  const { name } = testFacts().externalSecrets[0] ?? { name: "" };
  return {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name: given.name ?? name, namespace: testFacts().namespace },
    spec: { target: { name: testFacts().externalSecrets[0]?.secret }, ...given.spec },
    ...(given.status ? { status: given.status } : {}),
  };
}

/** The Secret that it makes. */
export function secretOf(entries: Record<string, string>): AnyObject {
  const data = Object.entries(entries).map(([key, value]) => [key, Buffer.from(value).toString("base64")]);
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: testFacts().externalSecrets[0]?.secret, namespace: testFacts().namespace },
    data: Object.fromEntries(data),
  } as AnyObject;
}

export const conditions = (status: "True" | "False", reason: string) => [
  { type: "Ready", status, reason, message: `${reason} is told` },
];
