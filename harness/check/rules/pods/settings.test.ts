import { it } from "vitest";
import {
  added,
  type Edit,
  expectFound,
  expectNothing,
  expectSilence,
  fluxRelease,
  release,
  text,
  variable,
} from "../test-check.ts";

/** opencode.json in a ConfigMap, mounted where OpenCode looks for it. */
const file = (settings: string): [map: Edit, mount: Edit] => [
  added(
    "settings.yaml",
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: opencode\ndata:\n  opencode.json: |\n    ${settings}\n`,
  ),
  text(
    release,
    "    persistence:\n",
    "    persistence:\n      settings:\n        type: configMap\n        name: settings\n        advancedMounts:\n          opencode-ha:\n            app:\n              - path: /etc/opencode/opencode.json\n                subPath: opencode.json\n",
  ),
];

it("finds settings by variables that publish sessions, leave Copilot out, or come to nothing", () =>
  expectFound("manifests", [
    [
      variable('OPENCODE_AUTO_SHARE: "true"', fluxRelease),
      "sessions-published",
      /OPENCODE_AUTO_SHARE/,
      /opncd/,
    ],
    [
      variable(`OPENCODE_CONFIG_CONTENT: '{"enabled_providers": ["anthropic"]}'`),
      "copilot-off",
      /enabled_providers/,
      /leaves out github-copilot.*add it/,
    ],
    [
      variable("OPENCODE_CONFIG: /etc/opencode.json"),
      "settings-missing",
      /OPENCODE_CONFIG: /,
      /lies on no volume/,
    ],
    [
      variable('OPENCODE_DB: ":memory:"', fluxRelease),
      "sessions-in-memory",
      /OPENCODE_DB/,
      /end with the process/,
    ],
  ]));

it("finds the same in a file of a ConfigMap", () => {
  const [map, mount] = file('{ "share": "auto", /* not him */ "disabled_providers": ["github-copilot"], }');
  return expectFound("manifests", [
    [map, "sessions-published", /"share"/, /of ConfigMap settings/],
    [mount, "copilot-off", /disabled_providers/, /disabled_providers names github-copilot/],
  ]);
});

it("says nothing of settings that leave all as it is", () =>
  expectSilence("manifests", [
    variable('OPENCODE_AUTO_SHARE: "false"', fluxRelease),
    variable("OPENCODE_CONFIG: /etc/opencode/opencode.json"),
    ...file('{ "share": "disabled", "enabled_providers": ["github-copilot"] }'),
  ]));

it("goes by the word that counts last, and by who switches sharing off", () => {
  const [map, mount] = file(
    '{ "share": "auto", "autoshare": true, "disabled_providers": ["github-copilot"] }',
  );
  return expectSilence("manifests", [
    map,
    mount,
    variable(`OPENCODE_CONFIG_CONTENT: '{"share": "disabled", "disabled_providers": []}'`),
    variable('OPENCODE_AUTO_SHARE: "true"'),
  ]);
});

it("leaves a file on the workspace's volume to its owner", () =>
  expectNothing("manifests", [variable("OPENCODE_CONFIG: /home/opencode/.config/opencode/mine.json")]));
