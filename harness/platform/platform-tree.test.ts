import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { components, platformLedger } from "./architecture.ts";
import type { KubeObject } from "./component.ts";
import { bootstrapObjects, platformTree } from "./platform-tree.ts";
import { testImages, testInputs } from "./test-inputs.ts";

const stores = ["webhook", "doppler"] as const;
const tree = platformTree(testInputs);
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

describe("the platform's repository", () => {
  it("says in YAML what is applied at the start", () => {
    for (const [path, text] of tree) {
      expect(text, path).not.toMatch(/undefined|\$\{/);
      if (path.endsWith("/kustomization.yaml")) continue;
      const object = parse(text) as KubeObject;
      expect(named(object.kind, object.metadata.name, objects)).toBeDefined();
      expect(JSON.stringify(object)).toBe(JSON.stringify(parse(JSON.stringify(object))));
    }
  });

  it("has a kustomization for each Flux Kustomization, which lists files that exist", () => {
    for (const { name } of components) {
      const list = parse(tree.get(`${name}/kustomization.yaml`) ?? "") as { resources: string[] };
      for (const file of list.resources) expect([...tree.keys()]).toContain(`${name}/${file.slice(2)}`);
      expect(named("Kustomization", name).spec).toMatchObject({ path: `./${name}` });
    }
  });

  it("holds no secret", () => {
    const text = [...tree.values()].join("\n");
    expect(text).toContain("doppler-secrets");
    for (const secret of ["git-token-value", "doppler-token-value", "private-key"])
      expect(text).not.toContain(secret);
  });
});

describe("what the home cluster's manifests depend on", () => {
  it.each(["external-secrets-stores", "rook-ceph-cluster"])("is there as Flux Kustomization %s", (name) => {
    expect(named("Kustomization", name).metadata.namespace).toBe("flux-system");
  });

  it("is the production store, unchanged, with store doppler", async () => {
    const store = named(
      "ClusterSecretStore",
      "doppler-secrets",
      await bootstrapObjects({ ...testInputs, store: "doppler" }),
    );
    expect(store.spec).toEqual({
      provider: {
        doppler: {
          auth: {
            secretRef: {
              dopplerToken: { name: "doppler-token", key: "dopplerToken", namespace: "external-secrets" },
            },
          },
          project: "k3s-cluster",
          config: "prd",
        },
      },
    });
  });

  it("is a gateway that takes HTTP from its own namespace only and HTTPS from all", () => {
    expect(named("Gateway", "envoy-internal").spec).toMatchObject({
      listeners: [
        { name: "http", allowedRoutes: { namespaces: { from: "Same" } } },
        {
          name: "https",
          allowedRoutes: { namespaces: { from: "All" } },
          tls: {
            certificateRefs: [
              { namespace: "network", name: "angryninja-cloud-production-tls" },
              { namespace: "network", name: "opencode-production-tls" },
            ],
          },
        },
      ],
    });
  });

  it("is a wildcard certificate of one level", () => {
    expect(named("Certificate", "angryninja-cloud-production").spec).toMatchObject({
      dnsNames: ["angryninja.cloud", "*.angryninja.cloud"],
    });
  });

  it("is a certificate of another namespace only together with a grant", async () => {
    const gatewayCertificates = [{ namespace: "opencode", name: "opencode-tls" }];
    const changed = await bootstrapObjects({ ...testInputs, gatewayCertificates });
    expect(named("ReferenceGrant", "envoy-internal-opencode-tls", changed).metadata.namespace).toBe(
      "opencode",
    );
  });

  it("is not masked by a gateway-wide traffic policy", () => {
    expect(objects.map(({ kind }) => kind)).not.toContain("BackendTrafficPolicy");
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
