import type { V1Pod } from "@kubernetes/client-node";
import { beforeEach, describe, expect, it } from "vitest";
import { HarnessError } from "../base/index.ts";
import type { AnyObject, Cluster, ObjectSelection, Wait } from "../cluster/index.ts";
import { knowWorkspaces } from "../diagnosis/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { withFirstCause } from "./first-cause.ts";

const began = Date.parse("2026-01-01T10:00:00Z");
const gateway = { namespace: "network", name: "internal" };

const workspaces = ["opencode-flux", "opencode-ha"].map((name) => {
  const facts = {
    name,
    namespace: "opencode",
    workload: { kind: "Deployment", name },
    selector: { app: name },
    container: "app",
    initContainers: [],
    clones: [],
    hosts: [
      {
        hostname: `${name}.example.test`,
        route: { namespace: "opencode", name },
        gateways: [gateway],
      },
    ],
    release: { name, controller: name },
  } as unknown as WorkspaceFacts;
  return { name, namespace: "opencode", facts } as DeployedWorkspace;
});

interface Seen {
  pods?: V1Pod[];
  /** Pods as they are told a moment later. */
  soon?: V1Pod[];
  objects?: AnyObject[];
}

const clusterWith = ({ pods = [], soon = pods, objects = [] }: Seen) =>
  ({
    pods: async () => pods,
    // As a watch shows them: times are text.
    wait: async ({ until }: Wait<unknown>) => {
      const verdict = until(JSON.parse(JSON.stringify(soon)));
      if ("ready" in verdict) return verdict.ready;
      throw new Error("not within 6 s");
    },
    objects: {
      all: async ({ kind }: ObjectSelection) => {
        if (kind === "ClientTrafficPolicy") throw new Error("no such kind");
        return objects.filter((one) => one.kind === kind);
      },
    },
  }) as unknown as Cluster;

const failed = (message: string, remedy = "the password from Doppler") =>
  new HarnessError(message, { code: "failed", remedy, details: "what was seen" });

const causeOf = (seen: Seen, error: unknown) =>
  withFirstCause(error, { cluster: clusterWith(seen), workspaces, since: began }) as Promise<HarnessError>;

function podOf(workspace: string, ended: { reason: string; at: string; going?: true }): V1Pod {
  const terminated = { exitCode: 137, reason: ended.reason, finishedAt: new Date(ended.at) };
  const status = { name: "app", image: "", imageID: "", ready: true, restartCount: 1 };
  return {
    metadata: {
      name: `${workspace}-7d9-x`,
      labels: { app: workspace },
      ...(ended.going ? { deletionTimestamp: new Date(ended.at) } : {}),
    },
    spec: { containers: [{ name: "app", resources: { limits: { memory: "64Mi" } } }] },
    status: { containerStatuses: [{ ...status, state: { running: {} }, lastState: { terminated } }] },
  };
}

const killed = { reason: "OOMKilled", at: "2026-01-01T10:00:09Z" };

beforeEach(() => knowWorkspaces(workspaces.map(({ facts }) => facts)));

describe("withFirstCause", () => {
  const unanswered = failed(
    "the busy terminal of opencode-ha cannot be opened: /pty answered 503",
    "pitfall 4",
  );

  it("waits for the kubelet to say that a container has ended, where an answer broke off", async () => {
    const seen = { soon: [podOf("opencode-ha", killed)] };
    const cause = await causeOf(seen, unanswered);
    expect(cause.message).toContain("OOMKilled, limit 64Mi");
    const wrong = failed("auth.json of opencode-ha should have mode 600");
    expect(await causeOf(seen, wrong)).toBe(wrong);
  });

  it("puts a container that was killed for its memory before what got no answer, with what to do about that", async () => {
    expect(await causeOf({ pods: [podOf("opencode-ha", killed)] }, unanswered)).toMatchObject({
      code: "failed",
      message:
        "container app of pod opencode-ha-7d9-x ended once, last with exit code 137 (OOMKilled, limit 64Mi); so: the busy terminal of opencode-ha cannot be opened: /pty answered 503",
      remedy: expect.stringContaining("more memory"),
      details: "what was seen",
    });
  });

  it("says of an answer that was lost with a container to look at what ends that, of another failure what that knows", async () => {
    const seen = { pods: [podOf("opencode-ha", { ...killed, reason: "Error" })] };
    const cut = failed("the idle event stream of opencode-ha was cut after 24 s (aborted)", "pitfall 4");
    expect((await causeOf(seen, cut)).remedy).toMatch(/mend the container's command/);
    expect((await causeOf(seen, failed("opencode-ha has another login"))).remedy).toBe(
      "the password from Doppler",
    );
  });

  it.each([
    ["ended before the step began", [podOf("opencode-ha", { ...killed, at: "2026-01-01T09:59:50Z" })]],
    ["is another workspace's", [podOf("opencode-flux", killed)]],
    ["goes with its pod, which somebody has taken away", [podOf("opencode-ha", { ...killed, going: true })]],
  ])("leaves a failure as it is where the container that ended %s", async (_what, pods) => {
    expect(await causeOf({ pods }, unanswered)).toBe(unanswered);
  });

  it("says nothing twice", async () => {
    const told = failed(
      "container app of pod opencode-ha-7d9-x ended 2 times, last with exit code 137 (OOMKilled)",
    );
    expect(await causeOf({ pods: [podOf("opencode-ha", killed)] }, told)).toBe(told);
  });

  it("has nothing to do with what is no verdict about the manifests", async () => {
    const pods = [podOf("opencode-ha", killed)];
    for (const error of [new Error("a fault"), new HarnessError("no engine", { code: "environment" })])
      expect(await causeOf({ pods }, error)).toBe(error);
  });
});

describe("on the way to a workspace", () => {
  const denied = failed("https://opencode-ha.example.test/ answered 401, opencode-ha should show its page");
  const route = (name: string, minute: number, spec: object = {}, status: object = {}): AnyObject => ({
    apiVersion: "gateway.networking.k8s.io/v1",
    kind: "HTTPRoute",
    metadata: { namespace: "opencode", name, creationTimestamp: new Date(began + minute * 60_000) },
    spec: { hostnames: ["opencode-ha.example.test"], parentRefs: [gateway], ...spec },
    status,
  });

  it("finds two routes that want one host, and who gets it", async () => {
    const objects = [route("opencode-ha", 1), route("opencode-flux", 0)];
    expect(await causeOf({ objects }, denied)).toMatchObject({
      message: expect.stringMatching(
        /^HTTPRoute opencode\/opencode-flux and HTTPRoute opencode\/opencode-ha both want https:\/\/opencode-ha\.example\.test\/: .*; so: https:/,
      ),
      remedy: "give each workspace a host name of its own (pitfall 9)",
    });
  });

  it.each([
    ["on another listener", { parentRefs: [{ ...gateway, sectionName: "http" }] }],
    ["on another gateway", { parentRefs: [{ ...gateway, name: "external" }] }],
    ["for another path", { rules: [{ matches: [{ path: { value: "/public" } }] }] }],
  ])("takes a route of the same host %s for none that meets it", async (_what, spec) => {
    const own = route("opencode-ha", 0, { parentRefs: [{ ...gateway, sectionName: "https" }] });
    expect(await causeOf({ objects: [own, route("other", 1, spec)] }, denied)).toBe(denied);
  });

  const refused = [
    { type: "Accepted", status: "False", reason: "Conflicted", message: "another policy is older" },
  ];

  it.each<[string, AnyObject, string]>([
    [
      "a route that its gateway does not take",
      route("opencode-ha", 0, {}, { parents: [{ parentRef: gateway, conditions: refused }] }),
      "HTTPRoute opencode/opencode-ha is not taken by Gateway internal: Conflicted: another policy is older; so: ",
    ],
    [
      "a policy that is not in force",
      {
        kind: "BackendTrafficPolicy",
        metadata: { namespace: "opencode", name: "own" },
        spec: { targetRefs: [{ kind: "HTTPRoute", name: "opencode-ha" }] },
        status: { ancestors: [{ conditions: refused }] },
      },
      "BackendTrafficPolicy opencode/own is not in force: Conflicted: another policy is older; so: ",
    ],
    [
      "a certificate that is not Ready, wherever it stands",
      {
        kind: "Certificate",
        metadata: { namespace: "network", name: "wildcard" },
        spec: { dnsNames: ["*.example.test"] },
        status: {
          conditions: [{ type: "Ready", status: "False", reason: "DoesNotExist", message: "no Secret" }],
        },
      },
      "Certificate network/wildcard is not Ready: DoesNotExist: no Secret; so: ",
    ],
    [
      "a gateway without its certificate",
      {
        kind: "Gateway",
        metadata: { ...gateway },
        status: {
          listeners: [
            {
              name: "https",
              conditions: [
                {
                  type: "ResolvedRefs",
                  status: "False",
                  reason: "InvalidCertificateRef",
                  message: "no Secret tls",
                },
              ],
            },
          ],
        },
      },
      "Gateway network/internal is not ready: listener https: InvalidCertificateRef: no Secret tls; so: ",
    ],
  ])("finds %s", async (_what, object, front) => {
    const objects = [route("opencode-ha", 0), object].filter(
      (one, index, all) =>
        all.findLastIndex((other) => other.metadata?.name === one.metadata?.name) === index,
    );
    expect((await causeOf({ objects }, denied)).message.startsWith(front)).toBe(true);
  });

  it.each([
    [
      "of a listener that it named before",
      { parentRef: { ...gateway, sectionName: "http" }, conditions: refused },
    ],
    [
      "of an earlier generation",
      { parentRef: gateway, conditions: refused.map((one) => ({ ...one, observedGeneration: 1 })) },
    ],
  ])("takes no notice of what is said of a route %s", async (_what, parent) => {
    const own = route("opencode-ha", 0, {}, { parents: [parent] });
    own.metadata = { ...own.metadata, generation: 2 };
    expect(await causeOf({ objects: [own] }, denied)).toBe(denied);
  });

  it.each([
    "the volume of opencode-ha is another one",
    "no Certificate covers opencode-ha.example.test: network/wildcard has *.other.test",
    "the HTTPRoute of opencode-ha asks Gateway opencode/internal to take it",
  ])("does not look there for what was not seen from outside: %s", async (message) => {
    const elsewhere = failed(message);
    const objects = [route("opencode-ha", 1), route("opencode-flux", 0)];
    expect(await causeOf({ objects }, elsewhere)).toBe(elsewhere);
  });
});
