import type { Mutant } from "../harness/index.ts";
import { addToGateway, app, inBoth, replaceInBoth, takeAway } from "./edits.ts";

const policy = "backendtrafficpolicy.yaml";
const held = "no stream is cut within 75 seconds";
const opened = "terminals and event streams of both workspaces open, some idle and some busy";
const cutAfter = (seconds: string) =>
  new RegExp(`the (busy|idle) event stream of opencode-(flux|ha) was cut after ${seconds}\\.\\d\\d s`);

/** Envoy's own limit for a whole answer, where no policy reaches the route. */
const cutByDefault = cutAfter("1[56]");

/*
 * Two mistakes of the seeds are none with Envoy Gateway 1.7, so there is no mutant for them (manifests/README.md):
 * a Service without `appProtocol` (`kubernetes.io/ws` changes nothing, only `kubernetes.io/h2c` does), and a short
 * `connectionIdleTimeout` (it counts while a connection carries no stream).
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
    name: "no-policy",
    title: "there is no BackendTrafficPolicy",
    pitfall: 4,
    overRunning: true,
    edit: inBoth((tree, workspace) => void takeAway(tree, workspace, policy)),
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
    name: "policy-on-another-route",
    title: "the policy names a route that is not the workspace's",
    pitfall: 4,
    overRunning: true,
    edit: inBoth((tree, workspace) =>
      tree.replaceText(
        `${app(workspace)}/${policy}`,
        `kind: HTTPRoute\n      name: ${workspace}`,
        `kind: HTTPRoute\n      name: ${workspace}-app`,
      ),
    ),
    caughtBy: { step: held, message: cutByDefault },
  },
  {
    name: "policy-in-another-namespace",
    title: "the policy stands in the Gateway's namespace, not in the route's",
    pitfall: 4,
    overRunning: true,
    edit: inBoth((tree, workspace) =>
      addToGateway(
        tree,
        `${workspace}-policy.yaml`,
        takeAway(tree, workspace, policy).replace("namespace: opencode", "namespace: network"),
      ),
    ),
    caughtBy: { step: held, message: cutByDefault },
  },
  {
    name: "stream-idle-timeout",
    title: "the gateway ends streams that were idle for 12 seconds",
    pitfall: 4,
    overRunning: true,
    edit: (tree) =>
      addToGateway(
        tree,
        "clienttrafficpolicy.yaml",
        `---
apiVersion: gateway.envoyproxy.io/v1alpha1
kind: ClientTrafficPolicy
metadata:
  name: envoy-internal-idle
  namespace: network
spec:
  targetRefs:
    - group: gateway.networking.k8s.io
      kind: Gateway
      name: envoy-internal
  timeout:
    http:
      streamIdleTimeout: 12s
`,
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
    caughtBy: { step: opened, message: /did not answer within 20 s[\s\S]*last: 50\d/ },
  },
];
