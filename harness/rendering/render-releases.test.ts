import { expect, it } from "vitest";
import { configMap, homeWith, objectsOf, rendered } from "./test-tree.ts";

const chart = `apiVersion: source.toolkit.fluxcd.io/v1
kind: OCIRepository
metadata: {name: app-template, namespace: charts}
spec: {url: "oci://ghcr.io/bjw-s-labs/helm/app-template", ref: {tag: 4.4.0}}
`;
const repository = `apiVersion: source.toolkit.fluxcd.io/v1
kind: HelmRepository
metadata: {name: bjw-s}
spec: {type: oci, url: "oci://ghcr.io/bjw-s-labs/helm"}
`;
const values = {
  controllers: { main: { containers: { app: { image: { repository: "opencode", tag: "1" } } } } },
};

function release(spec: Record<string, unknown>): string {
  return JSON.stringify({
    apiVersion: "helm.toolkit.fluxcd.io/v2",
    kind: "HelmRelease",
    metadata: { name: "garden" },
    spec: { chartRef: { kind: "OCIRepository", name: "app-template", namespace: "charts" }, values, ...spec },
  });
}

/** The shared chart stands in the directory of another Kustomization of Flux's. */
const shared = { "kubernetes/apps/charts/chart.yaml": chart };

it("renders a release of a shared chart into its namespace", async () => {
  const tree = await rendered(homeWith({ ...shared, "release.yaml": release({}) }));
  expect(tree.problems).toEqual([]);
  expect(tree.releases).toEqual([
    {
      namespace: "garden",
      name: "garden",
      kustomization: { namespace: "flux-system", name: "garden" },
      chart: { name: "app-template", version: "4.4.0" },
      isRendered: true,
    },
  ]);
  expect(tree.kustomizations.at(-1)?.objects.at(-1)).toMatchObject({
    object: { kind: "Deployment", metadata: { name: "garden", namespace: "garden" } },
    file: "kubernetes/apps/garden/app/release.yaml",
    by: { release: { namespace: "garden", name: "garden" } },
  });
});

it("renders a chart of a HelmRepository, with values of ConfigMaps below its own, and post-renderers", async () => {
  const base = "values.yaml: |\n  controllers: {main: {replicas: 0, annotations: {from: base}}}";
  const spec = {
    chartRef: undefined,
    chart: {
      spec: { chart: "app-template", version: "4.4.0", sourceRef: { kind: "HelmRepository", name: "bjw-s" } },
    },
    targetNamespace: "shed",
    valuesFrom: [
      { kind: "ConfigMap", name: "base" },
      { kind: "Secret", name: "none", optional: true },
      {
        kind: "ConfigMap",
        name: "base",
        valuesKey: "tag",
        targetPath: "controllers.main.containers.app.image.tag",
      },
    ],
    values: { ...values, controllers: { main: { ...values.controllers.main, replicas: 1 } } },
    postRenderers: [
      {
        kustomize: {
          patches: [
            { target: { kind: "Deployment" }, patch: "- {op: add, path: /spec/paused, value: true}" },
          ],
        },
      },
    ],
  };
  const tree = await rendered(
    homeWith({
      "r.yaml": repository,
      "base.yaml": configMap("base", `${base}\ntag: "2"`),
      "release.yaml": release(spec),
    }),
  );
  expect(tree.problems).toEqual([]);
  expect(objectsOf(tree).at(-1)).toMatchObject({
    metadata: { name: "shed-garden", namespace: "shed", annotations: { from: "base" } },
    spec: { replicas: 1, paused: true, template: { spec: { containers: [{ image: "opencode:2" }] } } },
  });
});

it("says what helm says of values that the chart refuses", async () => {
  const { problems } = await rendered(
    homeWith({
      ...shared,
      "release.yaml": release({ values: { ...values, service: { a: { nonsense: 1 } } } }),
    }),
  );
  expect(problems).toMatchObject([
    {
      kind: "helm",
      message: expect.stringContaining("'nonsense' not allowed"),
      release: { namespace: "garden", name: "garden" },
      file: "kubernetes/apps/garden/app/release.yaml",
    },
  ]);
});

it("says which source or values a release lacks", async () => {
  const noChart = await rendered(homeWith({ "release.yaml": release({}) }));
  expect(noChart.problems).toMatchObject([
    { kind: "missing", message: expect.stringContaining("OCIRepository charts/app-template") },
  ]);
  const valuesFrom = [{ kind: "ConfigMap", name: "none" }];
  const noValues = await rendered(homeWith({ ...shared, "release.yaml": release({ valuesFrom }) }));
  expect(noValues.problems).toMatchObject([
    { kind: "helm", message: expect.stringContaining("'garden/none'") },
  ]);
});

it("names releases of other charts, and of other programs unless all are asked for, and renders none", async () => {
  const other = chart.replace("helm/app-template", "charts/grafana");
  const foreign = await rendered(
    homeWith({ "kubernetes/apps/charts/chart.yaml": other, "release.yaml": release({}) }),
  );
  expect(foreign).toMatchObject({
    problems: [],
    releases: [{ chart: { name: "grafana" }, isRendered: false }],
  });
  const { main } = JSON.parse(JSON.stringify(values).replace("opencode", "nginx")).controllers;
  const home = homeWith({ ...shared, "release.yaml": release({ values: { controllers: { main } } }) });
  expect((await rendered(home)).releases).toMatchObject([{ isRendered: false }]);
  expect((await rendered(home, { releases: "all" })).releases).toMatchObject([{ isRendered: true }]);
});
