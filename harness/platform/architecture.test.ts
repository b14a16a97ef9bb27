import { describe, expect, it } from "vitest";
import { bootstrapObjects, platformLedger } from "./architecture.ts";
import type { KubeObject } from "./component.ts";
import { homeAdaptations } from "./home-rules.ts";
import { testImages, testInputs } from "./test-inputs.ts";

const stores = ["webhook", "doppler"] as const;
const objects = await bootstrapObjects(testInputs);

function named(kind: string, name: string, from: KubeObject[] = objects): KubeObject {
  const found = from.find((object) => object.kind === kind && object.metadata.name === name);
  if (!found) throw new Error(`no ${kind} ${name}`);
  return found;
}

/** Every value under this key, anywhere in the object. */
function valuesOf(key: string, node: unknown): unknown[] {
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([name, value]) =>
    name === key ? [value, ...valuesOf(key, value)] : valuesOf(key, value),
  );
}

describe("the platform's objects", () => {
  it.each(stores)("have apiVersion, kind and name with store %s", async (store) => {
    for (const object of await bootstrapObjects({ ...testInputs, store })) {
      expect(object).toMatchObject({
        apiVersion: expect.stringMatching(/./),
        kind: expect.stringMatching(/./),
        metadata: { name: expect.stringMatching(/^[a-z0-9.-]+$/) },
      });
    }
  });

  it("stand once each", () => {
    const keys = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name}`);
    expect(keys).toEqual([...new Set(keys)]);
  });

  it("live in namespaces that the platform makes", () => {
    const made = objects.filter(({ kind }) => kind === "Namespace").map(({ metadata }) => metadata.name);
    const used = new Set(objects.flatMap(({ metadata }) => metadata.namespace ?? []));
    expect(made).toEqual(expect.arrayContaining([...used]));
  });

  it("use images of the catalogue only", () => {
    const images = objects.flatMap((object) => valuesOf("image", object));
    expect(images.length).toBeGreaterThan(8);
    expect(Object.values(testImages)).toEqual(expect.arrayContaining(images));
  });

  it("keep every pod but the storage driver's on the server", () => {
    const pods = objects.filter(({ kind }) => kind === "Deployment").map(({ spec }) => JSON.stringify(spec));
    for (const pod of pods)
      expect(pod).toContain('"nodeSelector":{"node-role.kubernetes.io/control-plane":"true"}');
  });

  it("mount only what their pod has as a volume", () => {
    for (const { kind, metadata, spec } of objects) {
      if (kind !== "Deployment" && kind !== "DaemonSet") continue;
      const volumes = (valuesOf("volumes", spec)[0] as { name: string }[]).map(({ name }) => name);
      const mounts = valuesOf("volumeMounts", spec).flat() as { name: string }[];
      for (const { name } of mounts) expect(volumes, metadata.name).toContain(name);
    }
  });
});

describe("for the home's own parts", () => {
  it("holds git's token and the age key under the names that the home looks for", () => {
    expect(named("Secret", "github-deploy-key")).toMatchObject({
      stringData: { password: "git-token-value" },
    });
    expect(named("Secret", "sops-age")).toMatchObject({
      stringData: { "age.agekey": "AGE-SECRET-KEY-1VALUE" },
    });
  });

  it("opens the gateway's Envoy on known ports, in the namespace where its pods stand", async () => {
    expect(named("Service", "harness-entrance").metadata.namespace).toBe("network");
    const gateways = [{ namespace: "edge", name: "inside" }];
    const changed = await bootstrapObjects({ ...testInputs, gateways });
    expect(named("Service", "harness-entrance", changed).metadata.namespace).toBe("edge");
    const { gatewayDeploy: _, ...controllerNamespace } = { ...testInputs, gateways };
    const elsewhere = await bootstrapObjects(controllerNamespace);
    expect(named("Service", "harness-entrance", elsewhere).metadata.namespace).toBe("network");
  });

  it("is not masked by a gateway-wide traffic policy of the harness's own", () => {
    expect(objects.map(({ kind }) => kind)).not.toContain("BackendTrafficPolicy");
  });

  it("leaves the home's store as it stands, and replaces it with store webhook", () => {
    const kinds = (store: "doppler" | "webhook") =>
      homeAdaptations({ ...testInputs, store }).map(({ kind }) => kind);
    expect(kinds("doppler")).not.toContain("ClusterSecretStore");
    expect(kinds("webhook")).toContain("ClusterSecretStore");
  });
});

it("tells every difference from production in full", () => {
  const entries = platformLedger(testInputs);
  expect(entries.length).toBeGreaterThan(10);
  for (const entry of entries) {
    for (const [field, text] of Object.entries(entry)) expect(text, `${entry.part}: ${field}`).not.toBe("");
  }
  expect(platformLedger({ ...testInputs, store: "doppler" })).not.toEqual(entries);
});
