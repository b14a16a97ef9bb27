import { mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { readTree, Tree } from "../gitops/index.ts";
import { entryFor, externalDnsOf, fixtureHome, fluxEntryOf, type Home, openHome, sourceOf } from "./index.ts";
import { layInto } from "./lay-into.ts";
import { findNeeds } from "./needs.ts";
import { outsideFor } from "./open-home.ts";
import { readOutside } from "./outside.ts";
import { homeRules } from "./test-rules.ts";

let home: Home;
beforeAll(async () => {
  home = await openHome({ manifests: join(checkoutDir, "manifests") });
}, 60_000);

const names = (kustomizations: { name: string }[]) => kustomizations.map(({ name }) => name).sort();

describe("manifests/ in fixtures/home", () => {
  it("are laid in as their owner would: the home keeps its own template", () => {
    expect(home.kept).toContain("kubernetes/templates/volsync/claim.yaml");
    expect(home.tree.files.has("kubernetes/templates/volsync/externalsecret.yaml")).toBe(false);
    expect(home.fileOf("kubernetes/templates/volsync/claim.yaml")).toMatch(/fixtures\/home/);
    expect(home.fileOf("kubernetes/apps/opencode/namespace.yaml")).toMatch(/manifests/);
  });

  it("give two workspaces, and what they lean on", () => {
    expect(home.workspaces.map(({ name }) => name)).toEqual(["opencode-flux", "opencode-ha"]);
    expect(names(home.needs.ofWorkspaces)).toEqual(["opencode-certificate", "opencode-flux", "opencode-ha"]);
    expect(names(home.needs.ofHome)).toEqual([
      "cert-manager-issuers",
      "certificates-import",
      "envoy-gateway",
      "external-secrets-stores",
      "rook-ceph-cluster",
    ]);
    expect(home.needs.gateways).toEqual(["network/envoy-internal"]);
  });

  it("are told of what the documents say is outside, and not of what the tree asks for", () => {
    expect(home.blind).toEqual([]);
    expect(Object.keys(home.outside.doppler)).toContain("OPENCODE_FLUX_GITHUB_PAT");
    expect(home.sops.all.get("cluster-secrets/SECRET_DOMAIN")).toBe("angryninja.cloud");
  });

  it("have beside them external-dns with the home's sources, filters and policy", () => {
    expect(externalDnsOf(home.rendered)).toEqual({
      namespace: "network",
      args: [
        "--source=crd",
        "--source=ingress",
        "--source=gateway-httproute",
        "--policy=sync",
        "--registry=txt",
        "--domain-filter=angryninja.cloud",
        "--cloudflare-proxied",
        "--annotation-filter=external-dns.home.arpa/enabled in (true)",
      ],
    });
  });

  it("are served to Flux under the address that the home's repository has", () => {
    expect(sourceOf(home.rendered)).toMatchObject({
      repository: "jbaker/home-kubernetes",
      secret: "github-deploy-key",
      isAdapted: false,
    });
    expect(fluxEntryOf(home.rendered).parents.map(({ name }) => name)).toEqual(["cluster", "cluster-apps"]);
  });
});

describe("the entry", () => {
  it("suspends what no workspace needs, and leaves the workspaces' own alone", () => {
    const { objects, leftOut } = entryFor(home.rendered, home.needs, homeRules(home));
    expect(objects.map((object) => (object as { metadata: { name: string } }).metadata.name)).toEqual([
      "cluster",
    ]);
    expect(leftOut).toContain("flux-system/volsync");
    expect(leftOut.join()).not.toMatch(/opencode|envoy-gateway/);
    expect(JSON.stringify(objects)).not.toMatch(/\^opencode-flux\$/);
  });

  it("says what was replaced, what was adapted and what was left out", () => {
    const { replaced } = entryFor(home.rendered, home.needs, homeRules(home));
    expect(replaced).toContainEqual({
      what: "HelmRelease of Kustomization rook-ceph-cluster",
      how: "stand-in",
    });
    expect(replaced).toContainEqual({
      what: "Gateway envoy-external of Kustomization envoy-gateway",
      how: "left out",
    });
  });
});

it("a dependency that nobody in the home has is an error at once, with its place", () => {
  const [first, ...others] = home.rendered.kustomizations.filter(({ name }) => name === "opencode-flux");
  expect(others).toEqual([]);
  const object = structuredClone(first?.object) as unknown as { spec: { dependsOn: { name: string }[] } };
  object.spec.dependsOn = [{ name: "rook-cehp" }];
  const kustomizations = home.rendered.kustomizations.map((one) =>
    one === first ? ({ ...one, object } as unknown as typeof one) : one,
  );
  const find = () => findNeeds({ ...home.rendered, kustomizations }, home.workspaces);
  expect(find).toThrow(
    /Kustomization opencode-flux depends on Kustomization flux-system\/rook-cehp, which nobody/,
  );
});

it("a tree's file goes in unless the home has one of that name", () => {
  const ofHome = Tree.of([["kubernetes/templates/t/kustomization.yaml", "home"]]);
  const own = Tree.of([
    ["kubernetes/templates/t/kustomization.yaml", "tree"],
    ["kubernetes/templates/t/claim.yaml", "tree"],
    ["kubernetes/apps/a/ks.yaml", "tree"],
  ]);
  const { tree, kept, replaced } = layInto(ofHome, own);
  expect([...tree.files.keys()].sort()).toEqual([
    "kubernetes/apps/a/ks.yaml",
    "kubernetes/templates/t/kustomization.yaml",
  ]);
  expect(tree.text("kubernetes/templates/t/kustomization.yaml")).toBe("home");
  expect(kept).toEqual(["kubernetes/templates/t/kustomization.yaml"]);
  expect([...replaced.keys()]).toEqual([
    "kubernetes/templates/t/kustomization.yaml",
    "kubernetes/templates/t/claim.yaml",
  ]);
});

describe("outside.yaml", () => {
  const fileWith = async (text: string) => {
    const directory = await mkdtemp(join(tmpdir(), "outside-"));
    onTestFinished(() => rm(directory, { recursive: true }));
    await writeFile(join(directory, "outside.yaml"), text);
    return join(directory, "outside.yaml");
  };

  it("is the small home's for a copy of manifests/, wherever that is, and not for other workspaces", async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), "copy-"));
    onTestFinished(() => rm(elsewhere, { recursive: true }));
    const copy = await readTree(join(checkoutDir, "manifests"));
    expect(await outsideFor(elsewhere, copy)).toBe(join(fixtureHome, "outside.yaml"));
    expect(
      await outsideFor(elsewhere, await readTree(join(checkoutDir, "fixtures/trees/single"))),
    ).toBeUndefined();
    expect(await outsideFor(elsewhere, home.tree)).toBeUndefined();
  });

  it("beside a tree is no link out of it", async () => {
    const file = await fileWith("zone: []\n");
    const tree = await mkdtemp(join(tmpdir(), "tree-"));
    onTestFinished(() => rm(tree, { recursive: true }));
    await symlink(file, join(tree, "outside.yaml"));
    expect(await outsideFor(tree, new Tree([]))).toBeUndefined();
    expect(await outsideFor(join(file, ".."), new Tree([]))).toBe(file);
  });

  it.each([
    [
      "a key that opens a repository and is nowhere",
      "repositories: [{repository: a/b, opens: [PAT]}]",
      /PAT opens/,
    ],
    ["an unknown shape", "doppler: {PAT: {shape: token}}", /shape/],
    ["YAML that cannot be read", "doppler: [", /outside\.yaml/],
  ])("is refused with %s", async (_what, text, message) => {
    const read = readOutside(await fileWith(text));
    await expect(read).rejects.toMatchObject({ code: "usage" });
    await expect(read).rejects.toThrow(message);
  });
});
