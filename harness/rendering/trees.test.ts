import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { checkoutDir } from "../base/index.ts";
import { Tree } from "../gitops/index.ts";
import { findWorkspaces } from "./facts/find-workspaces.ts";
import { inBareHome } from "./test-home.ts";
import { objectsOf, rendered } from "./test-tree.ts";
import type { WorkspaceFacts } from "./workspace-facts.ts";

interface Outside {
  doppler: Record<string, { shape: string; base64?: boolean }>;
  repositories: { repository: string; opens: string[] }[];
  zone: string[];
}

async function render(directory: string) {
  const files = globSync("kubernetes/**/*.{yaml,sh,md}", { cwd: directory }).concat(
    globSync("kubernetes/**/{passwd,known_hosts}", { cwd: directory }),
  );
  const tree = await rendered(
    inBareHome(Tree.of(files.map((path) => [path, readFileSync(join(directory, path), "utf8")]))),
  );
  return { tree, workspaces: findWorkspaces(tree) };
}

const named = (workspaces: WorkspaceFacts[]) =>
  workspaces.map(({ namespace, name }) => `${namespace}/${name}`);

describe("manifests/", () => {
  it("has two workspaces, alike but for what is their own", async () => {
    const { tree, workspaces } = await render(join(checkoutDir, "manifests"));
    expect(tree.problems).toEqual([]);
    expect(named(workspaces)).toEqual(["opencode/opencode-flux", "opencode/opencode-ha"]);
    for (const { name, ...facts } of workspaces) {
      const secret = `${name}-secret`;
      expect(facts).toMatchObject({
        initContainers: ["git-clone", "seed-auth", "terminal-library"],
        uid: 1000,
        dataDirectory: "/home/opencode/.local/share/opencode",
        services: [{ name, ports: [4096] }],
        hosts: [{ hostname: `${name.slice("opencode-".length)}.opencode.home.example` }],
        claims: [{ name }],
        password: { source: { secret, key: "OPENCODE_SERVER_PASSWORD" }, userName: "opencode" },
        clones: [
          { transport: "https", container: "git-clone", credentials: [{ secret, key: "GITHUB_PAT" }] },
        ],
        login: { how: "written", container: "seed-auth", source: { secret, key: "COPILOT_AUTH_JSON" } },
        release: { name, controller: name },
      });
    }
  });
});

describe("fixtures/trees", () => {
  const trees = join(checkoutDir, "fixtures", "trees");

  it.each(globSync("*/outside.yaml", { cwd: trees }).map((file) => file.split("/")[0] ?? ""))(
    "%s renders without a problem, and names what outside.yaml has",
    async (name) => {
      const { tree, workspaces } = await render(join(trees, name));
      const outside = parse(readFileSync(join(trees, name, "outside.yaml"), "utf8")) as Outside;
      const keys = Object.keys(outside.doppler);
      expect(tree.problems).toEqual([]);
      for (const { externalSecrets, clones } of workspaces) {
        for (const key of externalSecrets.flatMap((external) => external.keys)) expect(keys).toContain(key);
        for (const { path = "" } of externalSecrets.flatMap((external) => external.finds)) {
          expect(keys.filter((key) => key.startsWith(path))).not.toEqual([]);
        }
        for (const { repository } of clones) {
          expect(outside.repositories.map((known) => known.repository)).toContain(repository);
        }
      }
      for (const { opens } of outside.repositories) for (const key of opens) expect(keys).toContain(key);
    },
  );

  it("single is one workspace in the namespace of others, with a component's claim and no clone", async () => {
    const { tree, workspaces } = await render(join(trees, "single"));
    expect(named(workspaces)).toEqual(["ai/opencode"]);
    expect(workspaces).toMatchObject([
      { clones: [], login: { container: "login" }, claims: [{ name: "opencode" }] },
    ]);
    expect(
      objectsOf(tree, "opencode").find(({ kind }) => kind === "PersistentVolumeClaim")?.spec,
    ).toMatchObject({
      dataSourceRef: { kind: "ReplicationDestination", name: "opencode-dst" },
      resources: { requests: { storage: "10Gi" } },
    });
  });

  it("statefulset has a sidecar, a second Service, another uid and another user", async () => {
    const { workspaces } = await render(join(trees, "statefulset"));
    expect(workspaces).toMatchObject([
      {
        workload: { kind: "StatefulSet", name: "coder" },
        sidecars: ["keeper"],
        uid: 568,
        dataDirectory: "/data/share/opencode",
        services: [{ name: "coder" }, { name: "coder-pods" }],
        claims: [{ name: "data-coder-0" }],
        password: { userName: "jbaker" },
      },
    ]);
  });

  it("one-base has two workspaces of one directory, with executable scripts", async () => {
    const { tree, workspaces } = await render(join(trees, "one-base"));
    expect(workspaces).toMatchObject([
      { name: "atlas", initContainers: ["prepare"], clones: [{ repository: "jbaker/star-charts" }] },
      { name: "borealis", initContainers: ["prepare"], clones: [{ repository: "jbaker/weather-station" }] },
    ]);
    const deployment = objectsOf(tree, "atlas").find(({ kind }) => kind === "Deployment");
    expect(JSON.stringify(deployment)).toContain(`"defaultMode":${0o755}`);
  });

  it("deploy-keys has two workspaces of one release that clone over SSH", async () => {
    const { workspaces } = await render(join(trees, "deploy-keys"));
    expect(workspaces).toMatchObject([
      { name: "studio-house", clones: [{ repository: "jbaker/house", transport: "ssh" }] },
      { name: "studio-infra", clones: [{ repository: "jbaker/infra", transport: "ssh" }] },
    ]);
  });
});
