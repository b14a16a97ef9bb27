// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { describe, expect, it } from "vitest";
import { configMap, homeWith, objectsOf, rendered } from "./test-tree.ts";

const shared = (chooses: string) => `apiVersion: external-secrets.io/v1
kind: ClusterExternalSecret
metadata: { name: everywhere }
spec:
  externalSecretName: shared
  ${chooses}
  externalSecretSpec:
    secretStoreRef: { kind: ClusterSecretStore, name: doppler-secrets }
    data: [{ secretKey: PLANT, remoteRef: { key: PLANT } }]
`;

const namespace = (name: string, labels = "{}") =>
  `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: ${labels} }\n`;

async function namespacesOf(chooses: string): Promise<(string | undefined)[]> {
  const tree = await rendered(
    homeWith(
      {
        "shared.yaml": shared(chooses),
        "spaces.yaml": `${namespace("garden", "{ soil: sand }")}---\n${namespace("attic")}`,
      },
      { targetNamespace: undefined },
    ),
  );
  expect(tree.problems).toEqual([]);
  return objectsOf(tree)
    .filter(({ kind }) => kind === "ExternalSecret")
    .map(({ metadata }) => metadata.namespace)
    .sort();
}

/** A home with a Kustomization `beds` in flux-system that substitutes from a Secret. */
function beds(files: Record<string, string>, secret: string) {
  const kustomization = {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name: "beds", namespace: "flux-system" },
    spec: {
      path: "./kubernetes/beds",
      sourceRef: { kind: "GitRepository", name: "home-kubernetes" },
      postBuild: { substituteFrom: [{ kind: "Secret", name: secret }] },
    },
  };
  return rendered(
    homeWith(
      {
        "beds.yaml": JSON.stringify(kustomization),
        "kubernetes/beds/a.yaml": configMap("a", "bed: ${PLANT}"),
        ...files,
      },
      { targetNamespace: undefined },
    ),
  );
}

describe("a ClusterExternalSecret", () => {
  it("becomes an ExternalSecret in each namespace that it names or chooses", async () => {
    expect(await namespacesOf("namespaces: [attic, cellar]")).toEqual(["attic", "cellar"]);
    expect(await namespacesOf("namespaceSelector: { matchLabels: { soil: sand } }")).toEqual(["garden"]);
    const expression = "{ key: kubernetes.io/metadata.name, operator: In, values: [attic, flux-system] }";
    expect(await namespacesOf(`namespaceSelector: { matchExpressions: [${expression}] }`)).toEqual([
      "attic",
      "flux-system",
    ]);
    expect(
      await namespacesOf("namespaceSelector: { matchLabels: { kustomize.toolkit.fluxcd.io/name: garden } }"),
    ).toEqual(["attic", "garden"]);
    expect(await namespacesOf("namespaceSelectors: [{}]")).toEqual(
      expect.arrayContaining(["attic", "flux-system", "garden"]),
    );
  });

  it("becomes none where its fields are empty or of another form, and the tree is read on", async () => {
    expect(await namespacesOf("namespaces:\n  namespaceSelector:\n  namespaceSelectors:")).toEqual([]);
    expect(await namespacesOf("namespaces: [attic]\n  namespaceSelectors:")).toEqual(["attic"]);
    expect(await namespacesOf("namespaceSelector: { matchExpressions: [null] }")).toEqual([]);
  });

  it("says by whom it is made, and where", async () => {
    const tree = await rendered(homeWith({ "shared.yaml": shared("namespaces: [attic]") }));
    const made = tree.kustomizations.flatMap(({ objects }) => objects);
    expect(made).toContainEqual({
      object: expect.objectContaining({
        kind: "ExternalSecret",
        metadata: { name: "shared", namespace: "attic" },
      }),
      by: { clusterExternalSecret: "everywhere" },
      file: "kubernetes/apps/garden/app/shared.yaml",
    });
  });

  it("makes what Kustomizations substitute from, its own among them", async () => {
    const everywhere = await beds(
      { "kubernetes/beds/shared.yaml": shared("namespaceSelectors: [{}]") },
      "shared",
    );
    expect(everywhere.problems).toEqual([]);
    expect(objectsOf(everywhere, "beds")).toContainEqual(expect.objectContaining({ kind: "ConfigMap" }));
    const elsewhere = await beds({ "shared.yaml": shared("namespaces: [attic]") }, "shared");
    expect(elsewhere.problems).toMatchObject([
      { kind: "missing", message: expect.stringContaining("Secret/shared") },
    ]);
  });
});

it.each(["spec: {}\n", "spec:\n"])(
  "substitutes from a Secret that another controller than External Secrets makes: %j",
  async (spec) => {
    const item =
      "apiVersion: onepassword.com/v1\nkind: OnePasswordItem\nmetadata: { name: plants, namespace: flux-system }\n";
    const tree = await beds({ "item.yaml": `${item}${spec}` }, "plants");
    expect(tree.problems).toEqual([]);
    expect(objectsOf(tree, "beds")).toContainEqual(expect.objectContaining({ kind: "ConfigMap" }));
  },
);
