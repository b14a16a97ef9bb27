import { describe, expect, it } from "vitest";
import { redact } from "../base/index.ts";
import { Tree } from "../gitops/index.ts";
import { newCredentials } from "./credentials.ts";
import { generateSecret, wantedSecrets } from "./wanted-secrets.ts";
import { workspaceRepositories } from "./workspace-repositories.ts";

const app = "kubernetes/apps/opencode";

function externalSecret(keys: string[], template = ""): string {
  const data = keys.map((key) => `    - secretKey: ${key}\n      remoteRef:\n        key: ${key}`).join("\n");
  return `apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata:\n  name: secret\nspec:\n  data:\n${data}\n${template}`;
}

function helmRelease(script: string): string {
  return `apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: release\nspec:\n  values:\n    script: |\n      ${script}\n`;
}

const tree = Tree.of([
  [`${app}/opencode-flux/app/externalsecret.yaml`, externalSecret(["FLUX_PAT", "FLUX_PASSWORD"])],
  [
    `${app}/opencode-flux/app/helmrelease.yaml`,
    helmRelease('git clone "https://x-access-token:$GITHUB_PAT@github.com/jbaker/k8s-cluster.git" /work'),
  ],
  [
    `${app}/opencode-ha/app/externalsecret.yaml`,
    externalSecret(
      ["HA_PAT", "HA_AUTH_JSON"],
      '  target:\n    template:\n      data:\n        auth.json: "{{ .HA_AUTH_JSON | b64dec }}"\n',
    ),
  ],
  [
    `${app}/opencode-ha/app/helmrelease.yaml`,
    helmRelease("git clone https://github.com/jbaker/home-assistant-config && true"),
  ],
  ["kubernetes/apps/media/other/app/helmrelease.yaml", helmRelease("git clone https://github.com/a/b.git")],
]);

describe("wantedSecrets", () => {
  it("are the keys that the ExternalSecrets ask for, with their form", () => {
    expect(wantedSecrets(tree).map(({ key, isBase64 }) => [key, isBase64])).toEqual([
      ["FLUX_PAT", false],
      ["FLUX_PASSWORD", false],
      ["HA_PAT", false],
      ["HA_AUTH_JSON", true],
    ]);
  });

  it("name a key once, also where two ask for it", () => {
    const twice = Tree.of([
      ["a.yaml", externalSecret(["SHARED_PAT"])],
      ["b.yaml", externalSecret(["SHARED_PAT"])],
    ]);
    expect(wantedSecrets(twice)).toHaveLength(1);
  });
});

describe("generateSecret", () => {
  const wanted = (key: string, isBase64 = false) => ({ key, isBase64, path: "a.yaml" });

  it("has the shape that the key promises, fresh each time", () => {
    expect(generateSecret(wanted("FLUX_PAT"))).toMatch(/^ghp_\w{36}$/);
    expect(generateSecret(wanted("FLUX_PASSWORD"))).toMatch(/^\w{36}$/);
    expect(generateSecret(wanted("FLUX_PASSWORD"))).not.toBe(generateSecret(wanted("FLUX_PASSWORD")));
    const login = Buffer.from(generateSecret(wanted("HA_AUTH_JSON", true)), "base64").toString();
    expect(JSON.parse(login)).toMatchObject({ "github-copilot": { type: "oauth" } });
  });

  it("refuses a deploy key, with the way out", () => {
    expect(() => generateSecret(wanted("FLUX_DEPLOY_KEY"))).toThrow("over HTTPS with a token, not over SSH");
  });
});

describe("workspaceRepositories", () => {
  it("are what the HelmReleases of the app clone, opened by the tokens beside them", () => {
    expect(workspaceRepositories(tree, wantedSecrets(tree))).toEqual([
      { repository: "jbaker/k8s-cluster", tokenKeys: ["FLUX_PAT"] },
      { repository: "jbaker/home-assistant-config", tokenKeys: ["HA_PAT"] },
    ]);
  });

  it("take all tokens where none stands beside", () => {
    const files: [string, string][] = [
      ["elsewhere/externalsecret.yaml", externalSecret(["SHARED_TOKEN"])],
      [`${app}/one/app/helmrelease.yaml`, helmRelease("git clone https://github.com/jbaker/one.git")],
    ];
    const other = Tree.of(files);
    expect(workspaceRepositories(other, wantedSecrets(other))[0]?.tokenKeys).toEqual(["SHARED_TOKEN"]);
  });
});

describe("newCredentials", () => {
  it("makes every secret known to the redactor, a decoded login and the tokens in it too", () => {
    const { dopplerSecrets, successors, gitToken, repositories } = newCredentials(tree);
    const login = Buffer.from(dopplerSecrets.HA_AUTH_JSON ?? "", "base64").toString();
    const { refresh, access } = JSON.parse(login)["github-copilot"];
    for (const secret of [...Object.values(dopplerSecrets), gitToken, login, refresh, access]) {
      expect(redact(`before ${secret} after`)).toMatch(/^before \[redacted [\w ]+\] after$/);
    }
    expect(repositories[0]).toEqual({
      repository: "jbaker/k8s-cluster",
      tokens: { FLUX_PAT: dopplerSecrets.FLUX_PAT, "FLUX_PAT, rotated": successors.FLUX_PAT },
    });
  });
});
