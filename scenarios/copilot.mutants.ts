import type { Mutant } from "../harness/index.ts";
import { app, replaceInBoth } from "./edits.ts";

const ownLogin = "a prompt in each workspace is answered with that workspace's login";
const held = "nothing is cut within 75 seconds";
const anew = "the document brings a new login, and Copilot answers though nobody restarts a pod";
const renewed = "OpenCode renews the login itself";
const kept = "a pod deleted in mid-answer keeps what was whole, and the renewed login";

const isSeeded = `if [ -f auth.json ] && [ "$(cat auth.json.seeded 2>/dev/null)" = "$wanted" ]; then`;
const policy = "backendtrafficpolicy.yaml";

/*
 * None makes "every word came, once and in order" fail alone: what cuts an answer is caught while it is held, and compression
 * holds back nothing (manifests/README.md). Its controls are harness/copilot/shown-answer.test.ts and copilot.test.ts.
 */
export const mutants: Mutant[] = [
  {
    name: "login-of-the-other",
    title: "opencode-flux has the login of opencode-ha",
    pitfall: 10,
    edit: (tree) =>
      tree.replaceText(
        `${app("opencode-flux")}/externalsecret.yaml`,
        "key: OPENCODE_FLUX_COPILOT_AUTH_JSON",
        "key: OPENCODE_HA_COPILOT_AUTH_JSON",
      ),
    caughtBy: {
      step: ownLogin,
      message: /opencode-flux should ask Copilot with its own login .*, and asks with OPENCODE_HA_/,
    },
  },
  {
    name: "login-read-only",
    title: "auth.json can be read only",
    pitfall: 1,
    edit: replaceInBoth(
      "helmrelease.yaml",
      "chmod 600 auth.json auth.json.seeded",
      "chmod 400 auth.json; chmod 600 auth.json.seeded",
    ),
    caughtBy: { step: renewed, message: /should store a new login in its auth\.json, and cannot/ },
  },
  {
    name: "login-seeded-at-every-start",
    title: "auth.json is written anew whenever the pod starts",
    pitfall: 10,
    overRunning: true,
    edit: replaceInBoth("helmrelease.yaml", isSeeded, "if false; then"),
    caughtBy: { step: kept, message: /should still ask with the login that it has renewed/ },
  },
  {
    name: "login-seeded-once",
    title: "auth.json is written only where there is none",
    pitfall: 11,
    overRunning: true,
    edit: replaceInBoth("helmrelease.yaml", isSeeded, "if [ -f auth.json ]; then"),
    caughtBy: { step: anew, message: /OpenCode shows "Unauthorized: unauthorized: token expired"/ },
  },
  {
    name: "login-without-restart",
    title: "nobody tells Reloader to restart the workspaces",
    pitfall: 11,
    overRunning: true,
    edit: replaceInBoth(
      "helmrelease.yaml",
      'reloader.stakater.com/auto: "true"',
      'reloader.stakater.com/auto: "false"',
    ),
    caughtBy: { step: anew, message: /should start anew with the new login, without anybody's hand/ },
  },
  {
    name: "document-that-stores-nothing",
    title: "the document logs in and forgets to store the login",
    pitfall: 11,
    overRunning: true,
    edit: (tree) => {
      const path = "kubernetes/apps/opencode/login-expired.md";
      tree.replaceText(
        path,
        "scripts/seed-copilot-auth.sh --sync flux",
        "scripts/seed-copilot-auth.sh --dry-run flux",
      );
    },
    caughtBy: { step: anew, message: /opencode-flux should start anew with the new login/ },
  },
  {
    name: "answers-cut-after-30s",
    title: "a request may take 30 seconds",
    pitfall: 4,
    overRunning: true,
    edit: replaceInBoth(policy, "requestTimeout: 0s", "requestTimeout: 30s"),
    caughtBy: { step: held, message: /the answer as events of opencode-(flux|ha) was cut after (29|3\d)\./ },
  },
];
