import { it } from "vitest";
import {
  type Edit,
  expectFound,
  expectTold,
  expectUntold,
  fluxRelease,
  fluxSecret,
  type LoneMistake,
  release,
  text,
  variable,
} from "../test-check.ts";
import { secretField } from "./test-secrets.ts";

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

const mistakes: LoneMistake[] = [
  {
    rule: "token-in-app",
    title: "the token in OpenCode's container",
    edit: text(
      release,
      "            git-clone:\n              - path: /secrets/github\n                readOnly: true\n",
      "            git-clone:\n              - path: /secrets/github\n                readOnly: true\n            app:\n              - path: /secrets/github\n",
    ),
    line: /GITHUB_PAT/,
    message: /gets GITHUB_PAT too/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);

it("finds the token where an agent reads it: beside OpenCode, and under another key", () =>
  expectFound("manifests", [
    [beside(withToken), "token-in-app", /TOKEN: /, /container fetcher of opencode-ha has GITHUB_PAT/],
    [
      (tree) => {
        secretField('SESSION: "{{ .OPENCODE_FLUX_GITHUB_PAT | trim }}"', fluxSecret)(tree);
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
        secretField('OTHER: "{{ .OTHER }}"', fluxSecret)(tree);
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
      secretField('AGAIN: "{{ .OPENCODE_HA_SERVER_PASSWORD }}"'),
    ],
  ],
])("says nothing of a container beside OpenCode with %s", (_, edits) =>
  expectUntold(["token-in-app"], edits),
);
