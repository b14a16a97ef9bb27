import { it } from "vitest";
import { expectTold, type LoneMistake, release, secret, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "shared-repository",
    title: "one repository for both",
    edit: text(release, "jbaker/home-assistant-config.git", "jbaker/k8s-cluster.git"),
    line: /jbaker\/k8s-cluster/,
    message: /have one repository: jbaker\/k8s-cluster/,
  },
  {
    rule: "shared-claim",
    title: "one claim for both",
    edit: text(release, "existingClaim: opencode-ha\n", "existingClaim: opencode-flux\n"),
    line: /existingClaim: opencode-flux/,
    message: /have one claim: opencode\/opencode-flux/,
  },
  {
    rule: "shared-host",
    title: "one host for both",
    edit: text(release, '"ha.opencode.', '"flux.opencode.'),
    line: /flux\.opencode/,
    message: /have one host: flux\.opencode/,
  },
  {
    rule: "shared-password",
    title: "one password for both",
    edit: text(secret, "OPENCODE_HA_SERVER_PASSWORD", "OPENCODE_FLUX_SERVER_PASSWORD"),
    line: /OPENCODE_SERVER_PASSWORD/,
    message: /have one password: OPENCODE_FLUX_SERVER_PASSWORD/,
  },
  {
    rule: "foreign-token",
    title: "the token of the other",
    edit: text(secret, "OPENCODE_HA_GITHUB_PAT", "OPENCODE_FLUX_GITHUB_PAT"),
    line: /OPENCODE_FLUX_GITHUB_PAT/,
    message: /with OPENCODE_FLUX_GITHUB_PAT, which does not open it/,
  },
  {
    rule: "login-of-other-key",
    title: "a login made of the password",
    edit: text(secret, "{{ .OPENCODE_HA_COPILOT_AUTH_JSON }}", "{{ .OPENCODE_HA_SERVER_PASSWORD }}"),
    line: /COPILOT_AUTH_JSON: "\{\{ \.OPENCODE_HA_SERVER/,
    message: /auth\.json of opencode-ha is made of OPENCODE_HA_SERVER_PASSWORD, which holds a password/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
