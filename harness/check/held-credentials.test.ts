// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { checkTree } from "./check-tree.ts";
import { added, type Edit, expectFound, podOption, release, secret, text } from "./test-check.ts";

const flux = (path: string) => `kubernetes/apps/opencode/opencode-flux/app/${path}`;
const fluxRelease = flux("helmrelease.yaml");
const fluxSecret = flux("externalsecret.yaml");

/** Right ways to write a thing, of which certain rules say nothing: others may. */
async function expectUntold(ids: readonly string[], edits: readonly Edit[], name = "manifests") {
  const { findings } = await checkTree({ manifests: join(checkoutDir, name) }, (tree) => {
    for (const edit of edits) edit(tree);
  });
  expect(findings.filter(({ id }) => ids.includes(id) || /stumbles/.test(id))).toEqual([]);
}

/** A variable more of OpenCode's container. */
const variable = (lines: string, file = release): Edit =>
  text(
    file,
    '              OPENCODE_DISABLE_AUTOUPDATE: "true"\n',
    `              OPENCODE_DISABLE_AUTOUPDATE: "true"\n              ${lines}\n`,
  );
const fromSecret = (name: string, field: string, of = "opencode-ha-secret") =>
  `${name}: { valueFrom: { secretKeyRef: { name: ${of}, key: ${field} } } }`;

/** A container beside OpenCode's. */
const beside = (lines: string, file = release): Edit =>
  text(
    file,
    "        containers:\n",
    `        containers:
          fetcher:
            image: { repository: docker.io/alpine/git, tag: v2.49.1 }
            command: [/bin/sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"]
            resources: *resources
            ${lines}
`,
  );
const withToken = `env: { ${fromSecret("TOKEN", "GITHUB_PAT")} }`;

/** A key more of the workspace's Secret. */
const field = (line: string, file = secret): Edit =>
  text(file, "        COPILOT_AUTH_JSON:", `        ${line}\n        COPILOT_AUTH_JSON:`);

it("finds the token where an agent reads it: beside OpenCode, and under another key", () =>
  expectFound("manifests", [
    [beside(withToken), "token-in-app", /TOKEN: /, /container fetcher of opencode-ha has GITHUB_PAT/],
    [
      (tree) => {
        field('SESSION: "{{ .OPENCODE_FLUX_GITHUB_PAT | trim }}"', fluxSecret)(tree);
        variable(fromSecret("GH_TOKEN", "SESSION", "opencode-flux-secret"), fluxRelease)(tree);
      },
      "token-in-app",
      /GH_TOKEN/,
      /gets SESSION, made of OPENCODE_FLUX_GITHUB_PAT, with which/,
    ],
  ]));

it("finds it in a sidecar that is an init container, and a key that another workspace clones with", () =>
  expectFound("manifests", [
    [
      text(
        release,
        "          seed-auth:\n            dependsOn",
        `          fetcher:
            image: { repository: docker.io/alpine/git, tag: v2.49.1 }
            command: [/bin/sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"]
            restartPolicy: Always
            resources: *resources
            ${withToken}
          seed-auth:
            dependsOn`,
      ),
      "token-in-app",
      /TOKEN: /,
      /container fetcher of opencode-ha has GITHUB_PAT/,
    ],
    [
      (tree) => {
        tree.replaceText(
          fluxSecret,
          "  data:\n    - secretKey",
          "  data:\n    - secretKey: OTHER\n      remoteRef: { key: OPENCODE_HA_GITHUB_PAT }\n    - secretKey",
        );
        field('OTHER: "{{ .OTHER }}"', fluxSecret)(tree);
        variable(fromSecret("REVIEW", "OTHER", "opencode-flux-secret"), fluxRelease)(tree);
      },
      "token-in-app",
      /REVIEW/,
      /gets OTHER, made of OPENCODE_HA_GITHUB_PAT, which opens repositories/,
    ],
  ]));

it.each<[string, Edit[]]>([
  ["another user", [beside(`securityContext: { runAsUser: 1001 }\n            ${withToken}`)]],
  ["another group", [beside(`securityContext: { runAsGroup: 1001 }\n            ${withToken}`)]],
  [
    "no shared processes",
    [beside(withToken), text(release, "shareProcessNamespace: true", "shareProcessNamespace: false")],
  ],
  [
    "no token",
    [
      beside("env: { HOME: /tmp }"),
      variable(fromSecret("PASSWORD_AGAIN", "AGAIN")),
      field('AGAIN: "{{ .OPENCODE_HA_SERVER_PASSWORD }}"'),
    ],
  ],
])("says nothing of a container beside OpenCode with %s", (_, edits) =>
  expectUntold(["token-in-app"], edits));
