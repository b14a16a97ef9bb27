import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { findPlaces } from "./find-places.ts";
import { Tree } from "./tree.ts";
import { readTree } from "./working-tree.ts";

const manifests = join(checkoutDir, "manifests");
const release = "kubernetes/apps/opencode/opencode-flux/app/helmrelease.yaml";
const values = (...field: (string | number)[]) => ({
  kind: "HelmRelease",
  name: "opencode-flux",
  field: ["spec", "values", ...field],
});

/** The text of the line that was found, in the file on disk. */
async function lineOnDisk({ path, line = 0 }: { path: string; line?: number }): Promise<string> {
  return (await readFile(join(manifests, path), "utf8")).split("\n")[line - 1]?.trim() ?? "";
}

describe("a name that Flux makes of variables", () => {
  const path = "kubernetes/apps/a/app/a.yaml";
  /** `<APP>` as Flux has it. */
  const written = (template: string) => template.replaceAll(/<([^>]+)>/g, "$${$1}");
  const find = (template: string, name: string) =>
    findPlaces(Tree.of([[path, `kind: ConfigMap\nmetadata: {name: "${written(template)}"}\n`]]), [
      { kind: "ConfigMap", name },
    ]).filter(({ line }) => line !== undefined);

  it.each([
    ["<APP>", "one", true],
    ["<APP>-<WHAT>-config", "one-two-three-config", true],
    ["a-<APP:-x>-b", "a-c-b", true],
    ["a-<APP>-b", "a--b", false],
    ["<APP><WHAT>", "x", false],
    ["<APP>-b-<WHAT>-b", "x-b-b", false],
    ["<APP>-b", "one-c", false],
  ])("%s may be %s: %s", (template, name, isFound) => {
    expect(find(template, name)).toHaveLength(isFound ? 1 : 0);
  });

  it("is found as fast with many of them", () => {
    const begin = performance.now();
    find(`${"<A>".repeat(60)}x`, "y".repeat(250));
    expect(performance.now() - begin).toBeLessThan(60_000);
  });
});

describe("words at fault", () => {
  const path = "kubernetes/apps/a/app/a.yaml";
  const text = `kind: HelmRelease
metadata: {name: a}
spec:
  seed:
    command:
      - |
        # chmod 600 it
        umask 077
        chmod 644 auth.json
  clone:
    command: [sh, -c, chmod 400 key]
`;
  const lineOf = (words: string[], ...field: string[]) =>
    findPlaces(Tree.of([[path, text]]), [
      { kind: "HelmRelease", name: "a", field: ["spec", ...field], words },
    ])[0]?.line;

  it("are shown where they stand below the field, the first that does", () => {
    expect(lineOf(["chmod", "umask"], "seed", "command")).toBe(9);
    expect(lineOf(["install ", "umask"], "seed")).toBe(8);
  });

  it("are looked for below the first key of a list's item, not beside it, but in the whole of an item", () => {
    const listed = `kind: Pod
metadata: {name: a}
spec:
  containers:
  - command:
    - sh
    env:
    - name: chmod
  - name: b
`;
    const line = (...field: (string | number)[]) =>
      findPlaces(Tree.of([[path, listed]]), [
        { kind: "Pod", name: "a", field: ["spec", "containers", ...field], words: ["chmod"] },
      ])[0]?.line;
    expect(line(0, "command")).toBe(5);
    expect(line(0)).toBe(8);
  });

  it("are looked for below the field alone", () => {
    expect(lineOf(["chmod 400"], "seed")).toBe(4);
    expect(lineOf([], "seed")).toBe(4);
  });
});

describe("findPlaces in the manifests as they are on disk", async () => {
  const tree = await readTree(manifests);
  const only = (place: Parameters<typeof findPlaces>[1][number]) => {
    const found = findPlaces(tree, [place]);
    expect(found).toHaveLength(1);
    return found[0] ?? { path: "", what: "" };
  };

  it.each([
    [["controllers", "opencode-flux", "strategy"], "strategy: Recreate"],
    [["controllers", "opencode-flux", "initContainers", "seed-auth", "image", "tag"], "tag: v2.49.1"],
    [["persistence", "data", "existingClaim"], "existingClaim: opencode-flux"],
    [
      ["persistence", "data", "advancedMounts", "opencode-flux", "app", 1],
      "- path: /home/opencode/.local/share/opencode",
    ],
    [["defaultPodOptions", "securityContext", "fsGroup"], "fsGroup: 1000"],
    [
      ["controllers", "opencode-flux", "initContainers", "seed-auth", "resources", "limits", "memory"],
      "memory: 512Mi",
    ],
    [
      ["controllers", "opencode-flux", "containers", "app", "securityContext"],
      "securityContext: *securityContext",
    ],
  ])("%j is right to the line", async (field, text) => {
    const found = only(values(...field));
    expect(found.path).toBe(release);
    expect(`- ${await lineOnDisk(found)}`).toContain(text);
    expect(found.what).toBe(`HelmRelease opencode-flux, spec.values.${field.join(".")}`);
  });

  it("gives the nearest field above one that is not there", async () => {
    const found = only(values("defaultPodOptions", "nodeSelector"));
    expect(await lineOnDisk(found)).toBe("defaultPodOptions:");
    expect(found.what).toMatch(/nodeSelector, which is not there$/);
  });

  it("finds a name that Flux makes of a variable", async () => {
    const found = only({
      kind: "PersistentVolumeClaim",
      name: "opencode-ha",
      field: ["spec", "accessModes"],
    });
    expect(found.path).toBe("kubernetes/templates/volsync/claim.yaml");
    expect(await lineOnDisk(found)).toBe("accessModes: [ReadWriteOnce]");
    expect(found.what).toMatch(/PersistentVolumeClaim \$\{APP\}/);
  });

  it("gives a line for each object when several are meant, and each line once", () => {
    const place = { kind: "BackendTrafficPolicy", field: ["spec", "targetRefs"] };
    const found = findPlaces(tree, [place, place]);
    expect(found.map(({ path }) => path.split("/").at(-3))).toEqual(["opencode-flux", "opencode-ha"]);
  });

  it("tells Flux's Kustomization by the anchor in its name", async () => {
    const found = only({ kind: "Kustomization", name: "opencode-flux", field: ["spec", "dependsOn"] });
    expect(await lineOnDisk(found)).toBe("dependsOn:");
  });

  it("gives the list that an object which is not there belongs into", async () => {
    const bare = tree.copy();
    bare.remove("kubernetes/apps/opencode/opencode-flux/app/backendtrafficpolicy.yaml");
    const found = findPlaces(bare, [{ kind: "BackendTrafficPolicy", name: "opencode-flux" }]);
    expect(found.map(({ path }) => path)).toEqual([
      "kubernetes/apps/opencode/opencode-flux/app/kustomization.yaml",
    ]);
    expect(found[0]?.what).toContain("there is no BackendTrafficPolicy opencode-flux in the tree");
    expect(await lineOnDisk(found[0] ?? { path: release })).toBe("resources:");
  });
});

describe("findPlaces", () => {
  it("follows aliases and merge keys to where the field is written", () => {
    const text =
      "kind: A\nmetadata:\n  name: a\nbase: &base\n  deep: 1\nalias: *base\nmerged:\n  <<: *base\n  own: 2\n";
    const tree = Tree.of([["kubernetes/x.yaml", text]]);
    const lines = [["alias", "deep"], ["merged", "deep"], ["merged", "own"], ["alias"]].map(
      (field) => findPlaces(tree, [{ kind: "A", name: "a", field }])[0]?.line,
    );
    expect(lines).toEqual([5, 5, 9, 6]);
  });

  it("names the application's directory where nothing lists files", () => {
    const tree = Tree.of([["kubernetes/apps/opencode/x.yaml", "kind: A\n"]]);
    expect(findPlaces(tree, [{ kind: "B" }])).toMatchObject([{ path: "kubernetes/apps/opencode/" }]);
  });
});

describe("a kind without a name", () => {
  const ks = (name: string) =>
    `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: ${name}}\nspec: {path: ./x}\n`;
  const place = { kind: "Kustomization", field: ["spec"] };

  it("is no file of kustomize's", () => {
    const tree = Tree.of([
      ["apps/kustomization.yaml", "kind: Kustomization\nresources: [ks.yaml]\n"],
      ["apps/ks.yaml", ks("one")],
    ]);
    expect(findPlaces(tree, [place]).map(({ path }) => path)).toEqual(["apps/ks.yaml"]);
  });

  it("is told of a few, and how many more there are", () => {
    const names = ["a", "b", "c", "d", "e", "f"];
    const found = findPlaces(Tree.of(names.map((name) => [`${name}.yaml`, ks(name)])), [place]);
    expect(found.map(({ path }) => path)).toEqual(["a.yaml", "b.yaml", "c.yaml", "d.yaml"]);
    expect(found.at(-1)?.what).toBe("Kustomization d, spec; and 2 more of this kind");
  });
});
