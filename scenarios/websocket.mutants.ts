import type { Mutant } from "../harness/index.ts";
import { homePolicies, inBoth, replaceInBoth, takeAway } from "./edits.ts";

const policy = "backendtrafficpolicy.yaml";
const held = "no stream is cut within 75 seconds";
const opened = "terminals and event streams of both workspaces open, some idle and some busy";
const cutAfter = (seconds: string) =>
  new RegExp(`the (busy|idle) event stream of opencode-(flux|ha) was cut after ${seconds}\\.\\d\\d s`);

/** Envoy's own limit for a whole answer, where no policy reaches the route. */
const cutByDefault = cutAfter("1[56]");

/** The timeouts that both the gateway's policy and the workspaces' own give to requests. */
const unlimited = "      requestTimeout: 0s\n";

/*
 * Two mistakes of the seeds are none with Envoy Gateway 1.7, so there is no mutant for them (manifests/README.md):
 * a Service without `appProtocol` (`kubernetes.io/ws` changes nothing, only `kubernetes.io/h2c` does), and a short
 * `connectionIdleTimeout` (it counts while a connection carries no stream). Nor is one, where the home has a gateway-wide
 * policy, a workspace without a policy of its own, or with one that reaches no route: the gateway's is theirs then.
 *
 * None makes "every byte came" fail alone: nothing of the tree loses bytes of a stream that it leaves open. Its control is
 * harness/workspace/held-streams.test.ts.
 */
export const mutants: Mutant[] = [
  {
    name: "no-terminal-library",
    title: "OpenCode keeps its own library for terminals, which is for glibc",
    edit: replaceInBoth(
      "helmrelease.yaml",
      "              BUN_PTY_LIB: /opt/opencode-lib/librust_pty_musl.so\n",
      "",
    ),
    caughtBy: {
      step: opened,
      message: /terminal of opencode-(flux|ha) cannot be opened: OpenCode itself answers POST \/pty with 500/,
    },
  },
  {
    name: "policy-forgets-request-timeout",
    title: "the workspaces' own policies replace the gateway's and give no requestTimeout",
    pitfall: 4,
    overRunning: true,
    edit: replaceInBoth(policy, unlimited, ""),
    caughtBy: { step: held, message: cutByDefault },
  },
  {
    name: "request-timeout-30s",
    title: "the policy gives a request 30 seconds",
    pitfall: 4,
    overRunning: true,
    edit: replaceInBoth(policy, "requestTimeout: 0s", "requestTimeout: 30s"),
    caughtBy: { step: held, message: cutAfter("3[01]") },
  },
  {
    name: "no-policy-anywhere",
    title: "the home's gateway has no policy, and the workspaces have none of their own",
    pitfall: 4,
    overRunning: true,
    edit: (tree) => {
      inBoth((edited, workspace) => void takeAway(edited, workspace, policy))(tree);
      tree.replaceText(homePolicies, unlimited, "");
    },
    caughtBy: { step: held, message: cutByDefault },
  },
  {
    name: "policy-on-another-route",
    title: "the gateway has no policy, and the workspaces' own name another route",
    pitfall: 4,
    overRunning: true,
    edit: (tree) => {
      tree.replaceText(homePolicies, unlimited, "");
      inBoth((edited, workspace) =>
        edited.editObject({ kind: "BackendTrafficPolicy", name: workspace }, ({ spec }) => {
          const [target] = (spec as { targetRefs: { name: string }[] }).targetRefs;
          if (target) target.name = `${workspace}-app`;
        }),
      )(tree);
    },
    caughtBy: { step: held, message: cutByDefault },
  },
  {
    name: "stream-idle-timeout",
    title: "the home's gateway ends streams that were idle for 12 seconds",
    pitfall: 4,
    overRunning: true,
    edit: (tree) =>
      tree.replaceText(
        homePolicies,
        "      idleTimeout: 3600s\n",
        "      idleTimeout: 3600s\n      streamIdleTimeout: 12s\n",
      ),
    caughtBy: { step: held, message: /the idle terminal of opencode-(flux|ha) was cut after 1\d\.\d\d s/ },
  },
  {
    name: "app-protocol-h2c",
    title: "the Service says that OpenCode speaks HTTP/2 (appProtocol: kubernetes.io/h2c)",
    pitfall: 4,
    edit: replaceInBoth(
      "helmrelease.yaml",
      "appProtocol: kubernetes.io/ws",
      "appProtocol: kubernetes.io/h2c",
    ),
    caughtBy: { step: opened, message: /did not answer within [\d.]+ s[\s\S]*last: 50\d/ },
  },
];
