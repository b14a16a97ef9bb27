import { expect, it } from "vitest";
import type { Tree } from "../../../gitops/index.ts";
import { versions } from "../../../images/index.ts";
import { findingsOf } from "../../check-tree.ts";
import { blockers, type Fault } from "../../index.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { rule } from "../../rule.ts";
import { schemasOf } from "../../schemas/schemas.ts";
import { validate } from "../../schemas/validate.ts";
import { added, app, checked, ks, release, secret, text } from "../test-check.ts";

const timeout = 60_000;

const template = "kubernetes/templates/volsync";

/** A field that is misspelt, the rule that must find it, and the name that is meant. */
interface Misspelt {
  kind: string;
  edit(tree: Tree): void;
  field: RegExp;
  line: RegExp;
  meant: string;
}

const route = `apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: second
spec:
  parentRefs:
    - name: envoy-internal
      namespace: network
  hostnames: [second.example]
  rules:
    - backendRef:
        - name: opencode-ha
          port: 4096
`;

it.each<Misspelt>([
  {
    kind: "HelmRelease",
    edit: text(release, "    remediation:\n      # Pitfall 7", "    remediaton:\n      # Pitfall 7"),
    field: /spec\.install\.remediaton/,
    line: /remediaton:/,
    meant: "remediation",
  },
  {
    kind: "ExternalSecret",
    edit: text(secret, "  refreshInterval:", "  refreshIntervall:"),
    field: /spec\.refreshIntervall/,
    line: /refreshIntervall:/,
    meant: "refreshInterval",
  },
  {
    kind: "HTTPRoute",
    edit: added("route.yaml", route),
    field: /spec\.rules\[0\]\.backendRef/,
    line: /- backendRef:/,
    meant: "backendRefs",
  },
  {
    kind: "PersistentVolumeClaim",
    edit: text(`${template}/claim.yaml`, "storageClassName:", "storageClass:"),
    field: /spec\.storageClass/,
    line: /storageClass:/,
    meant: "storageClassName",
  },
  {
    kind: "Kustomization",
    edit: text(ks, "targetNamespace:", "targetNamepsace:"),
    field: /spec\.targetNamepsace/,
    line: /targetNamepsace:/,
    meant: "targetNamespace",
  },
  {
    kind: "ReplicationSource",
    edit: text(`${template}/minio.yaml`, "pruneIntervalDays:", "pruneIntervalInDays:"),
    field: /spec\.restic\.pruneIntervalInDays/,
    line: /pruneIntervalInDays:/,
    meant: "pruneIntervalDays",
  },
])("finds a misspelt field of a $kind, with its line, and says which is meant", { timeout }, async (one) => {
  const { findings, home } = await checked(one.edit);
  const [found] = blockers(findings).filter(({ id }) => id === "unknown-field");
  expect(found?.message).toMatch(new RegExp(`^${one.kind} \\S+ has an unknown field ${one.field.source}$`));
  expect(found?.remedy).toBe(`did you mean ${one.meant}?`);
  expect(home.tree.text(found?.file ?? "").split("\n")[(found?.line ?? 0) - 1]).toMatch(one.line);
});

it("points at the patch that brings a field", { timeout }, async () => {
  const patch = `  - patch: |
      apiVersion: external-secrets.io/v1
      kind: ExternalSecret
      metadata: {name: opencode-ha-secret, namespace: opencode}
      spec:
        refreshTime: 1h
`;
  const { findings, home } = await checked(
    text(`${app}/kustomization.yaml`, "patches:\n", `patches:\n${patch}`),
  );
  const found = findings.find(({ id }) => id === "unknown-field");
  expect(found?.file).toBe(`${app}/kustomization.yaml`);
  expect(home.tree.text(found?.file ?? "").split("\n")[(found?.line ?? 0) - 1]).toMatch(/refreshTime/);
});

it("tells a value of another type, and a field that is not there", {
  timeout,
}, async () => {
  const { findings } = await checked(
    added(
      "job.yaml",
      `apiVersion: v1
kind: Service
metadata:
  name: second
spec:
  ports:
    - name: http
      targetPort: 4096
    - port: "4096"
`,
    ),
  );
  const said = findings.filter(({ message }) => message.includes("Service second"));
  expect(said.map(({ id, message, isBlocker }) => [id, message, isBlocker])).toEqual([
    ["missing-field", "Service second lacks the field spec.ports[0].port", true],
    ["wrong-value", "Service second: spec.ports[1].port must be of type integer", true],
  ]);
});

it("tells a version that the platform does not serve", { timeout }, async () => {
  const { findings } = await checked(
    text(secret, "external-secrets.io/v1\n", "external-secrets.io/v1beta1\n"),
  );
  const found = findings.find(({ id }) => id === "version-not-served");
  expect(found).toMatchObject({ file: secret, remedy: "write external-secrets.io/v1", isBlocker: true });
});

it("says which kinds it knows nothing of", { timeout }, async () => {
  const { unjudged, findings } = await checked(
    added(
      "cluster.yaml",
      "apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: db}\nspec: {instanses: 1}\n",
    ),
  );
  expect(unjudged).toEqual([{ apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster", count: 1 }]);
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
});

it("takes what the API server takes: null for nothing, numbers for names, fields that are kept unread", () => {
  const service = {
    ports: [
      { port: 80, targetPort: "http" },
      { port: 81, targetPort: 8081, nodePort: null },
    ],
  };
  const object = (kind: string, apiVersion: string, spec: object) =>
    validate({ apiVersion, kind, metadata: { name: "one" }, spec } as never);
  expect(object("Service", "v1", service)).toMatchObject({ troubles: [] });
  const values = {
    chartRef: { kind: "OCIRepository", name: "one" },
    interval: "1h",
    values: { any: { thing: 1 } },
  };
  expect(object("HelmRelease", "helm.toolkit.fluxcd.io/v2", values)).toMatchObject({ troubles: [] });
});

it("tells a value that is not possible, with those that are", () => {
  const target = { name: "one", creationPolicy: "Ownr" };
  const secretOf = {
    apiVersion: "external-secrets.io/v1",
    kind: "ExternalSecret",
    metadata: { name: "one" },
  };
  const data = [{ secretKey: "a", remoteRef: { key: "a" } }];
  expect(validate({ ...secretOf, spec: { target, data } })).toMatchObject({
    troubles: [
      {
        what: "wrong value",
        path: ["spec", "target", "creationPolicy"],
        words: "must be Owner or Orphan or Merge or None",
      },
    ],
  });
});

it("shows no value of an object", () => {
  const wrong = validate({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "one" },
    immutable: "hunter2",
    type: 5,
    stringData: { password: { hunter2: 1 } },
  } as never);
  expect(JSON.stringify(wrong)).not.toContain("hunter2");
  expect(wrong).toMatchObject({ troubles: [{}, {}, {}] });
});

it("has the schemas of the versions that the platform runs", () => {
  const from = (file: string) => schemasOf(file)?.from.replace(/^.* v/, "");
  expect({
    kubernetes: from("kubernetes"),
    helmController: from("helm.toolkit.fluxcd.io"),
    kustomizeController: from("kustomize.toolkit.fluxcd.io"),
    sourceController: from("source.toolkit.fluxcd.io"),
    externalSecrets: from("external-secrets.io"),
    envoyGateway: from("gateway.networking.k8s.io"),
    certManager: from("cert-manager.io"),
    snapshotKinds: from("snapshot.storage.k8s.io"),
    externalDns: from("externaldns.k8s.io"),
    volsyncKinds: from("volsync.backube"),
  }).toEqual({
    kubernetes: versions.kubernetes,
    helmController: versions.helmController,
    kustomizeController: versions.kustomizeController,
    sourceController: versions.sourceController,
    externalSecrets: versions.externalSecrets,
    envoyGateway: versions.envoyGateway,
    certManager: versions.certManager,
    snapshotKinds: versions.snapshotKinds,
    externalDns: versions.externalDns,
    volsyncKinds: versions.volsyncKinds,
  });
});

it("leaves a fork's field to the home that runs the fork", { timeout }, async () => {
  const mover =
    "apiVersion: volsync.backube/v1alpha1\nkind: ReplicationSource\nmetadata: {name: kept}\nspec: {sourcePVC: opencode-ha, kopia: {repository: kept}}\n";
  const { findings } = await checked(added("kopia.yaml", mover));
  expect(findings.filter(({ message }) => message.includes("kopia"))).toMatchObject([
    { severity: "warning", message: expect.stringMatching(/is for a fork, VolSync with Kopia/) },
  ]);
});

it("a value of a type that nobody has foreseen is told, and takes nothing of the rest away", async () => {
  const { findings } = await checked((tree) => {
    text(ks, "  timeout: 10m\n", "  timeout: [[10m]]\n")(tree);
    text(release, "chartRef:", "chartReference:")(tree);
  });
  const told = findings.map(({ id, message }) => `${id}: ${message}`);
  expect(told).toContainEqual(expect.stringMatching(/spec\.timeout/));
  expect(told).toContainEqual(expect.stringMatching(/chartReference/));
});

it("a rule that stumbles is told beside what others find, and blocks nothing", async () => {
  const broken = rule({
    id: "broken",
    title: "all is well",
    isBlocker: true,
    find: () => (undefined as unknown as Fault[][]).flat(),
  });
  const [finding, ...more] = await findingsOf(broken, {} as Inspected);
  expect(more).toEqual([]);
  expect(finding).toMatchObject({
    id: "broken",
    severity: "warning",
    isBlocker: false,
    message: expect.stringMatching(/^whether all is well cannot be seen: .*undefined/),
  });
});

it.each([
  ["constructor", "toString"],
  ["__proto__", "constructor"],
])("%s %s is no kind of the platform", (apiVersion, kind) => {
  expect(validate({ apiVersion, kind, metadata: { name: "x" } })).toMatchObject({
    kind: { state: "unknown" },
  });
});
