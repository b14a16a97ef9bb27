// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux or a shell substitutes it, not JavaScript.
import { describe, expect, it } from "vitest";
import { Tree } from "../gitops/index.ts";
import { configMap, homeWith, objectsOf, rendered } from "./test-tree.ts";

describe("a rendered Kustomization", () => {
  it("has its parent's patches, its target namespace, and the settings of the home", async () => {
    const tree = await rendered(
      homeWith({ "a.yaml": configMap("a", "zone: ${TIMEZONE}\nhost: a.${SECRET_DOMAIN}") }),
    );
    const [garden] = tree.kustomizations.filter(({ name }) => name === "garden");
    expect(tree.problems).toEqual([]);
    expect(garden).toMatchObject({
      path: "kubernetes/apps/garden/app",
      appliedBy: { namespace: "flux-system", name: "cluster-apps" },
      object: {
        spec: { postBuild: { substituteFrom: [{ name: "cluster-settings" }, { name: "cluster-secrets" }] } },
      },
      objects: [
        {
          file: "kubernetes/apps/garden/app/a.yaml",
          object: {
            metadata: { name: "a", namespace: "garden" },
            data: { zone: "Etc/UTC", host: "a.home.example" },
          },
        },
      ],
    });
  });

  it("is built also where Flux can read none of its labels", async () => {
    const ks = { metadata: { name: "beds", namespace: "flux-system", labels: { enabled: false } } };
    const spec = { path: "./kubernetes/beds", sourceRef: { kind: "GitRepository", name: "home-kubernetes" } };
    const beds = { apiVersion: "kustomize.toolkit.fluxcd.io/v1", kind: "Kustomization", ...ks, spec };
    const files = {
      "beds.yaml": JSON.stringify(beds),
      "kubernetes/beds/a.yaml": configMap("a", "x: y"),
    };
    const tree = await rendered(homeWith(files, { targetNamespace: undefined }));
    expect(tree.problems).toEqual([]);
    expect(objectsOf(tree, "beds")).toHaveLength(1);
  });

  it("is built also where its fields are left empty", async () => {
    const sourceRef = { kind: "GitRepository", name: "home-kubernetes" };
    const empty = { components: null, dependsOn: null, patches: null, postBuild: { substitute: null } };
    const beds = {
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata: { name: "beds", namespace: "flux-system", labels: null },
      spec: { path: "./kubernetes/beds", sourceRef, ...empty },
    };
    const files = {
      "beds.yaml": JSON.stringify(beds),
      "kubernetes/beds/a.yaml": configMap("a", "x: y"),
    };
    const tree = await rendered(homeWith(files, { targetNamespace: undefined, ...empty }));
    expect(tree.problems).toEqual([]);
    expect(objectsOf(tree, "beds")).toHaveLength(1);
  });

  it("takes components, a prefix, patches, images and common labels from Flux", async () => {
    const tree = await rendered(
      homeWith(
        {
          "a.yaml": configMap("a", "x: y"),
          "pod.yaml":
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: old:1}]}\n",
          "kubernetes/components/more/kustomization.yaml":
            "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [b.yaml]\n",
          "kubernetes/components/more/b.yaml": configMap("b", "from: component"),
        },
        {
          components: ["../../../components/more", "../../../components/none"],
          ignoreMissingComponents: true,
          namePrefix: "my-",
          images: [{ name: "old", newName: "new", newTag: "2" }],
          patches: [
            { target: { kind: "ConfigMap", name: "a" }, patch: "- {op: add, path: /data/z, value: patched}" },
          ],
          commonMetadata: { labels: { team: "garden" } },
        },
      ),
    );
    expect(tree.problems).toEqual([]);
    expect(objectsOf(tree)).toMatchObject([
      { metadata: { name: "my-a", labels: { team: "garden" } }, data: { x: "y", z: "patched" } },
      { metadata: { name: "my-b" } },
      { metadata: { name: "my-p" }, spec: { containers: [{ image: "new:2" }] } },
    ]);
    expect(objectsOf(tree)[0]?.metadata.annotations).toBeUndefined();
  });

  it("reads values as Flux does: a number stays one, and a variable may become one", async () => {
    const pod = `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {mode: 0755, port: "\${PORT}", word: yes}\n`;
    const tree = await rendered(homeWith({ "p.yaml": pod }, { postBuild: { substitute: { PORT: "4096" } } }));
    expect(objectsOf(tree)[0]?.spec).toEqual({ mode: 0o755, port: 4096, word: "yes" });
  });

  it("has what a webhook of the home puts into each Kustomization", async () => {
    const release =
      "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: kustomize-mutating-webhook}\nspec: {}\n";
    const files = {
      "a.yaml": configMap("a", "tree: ${TREE}\nshed: ${SHED}\nown: ${OWN}"),
      "webhook/release.yaml": release,
      "webhook/values.yaml": "configMaps:\n  - name: trees\nsecrets:\n  - name: sheds\n",
      "webhook/kustomization.yaml": "resources: [./release.yaml, ./trees.yaml]\n",
      "webhook/trees.yaml": configMap("trees", "TREE: oak\nOWN: theirs"),
      "kustomization.yaml": "resources: [./a.yaml, ./webhook]\n",
    };
    const ks = { postBuild: { substitute: { OWN: "mine" } } };
    for (const [more, own] of [
      [ks, "mine"],
      [{}, "theirs"],
    ] as const) {
      const tree = await rendered(homeWith(files, more));
      expect(tree.problems.filter(({ kind }) => kind === "blanked")).toEqual([]);
      expect(objectsOf(tree)[0]?.data).toEqual({ tree: "oak", shed: expect.stringMatching(/shed/i), own });
    }
  });

  it("substitutes from what another Kustomization generates", async () => {
    const own = {
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata: { name: "colours", namespace: "flux-system" },
      spec: {
        path: "./kubernetes/apps/colours",
        sourceRef: { kind: "GitRepository", name: "home-kubernetes" },
        targetNamespace: "flux-system",
      },
    };
    const home = homeWith(
      {
        "a.yaml": configMap("a", "colour: ${COLOUR}"),
        "kubernetes/apps/garden/colours.yaml": JSON.stringify(own),
        "kubernetes/apps/colours/kustomization.yaml":
          "configMapGenerator: [{name: colours, literals: [COLOUR=green], options: {disableNameSuffixHash: true}}]\n",
      },
      { postBuild: { substituteFrom: [{ kind: "ConfigMap", name: "colours" }] } },
    );
    home.replaceText("kubernetes/apps/garden/kustomization.yaml", "./ks.yaml", "./ks.yaml, ./colours.yaml");
    // The home's patch would replace the list.
    home.replaceText(
      "kubernetes/flux/apps.yaml",
      "kind: Kustomization\n        labelSelector",
      "kind: Nothing\n        labelSelector",
    );
    const tree = await rendered(home);
    expect(objectsOf(tree)).toMatchObject([{ data: { colour: "green" } }]);
  });

  it("leaves objects alone that say so", async () => {
    const text = configMap("a", "raw: ${TIMEZONE}").replace(
      "  name: a",
      "  name: a\n  annotations: {kustomize.toolkit.fluxcd.io/substitute: disabled}",
    );
    const tree = await rendered(homeWith({ "a.yaml": text }));
    expect(objectsOf(tree)).toMatchObject([{ data: { raw: "${TIMEZONE}" } }]);
  });

  it("is built as if it were alone where two share a base", async () => {
    const home = homeWith(
      { "a.yaml": configMap("${APP}", "app: ${APP}") },
      { postBuild: { substitute: { APP: "one" } } },
    );
    const second = JSON.parse(home.text("kubernetes/apps/garden/ks.yaml"));
    second.metadata.name = "second";
    second.spec.postBuild.substitute.APP = "two";
    second.spec.targetNamespace = "other";
    home.add("kubernetes/apps/garden/second.yaml", JSON.stringify(second));
    home.replaceText("kubernetes/apps/garden/kustomization.yaml", "./ks.yaml", "./ks.yaml, ./second.yaml");
    const tree = await rendered(home);
    expect(objectsOf(tree, "garden")).toMatchObject([{ metadata: { name: "one", namespace: "garden" } }]);
    expect(objectsOf(tree, "second")).toMatchObject([{ metadata: { name: "two", namespace: "other" } }]);
  });
});

describe("a secret of SOPS", () => {
  const secret = `apiVersion: v1
kind: Secret
metadata: {name: keys}
stringData: {TOKEN: "ENC[AES256_GCM,data:x,type:str]", plain: text}
sops: {mac: "ENC[AES256_GCM,data:y,type:str]"}
`;
  const decryption = { decryption: { provider: "sops" } };

  it("has its keys, and the values of the run or a placeholder", async () => {
    const home = homeWith({ "s.yaml": secret }, decryption);
    expect(objectsOf(await rendered(home))[0]).toEqual({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "keys", namespace: "garden" },
      stringData: { TOKEN: "token.invalid", plain: "text" },
    });
    const known = await rendered(home, { secretValue: (...where) => where.join("/") });
    expect(objectsOf(known)).toMatchObject([{ stringData: { TOKEN: "garden/keys/TOKEN" } }]);
  });

  it("is a problem where the Kustomization does not decrypt", async () => {
    const { problems } = await rendered(homeWith({ "s.yaml": secret }));
    expect(problems).toMatchObject(
      [{ kind: "substitution", message: /SOPS encrypted, configuring decryption/ }].map(
        ({ kind, message }) => ({ kind, message: expect.stringMatching(message) }),
      ),
    );
  });

  it("opens files of generators too", async () => {
    const tree = await rendered(
      homeWith(
        {
          "kustomization.yaml":
            "secretGenerator: [{name: keys, envs: [keys.env], options: {disableNameSuffixHash: true}}]\n",
          "keys.env": "TOKEN=ENC[AES256_GCM,data:x,type:str]\nsops_mac=ENC[AES256_GCM,data:y,type:str]\n",
        },
        decryption,
      ),
    );
    expect(objectsOf(tree)).toMatchObject([
      { data: { TOKEN: Buffer.from("encrypted.invalid").toString("base64") } },
    ]);
    expect(Object.keys(objectsOf(tree)[0]?.data as object)).toEqual(["TOKEN"]);
  });
});

describe("a problem", () => {
  const problemsOf = async (files: Record<string, string>, ks?: Record<string, unknown>) =>
    (await rendered(homeWith(files, ks))).problems;
  const app = "kubernetes/apps/garden/app";

  it("is a variable that nobody sets, with file and line", async () => {
    expect(await problemsOf({ "a.yaml": configMap("a", "script: |\n  cd ${repo}") })).toMatchObject([
      { kind: "blanked", variable: "repo", file: `${app}/a.yaml`, line: 7 },
    ]);
  });

  it("is what kustomize says, with the file that it speaks of", async () => {
    const files = { "kustomization.yaml": "resources: [./none.yaml]\n" };
    expect(await problemsOf(files)).toMatchObject([
      {
        kind: "kustomize",
        message: expect.stringMatching(/kustomize build failed.*none\.yaml.*no such file/s),
        file: `${app}/kustomization.yaml`,
      },
    ]);
    const broken = await problemsOf({ "a.yaml": "apiVersion: v1\nkind: ConfigMap\n  metadata: x\n" });
    expect(broken).toMatchObject([{ kind: "kustomize", file: `${app}/a.yaml`, line: 3 }]);
    expect(JSON.stringify(broken)).not.toContain("/tmp/");
  });

  it("is a variable that nobody sets, though every object of JavaScript has one of that name", async () => {
    const tree = homeWith(
      { "map.yaml": configMap("map", "key: a${constructor}b") },
      { postBuild: { substitute: { A: "x" } } },
    );
    const { problems, ...all } = await rendered(tree);
    expect(problems).toMatchObject([{ kind: "blanked", variable: "constructor" }]);
    expect(objectsOf({ ...all, problems })).toMatchObject([{ data: { key: "ab" } }]);
  });

  it("is a form of substitution that Flux does not know", async () => {
    expect(await problemsOf({ "a.yaml": configMap("a", "script: echo ${list[0]}") })).toMatchObject([
      {
        kind: "substitution",
        message: expect.stringContaining("missing closing brace"),
        file: `${app}/a.yaml`,
      },
    ]);
  });

  it("is a source of variables that nobody makes, unless it is optional", async () => {
    const home = homeWith({ "a.yaml": configMap("a", "x: y") });
    home.replaceText("kubernetes/flux/apps.yaml", "name: cluster-settings", "name: other-settings");
    const tree = await rendered(home);
    expect(tree.problems).toMatchObject([
      {
        kind: "missing",
        message: expect.stringContaining("ConfigMap/other-settings"),
        file: "kubernetes/apps/garden/ks.yaml",
      },
    ]);
    home.replaceText(
      "kubernetes/flux/apps.yaml",
      "name: other-settings",
      "name: other-settings\n                optional: true",
    );
    expect((await rendered(home)).problems).toEqual([]);
  });

  it("is a directory that is not there, and a field that Flux drops", async () => {
    expect(await problemsOf({}, { path: "./kubernetes/apps/none" })).toMatchObject([
      {
        kind: "kustomize",
        message: expect.stringContaining("kubernetes/apps/none"),
        file: "kubernetes/apps/garden/ks.yaml",
      },
    ]);
    const misspelt = { "a.yaml": configMap("a", "x: y"), "kustomization.yaml": "resorces:\n  - ./a.yaml\n" };
    expect(await problemsOf(misspelt)).toMatchObject([
      { kind: "ignored", file: `${app}/kustomization.yaml`, line: 1 },
    ]);
  });

  it("is what comes from elsewhere; the rest of the directory is there", async () => {
    const tree = await rendered(
      homeWith({
        "kustomization.yaml": "resources:\n  - https://example.org/crds.yaml\n  - ./a.yaml\n",
        "a.yaml": configMap("a", "x: y"),
      }),
    );
    expect(tree.problems).toMatchObject([{ kind: "remote", file: `${app}/kustomization.yaml`, line: 2 }]);
    expect(objectsOf(tree)).toHaveLength(1);
  });

  it("is a Kustomization that applies itself under ever new names", async () => {
    const self = {
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata: { name: "garden-${APP}" },
      spec: {
        path: "./kubernetes/apps/garden/app",
        sourceRef: { kind: "GitRepository", name: "home-kubernetes", namespace: "flux-system" },
        postBuild: { substitute: { APP: "${APP}x" } },
      },
    };
    const tree = homeWith({ "self.yaml": JSON.stringify(self) }, { postBuild: { substitute: { APP: "x" } } });
    const { problems, kustomizations } = await rendered(tree);
    expect(problems.map(({ message }) => message)).toContainEqual(expect.stringContaining("no end is seen"));
    expect(kustomizations.length).toBeLessThan(100);
  });

  it("is no failure that nothing else is in a directory, or that a patch is of what comes from elsewhere", async () => {
    const tree = await rendered(
      homeWith({
        "kustomization.yaml": "resources: [./crds, ./a.yaml]\n",
        "crds/kustomization.yaml": "resources:\n  # definitions\n  - https://example.org/crds.yaml\n",
        "a.yaml": configMap("a", "x: y"),
      }),
    );
    expect(tree.problems.map(({ kind }) => kind)).toEqual(["remote"]);
    expect(objectsOf(tree)).toHaveLength(1);
    const patched = await problemsOf({
      "kustomization.yaml":
        "resources:\n  - https://example.org/operator.yaml\n  - ./a.yaml\npatches:\n  - patch: |\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata: {name: operator}\n",
      "a.yaml": configMap("a", "x: y"),
    });
    expect(patched.map(({ kind }) => kind)).toEqual(["remote", "remote"]);
  });

  it("is none that a Kustomization is suspended, or comes from another source", async () => {
    const suspended = await rendered(homeWith({}, { suspend: true }));
    const foreign = await rendered(homeWith({}, { sourceRef: { kind: "OCIRepository", name: "other" } }));
    for (const { kustomizations, problems } of [suspended, foreign]) {
      expect(problems).toEqual([]);
      expect(kustomizations.at(-1)).toMatchObject({
        name: "garden",
        objects: [],
        problem: expect.any(String),
      });
    }
  });
});

/** A home whose parent says nothing of substitution; its one app substitutes from this source. */
function homeSubstituting(source: { kind: string; name: string }, files: Record<string, string>): Tree {
  const flux = (name: string, path: string, postBuild?: object) =>
    JSON.stringify({
      apiVersion: "kustomize.toolkit.fluxcd.io/v1",
      kind: "Kustomization",
      metadata: { name, namespace: "flux-system" },
      spec: { path, sourceRef: { kind: "GitRepository", name: "home" }, ...(postBuild ? { postBuild } : {}) },
    });
  return Tree.of([
    ["kubernetes/flux/apps.yaml", flux("apps", "./kubernetes/apps")],
    ["kubernetes/apps/garden/ks.yaml", flux("garden", "./kubernetes/garden", { substituteFrom: [source] })],
    ...Object.entries(files),
  ]);
}

describe("what External Secrets makes", () => {
  const secret = (spec: string) =>
    `apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: tokens, namespace: flux-system}\nspec: ${spec}\n`;
  const of = async (spec: string) => {
    const tree = await rendered(
      homeSubstituting(
        { kind: "Secret", name: "tokens" },
        {
          "kubernetes/garden/a.yaml": configMap(
            "a",
            "known: ${TOKEN}\nother: ${OTHER}\nusual: ${MISSING:-usual}",
          ),
          "kubernetes/apps/tokens/externalsecret.yaml": secret(spec),
        },
      ),
    );
    const problems = tree.problems.map(({ message }) => message);
    return { problems, data: objectsOf(tree)[0]?.data };
  };

  it("is substituted from by its keys; another one is not there", async () => {
    expect(await of("{data: [{secretKey: TOKEN, remoteRef: {key: T}}]}")).toEqual({
      problems: [expect.stringMatching(/\$\{OTHER\} in ConfigMap a has no value/)],
      data: { known: "token.invalid", other: null, usual: "usual" },
    });
  });

  it("may have every key where it takes what the store has", async () => {
    expect(await of("{dataFrom: [{extract: {key: all}}]}")).toEqual({
      problems: [],
      data: { known: "token.invalid", other: "other.invalid", usual: "usual" },
    });
  });
});

it("substitutes from what a component brings, also before that has a namespace", async () => {
  const component =
    "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\nresources: [settings.yaml]\n";
  const list =
    "namespace: flux-system\nresources: [./garden/ks.yaml]\ncomponents: [../components/settings]\n";
  const tree = await rendered(
    homeSubstituting(
      { kind: "ConfigMap", name: "own-settings" },
      {
        "kubernetes/garden/a.yaml": configMap("a", "zone: ${ZONE}"),
        "kubernetes/components/settings/kustomization.yaml": component,
        "kubernetes/components/settings/settings.yaml": configMap("own-settings", "ZONE: Etc/UTC"),
        "kubernetes/apps/kustomization.yaml": list,
      },
    ),
  );
  expect(tree.problems).toEqual([]);
  expect(objectsOf(tree)[0]?.data).toEqual({ zone: "Etc/UTC" });
});
