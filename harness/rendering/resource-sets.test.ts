// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { describe, expect, it } from "vitest";
import { configMap, homeWith, objectsOf, rendered } from "./test-tree.ts";

const set = (spec: string, name = "rooms") =>
  `apiVersion: fluxcd.controlplane.io/v1\nkind: ResourceSet\nmetadata: { name: ${name} }\nspec:\n${spec.replace(/^/gm, "  ")}\n`;

const rooms = `inputs:
  - { room: attic, zone: "\${TIMEZONE}", doors: [north] }
  - { room: cellar }
commonMetadata: { labels: { floor: all } }
resources:
  - apiVersion: v1
    kind: ConfigMap
    metadata: { name: room-<< inputs.room >>, namespace: garden }
    data:
      zone: << dig "zone" "inputs.none" inputs | quote >>
      doors: << get inputs "doors" | default list | toJson | quote >>
      braces: "{{ .Values }} and {{ end"
  - apiVersion: v1
    kind: ConfigMap
    metadata: { name: shared, namespace: garden }
    data: { once: "true" }
resourcesTemplate: |
  << range $door := get inputs "doors" | default list ->>
  ---
  apiVersion: v1
  kind: ConfigMap
  metadata:
    name: << inputs.room >>-<< $door >>
    namespace: garden
  << end ->>
`;

describe("a ResourceSet", () => {
  it("becomes what flux-operator makes of it, after Flux's substitution, each object once", async () => {
    const tree = await rendered(homeWith({ "rooms.yaml": set(rooms) }));
    expect(tree.problems).toEqual([]);
    const made = tree.kustomizations
      .flatMap(({ objects }) => objects)
      .filter(({ by }) => by.resourceSet)
      .sort((one, other) => one.object.metadata.name.localeCompare(other.object.metadata.name));
    expect(made).toMatchObject([
      { object: { metadata: { name: "attic-north", labels: { floor: "all" } } } },
      {
        object: {
          metadata: { name: "room-attic", namespace: "garden" },
          data: { zone: "Etc/UTC", doors: '["north"]', braces: "{{ .Values }} and {{ end" },
        },
      },
      { object: { data: { zone: "inputs.none", doors: "[]" } } },
      { object: { metadata: { name: "shared" } } },
    ]);
    expect(made[0]).toMatchObject({
      file: "kubernetes/apps/garden/app/rooms.yaml",
      by: { resourceSet: { namespace: "garden", name: "rooms" } },
    });
  });

  it("may bring Kustomizations, and take its inputs from a provider that asks nobody", async () => {
    const provider = `apiVersion: fluxcd.controlplane.io/v1
kind: ResourceSetInputProvider
metadata: { name: all }
spec: { type: Static, defaultValues: { app: shed } }
`;
    const apps = `inputsFrom: [{ name: all }]
resources:
  - apiVersion: kustomize.toolkit.fluxcd.io/v1
    kind: Kustomization
    metadata: { name: << inputs.app >>, namespace: flux-system }
    spec:
      path: ./kubernetes/apps/<< inputs.app >>/app
      sourceRef: { kind: GitRepository, name: home-kubernetes }
      targetNamespace: garden
`;
    const tree = await rendered(
      homeWith({
        "a.yaml": set(apps),
        "b.yaml": provider,
        "kubernetes/apps/shed/app/c.yaml": configMap("rake", "teeth: many"),
      }),
    );
    expect(tree.problems).toEqual([]);
    expect(objectsOf(tree, "shed")).toMatchObject([{ metadata: { name: "rake", namespace: "garden" } }]);
  });

  it("is none of Rancher's, and none that is switched off or suspended", async () => {
    const off = set(rooms).replace(
      "{ name: rooms }",
      "{ name: rooms, annotations: { fluxcd.controlplane.io/reconcile: disabled } }",
    );
    const other = set(rooms, "backup").replace("fluxcd.controlplane.io", "resources.cattle.io");
    const tree = await rendered(homeWith({ "a.yaml": off, "b.yaml": other }));
    expect(tree.problems).toEqual([]);
    expect(objectsOf(tree).map(({ kind }) => kind)).toEqual(["ResourceSet", "ResourceSet"]);
  });

  it.each([
    [
      "inputsFrom: [{ name: pull-requests }]\nresourcesTemplate: ''",
      /inputs come from ResourceSetInputProvider pull-requests/,
    ],
    ["inputsFrom: [{ selector: { matchLabels: { a: b } } }]", /providers that a selector finds/],
    ["inputStrategy: { name: Permute }", /combined by Permute/],
    ["resourcesTemplate: '<< .Values.nothing | nosuch >>'", /flux-operator cannot build it: .*nosuch/],
  ])("says what is not seen, or cannot be built: %s", async (spec, words) => {
    const tree = await rendered(homeWith({ "a.yaml": set(spec) }));
    expect(tree.problems).toMatchObject([
      {
        kind: /cannot build/.test(words.source) ? "operator" : "remote",
        file: "kubernetes/apps/garden/app/a.yaml",
        kustomization: { name: "garden" },
      },
    ]);
    expect(tree.problems[0]?.message).toMatch(words);
  });
});
