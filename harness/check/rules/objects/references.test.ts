import { it } from "vitest";
import { expectTold, type LoneMistake, release, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "secret-missing",
    title: "a key that the Secret does not have",
    edit: text(release, "key: GITHUB_PAT", "key: PAT"),
    line: /key: PAT/,
    message: /needs key PAT of Secret opencode-ha-secret/,
  },
  {
    rule: "config-map-missing",
    title: "a ConfigMap that nobody makes",
    edit: text(
      release,
      "      tmp:\n",
      "      scripts:\n        type: configMap\n        name: opencode-ha-scripts\n        globalMounts:\n          - path: /scripts\n      tmp:\n",
    ),
    line: /name: opencode-ha-scripts/,
    message: /ConfigMap opencode\/opencode-ha-scripts/,
  },
  {
    rule: "claim-missing",
    title: "a claim of another name",
    edit: text(release, "existingClaim: opencode-ha\n", "existingClaim: opencode-ha-data\n"),
    line: /existingClaim: opencode-ha-data/,
    message: /mounts claim opencode\/opencode-ha-data/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
