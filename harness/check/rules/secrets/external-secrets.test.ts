import { it } from "vitest";
import { expectTold, type LoneMistake, secret, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "doppler-key-missing",
    title: "a misspelt key of Doppler",
    edit: text(secret, "        key: OPENCODE_HA_GITHUB_PAT", "        key: OPENCODE_HA_GITHUB_TOKEN"),
    line: /key: OPENCODE_HA_GITHUB_TOKEN/,
    message: /asks Doppler for OPENCODE_HA_GITHUB_TOKEN/,
    remedy: /OPENCODE_HA_GITHUB_PAT\?/,
  },
  {
    rule: "template-key-missing",
    title: "a template that names what is not brought",
    edit: text(secret, "{{ .OPENCODE_HA_SERVER_PASSWORD }}", "{{ .OPENCODE_HA_PASSWORD }}"),
    line: /OPENCODE_HA_PASSWORD/,
    message: /OPENCODE_SERVER_PASSWORD of OPENCODE_HA_PASSWORD, which neither/,
  },
  {
    rule: "store-missing",
    title: "a store that the home does not have",
    edit: text(secret, "name: doppler-secrets", "name: doppler"),
    line: /name: doppler$/,
    message: /ClusterSecretStore doppler, which/,
  },
  {
    rule: "secret-two-writers",
    title: "a script that makes the Secret by hand",
    edit: (tree) =>
      tree.add(
        "scripts/seed.sh",
        "kubectl -n opencode create secret generic opencode-ha-secret --from-file=auth.json\n",
      ),
    line: /create secret/,
    message: /seed\.sh writes Secret opencode-ha-secret/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
