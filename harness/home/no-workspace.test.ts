import { describe, expect, it } from "vitest";
import { Tree } from "../gitops/index.ts";
import type { KubeObject, RenderedKustomization, RenderedTree, RenderProblem } from "../rendering/index.ts";
import { noWorkspace } from "./no-workspace.ts";

const root = { namespace: "flux-system", name: "apps" };
const kustomization = (name: string, objects: KubeObject[] = []): RenderedKustomization => ({
  namespace: "flux-system",
  name,
  path: `kubernetes/apps/${name}`,
  appliedBy: root,
  object: {
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    metadata: { name },
    spec: { sourceRef: { kind: "GitRepository", name: "home" } },
  },
  objects: objects.map((object) => ({ object, by: {} })),
});

function why(
  {
    kustomizations = [],
    problems = [],
    releases = [],
  }: {
    kustomizations?: RenderedKustomization[];
    problems?: RenderProblem[];
    releases?: RenderedTree["releases"];
  },
  files: [string, string][] = [],
) {
  const { code, message, remedy } = noWorkspace(
    "home",
    { kustomizations, problems, releases },
    Tree.of(files),
  );
  return { code, message, remedy };
}

const problem = (name: string, kind: RenderProblem["kind"] = "kustomize"): RenderProblem => ({
  kind,
  message: `${name} cannot be built`,
  kustomization: { namespace: "flux-system", name },
});

describe("a tree in which nothing was found to run OpenCode", () => {
  it("is told what hides it, and not what is wrong with others", () => {
    const kustomizations = [kustomization("games"), kustomization("ai")];
    const files: [string, string][] = [["kubernetes/apps/ai/release.yaml", "image: opencode"]];
    expect(why({ kustomizations, problems: [problem("games"), problem("ai")] }, files)).toMatchObject({
      code: "failed",
      message: "ai cannot be built",
    });
    expect(
      why({ kustomizations, problems: [problem("games"), problem("ai", "blanked")] }, files),
    ).toMatchObject({
      code: "usage",
      message: "nothing in home runs opencode web or opencode serve",
    });
  });

  it("is told of files that come from another source, with the name that this one has", () => {
    const other = (name: string): RenderedKustomization => {
      const one = kustomization(name);
      const spec = { ...one.object.spec, sourceRef: { kind: "GitRepository", name: "elsewhere" } };
      return { ...one, object: { ...one.object, spec } };
    };
    const own = [kustomization("games"), other("opencode")];
    expect(why({ kustomizations: own })).toEqual({
      code: "failed",
      message:
        "Kustomization opencode takes its files from GitRepository flux-system/elsewhere, and those of this repository are GitRepository flux-system/home: nothing of it is seen",
      remedy: "name GitRepository flux-system/home in spec.sourceRef of its ks.yaml",
    });
    const source = {
      apiVersion: "source.toolkit.fluxcd.io/v1",
      kind: "GitRepository",
      metadata: { name: "elsewhere" },
    };
    expect(why({ kustomizations: [kustomization("games", [source]), other("opencode")] })).toMatchObject({
      code: "usage",
      remedy: expect.stringMatching(/checkout of that other repository/),
    });
    expect(why({ kustomizations: [kustomization("opencode"), other("games")] }).message).toMatch(
      /^nothing in/,
    );
  });

  it("is told where the paths of its Kustomizations start, if Flux takes a part of the repository", () => {
    const { appliedBy: _, ...entry } = kustomization("cluster");
    const missing: RenderProblem = {
      ...problem("cluster"),
      message: "kustomization path not found: the tree has no directory clusters/one",
    };
    const files: [string, string][] = [["kubernetes/clusters/one/apps.yaml", ""]];
    const kustomizations = [{ ...entry, problem: missing.message }];
    expect(why({ kustomizations, problems: [missing] }, files)).toMatchObject({
      code: "usage",
      remedy: expect.stringMatching(/start from kubernetes: give --manifests that directory/),
    });
    expect(why({ kustomizations, problems: [missing] }).remedy).toBeUndefined();
  });

  it("is told what is fetched from elsewhere, and so not seen, but not of what is only left out", () => {
    const files: [string, string][] = [["kubernetes/apps/ai/release.yaml", "image: opencode"]];
    const problems = [problem("ai", "remote")];
    const unbuilt = { ...kustomization("ai"), problem: "ai cannot be built" };
    expect(why({ kustomizations: [unbuilt], problems }, files)).toMatchObject({
      code: "environment",
      message: "ai cannot be built",
      remedy: expect.stringMatching(/fetches nothing/),
    });
    expect(why({ kustomizations: [kustomization("ai")], problems }, files).message).toMatch(/^nothing in/);
  });

  it("is told of a Kustomization that Flux does not reach", () => {
    const ks =
      "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: opencode}\nspec: {}\n";
    expect(why({}, [["kubernetes/apps/ai/opencode/ks.yaml", ks]])).toMatchObject({
      code: "failed",
      message: expect.stringMatching(/^kubernetes\/apps\/ai\/opencode\/ks\.yaml: .* does not reach it$/),
      remedy: expect.stringMatching(/resources of the kustomization\.yaml above/),
    });
  });

  it("is told of a chart that cannot be rendered, which is no fault of its own", () => {
    const release = { namespace: "ai", name: "opencode" };
    const fact = { ...release, kustomization: root, isRendered: false, chart: { name: "opencode" } };
    expect(why({ releases: [fact] })).toMatchObject({
      code: "environment",
      message: expect.stringMatching(/made by chart opencode/),
    });
  });

  it("is told of an image that says nothing of a server", () => {
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "opencode", namespace: "ai" },
      spec: {
        selector: {},
        template: {
          spec: {
            initContainers: [{ name: "clone", image: "ghcr.io/anomalyco/opencode:1", command: ["git"] }],
            containers: [{ name: "app", image: "ghcr.io/anomalyco/opencode:1" }],
          },
        },
      },
    };
    expect(why({ kustomizations: [kustomization("ai", [deployment])] })).toMatchObject({
      code: "usage",
      message: expect.stringMatching(
        /^Deployment ai\/opencode runs ghcr\.io\/anomalyco\/opencode:1 without a command/,
      ),
      remedy: expect.stringMatching(/args: \[web/),
    });
  });

  it("is told of a script that is in no ConfigMap", () => {
    const container = {
      name: "app",
      image: "ghcr.io/me/opencode:1",
      command: ["/s/start.sh"],
      volumeMounts: [{ name: "s", mountPath: "/s" }],
    };
    const volumes = [{ name: "s", configMap: { name: "scirpts" } }];
    const deployment = {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "opencode", namespace: "ai" },
      spec: { selector: {}, template: { spec: { containers: [container], volumes } } },
    };
    expect(why({ kustomizations: [kustomization("ai", [deployment])] })).toMatchObject({
      code: "failed",
      message: expect.stringMatching(/runs `\/s\/start\.sh`, which is of ConfigMap ai\/scirpts, and nobody/),
    });
  });

  it("is told to copy the manifests in, where no file speaks of it", () => {
    expect(why({}, [["kubernetes/apps/games/release.yaml", "image: chess"]]).remedy).toMatch(
      /copy its manifests/,
    );
    expect(why({}, [["kubernetes/apps/ai/opencode.yaml", "image: own"]]).remedy).toMatch(/leads to/);
  });
});
