import { expect, it } from "vitest";
import { workspaceFacts } from "../workspace-facts.ts";
import { findWorkspaces } from "./find-workspaces.ts";
import { app, deployment, factsOf, object, treeOf } from "./test-workload.ts";

it("names the containers by what they are", () => {
  const facts = factsOf(
    deployment({
      containers: [{ name: "proxy" }, app],
      initContainers: [{ name: "clone" }, { name: "sync", restartPolicy: "Always" }, { name: "login" }],
    }),
  );
  expect(facts).toMatchObject({
    container: "app",
    initContainers: ["clone", "login"],
    sidecars: ["sync", "proxy"],
  });
});

it("takes the container's identity before the pod's", () => {
  const securityContext = { runAsUser: 1, runAsGroup: 2, fsGroup: 3 };
  const facts = factsOf(
    deployment({ containers: [{ ...app, securityContext: { runAsUser: 568 } }], securityContext }),
  );
  expect(facts).toMatchObject({ uid: 568, gid: 2, fsGroup: 3 });
});

it.each([
  [{ env: [{ name: "HOME", value: "/root" }] }, "/root/.local/share/opencode"],
  [
    {
      env: [
        { name: "HOME", value: "/root" },
        { name: "XDG_DATA_HOME", value: "/data" },
      ],
    },
    "/data/opencode",
  ],
  [{ command: ["sh", "-c", "export XDG_DATA_HOME=/data\nopencode web"] }, "/data/opencode"],
  [{}, undefined],
  [{ image: "ghcr.io/anomalyco/opencode:1" }, "/root/.local/share/opencode"],
  [{ image: "ghcr.io/anomalyco/opencode:1", securityContext: { runAsUser: 1000 } }, undefined],
])("knows the data directory of %j", (container, directory) => {
  expect(factsOf(deployment({ containers: [{ ...app, ...container }] })).dataDirectory).toBe(directory);
});

it("knows the Services of its pods, that of its hosts first, and their Gateways", () => {
  const service = (name: string, selector: object, port: number) =>
    object("Service", name, { spec: { selector, ports: [{ port }] } });
  const route = {
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { name: "door", namespace: "elsewhere" },
    spec: {
      hostnames: ["a.example", "b.example"],
      parentRefs: [{ name: "inside", namespace: "network", sectionName: "https" }, { name: "here" }],
      rules: [{ backendRefs: [{ name: "web", namespace: "plots", port: 80 }] }],
    },
  };
  const facts = factsOf(
    deployment({ containers: [app] }),
    service("api", { app: "garden" }, 1),
    service("web", { app: "garden" }, 80),
    service("other", { app: "other" }, 2),
    service("external", {}, 3),
    route,
  );
  expect(facts.services).toEqual([
    { name: "web", ports: [80] },
    { name: "api", ports: [1] },
  ]);
  const gateways = [
    { namespace: "network", name: "inside", sectionName: "https" },
    { namespace: "elsewhere", name: "here" },
  ];
  const where = { route: { namespace: "elsewhere", name: "door" }, gateways };
  expect(facts.hosts).toEqual([
    { hostname: "a.example", ...where },
    { hostname: "b.example", ...where },
  ]);
});

it("knows a claim once, of however many volumes of the pod", () => {
  const mounts = [
    { name: "work", mountPath: "/work" },
    { name: "data", mountPath: "/data", subPath: "data" },
  ];
  const volumes = ["work", "data"].map((name) => ({ name, persistentVolumeClaim: { claimName: "all" } }));
  const facts = factsOf(deployment({ containers: [{ ...app, name: "app", volumeMounts: mounts }], volumes }));
  expect(facts.claims).toEqual([
    {
      name: "all",
      mounts: [
        { container: "app", path: "/work", subPath: "", readOnly: false },
        { container: "app", path: "/data", subPath: "data", readOnly: false },
      ],
    },
  ]);
});

it("knows the claims and who mounts them, of a StatefulSet's templates too", () => {
  const stateful = deployment({
    containers: [{ ...app, volumeMounts: [{ name: "data", mountPath: "/d", subPath: "x" }] }],
    initContainers: [{ name: "i", volumeMounts: [{ name: "cache", mountPath: "/c", readOnly: true }] }],
    volumes: [{ name: "cache", persistentVolumeClaim: { claimName: "cache" } }],
  });
  const spec = { ...stateful.spec, volumeClaimTemplates: [{ metadata: { name: "data" } }] };
  const facts = factsOf({ ...stateful, kind: "StatefulSet", spec });
  expect(facts.workload).toEqual({ kind: "StatefulSet", name: "garden" });
  expect(facts.claims).toEqual([
    { name: "cache", mounts: [{ container: "i", path: "/c", subPath: "", readOnly: true }] },
    { name: "data-garden-0", mounts: [{ container: "app", path: "/d", subPath: "x", readOnly: false }] },
  ]);
});

it("knows the ExternalSecrets whose Secrets it uses, with keys and searches", () => {
  const external = (name: string, spec: object) => object("ExternalSecret", name, { spec });
  const facts = factsOf(
    deployment({
      containers: [{ ...app, envFrom: [{ secretRef: { name: "a" } }, { secretRef: { name: "b-target" } }] }],
    }),
    external("a", {
      secretStoreRef: { kind: "ClusterSecretStore", name: "doppler-secrets" },
      data: [{ secretKey: "x", remoteRef: { key: "X" } }],
      dataFrom: [{ extract: { key: "ALL" } }, { find: { path: "A_" } }, { find: { name: { regexp: "^B" } } }],
    }),
    external("b", { secretStoreRef: { name: "own" }, target: { name: "b-target" } }),
    external("unused", {}),
  );
  expect(facts.externalSecrets).toEqual([
    {
      name: "a",
      secret: "a",
      store: { kind: "ClusterSecretStore", name: "doppler-secrets" },
      keys: ["X", "ALL"],
      finds: [{ path: "A_" }, { regexp: "^B" }],
    },
    { name: "b", secret: "b-target", store: { kind: "SecretStore", name: "own" }, keys: [], finds: [] },
  ]);
});

it("calls two of one name by their namespaces", () => {
  const second = deployment({ containers: [app] });
  second.metadata.namespace = "shed";
  const found = findWorkspaces(
    treeOf([deployment({ containers: [app] }), second, deployment({ containers: [app] }, "pond")]),
  );
  expect(found.map(({ name }) => name)).toEqual(["plots/garden", "shed/garden", "pond"]);
});

it("passes over what is no pod", () => {
  const broken = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "x" },
    spec: { template: { spec: { containers: "none" } } },
  };
  expect(findWorkspaces(treeOf([broken, { ...broken, spec: undefined }]))).toEqual([]);
});

it("crosses to another process as JSON", () => {
  const facts = factsOf(deployment({ containers: [app] }));
  expect(workspaceFacts.parse(JSON.parse(JSON.stringify(facts)))).toEqual(facts);
});
