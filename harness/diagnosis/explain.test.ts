import { describe, expect, it } from "vitest";
import { HarnessError } from "../base/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { explain, explained } from "./explain.ts";
import { knownTroubles } from "./known-troubles.ts";
import { knowWorkspaces } from "./known-workspaces.ts";

const hostOf = (name: string) => ({
  hostname: `${name.replace("opencode-", "")}.opencode.example.org`,
  route: { namespace: "opencode", name },
  gateways: [],
});
knowWorkspaces(["opencode-flux", "opencode-ha"].map((name) => testFacts(name, { hosts: [hostOf(name)] })));

function failure(message: string, details?: string): HarnessError {
  return new HarnessError(message, { code: "failed", ...(details ? { details } : {}) });
}

/** Remedy and places, as one text. */
function told(message: string, details?: string): string {
  const { remedy, look = [] } = explained(failure(message, details)) as HarnessError;
  const places = look.map(({ kind, name, field = [] }) => `${kind} ${name} ${field.join(".")}`);
  return [remedy, ...places].join("\n");
}

const pod = "opencode-flux-6d5c9b7f4-x2x9z";
const ended = `the pods of opencode start: it cannot come: container git-clone of pod ${pod} ended 2 times, last with exit code 1 (Error)`;
const waited =
  "Flux has applied main@sha1:1: not within 240 s; last seen: Kustomization flux-system/opencode-flux: Progressing: Running health checks";

describe("explained", () => {
  it.each([
    [
      "a missing key of Doppler",
      waited,
      "ExternalSecret opencode/opencode-flux-secret: SecretSyncedError: could not get secret data from provider",
      /pitfall 7[\s\S]*ExternalSecret opencode-flux-secret spec\.data/,
    ],
    [
      "a Secret in another namespace",
      waited,
      `Pod ${pod}: Failed: Error: secret "opencode-flux-secret" not found`,
      /pitfall 5[\s\S]*spec\.target\n[\s\S]*Kustomization opencode-flux spec\.targetNamespace/,
    ],
    [
      "a key that the Secret lacks",
      waited,
      `Pod ${pod}: Failed: Error: couldn't find key X in Secret opencode/opencode-flux-secret`,
      /pitfall 7[\s\S]*spec\.target\.template\.data/,
    ],
    [
      "a claim that is not there",
      waited,
      `Pod ${pod}: FailedScheduling: persistentvolumeclaim "opencode-flux" not found`,
      /templates\/volsync[\s\S]*existingClaim/,
    ],
    [
      "a storage class that is not there",
      waited,
      'PersistentVolumeClaim opencode-flux: ProvisioningFailed: storageclass.storage.k8s.io "fast" not found',
      /pitfall 6[\s\S]*PersistentVolumeClaim opencode-flux spec/,
    ],
    [
      "two pods on one volume",
      waited,
      `Pod ${pod}: FailedAttachVolume: Multi-Attach error for volume "pvc-1"`,
      /pitfall 6[\s\S]*controllers\.opencode-flux\.strategy/,
    ],
    [
      "an image that is not there",
      `the pods of opencode start: it cannot come: container app of pod ${pod}: ImagePullBackOff: Back-off`,
      undefined,
      /tag[\s\S]*containers\.app\.image/,
    ],
    [
      "a directory that root has made for a mount",
      `the pods of opencode start: it cannot come: container app of pod ${pod} ended 2 times, last with exit code 1 (Error)`,
      `Pod ${pod}: Unhealthy: Startup probe failed: Get "http://10.42.0.3:4096/": dial tcp: connect: connection refused\nlog of ${pod}/app:\nEACCES: permission denied, mkdir '/home/coder/.local/state'`,
      /XDG_STATE_HOME[\s\S]*values\.persistence/,
    ],
    [
      "a container that ends for a reason of its own, which no probe knows",
      `the pods of opencode start: it cannot come: container app of pod ${pod} ended 2 times, last with exit code 1 (Error)`,
      `Pod ${pod}: Unhealthy: Startup probe failed: Get "http://10.42.0.3:4096/": dial tcp: connect: connection refused\nlog of ${pod}/app:\nsomething new`,
      /what it said last[\s\S]*containers\.app\.command/,
    ],
    [
      "too little memory",
      `the pods of opencode start: it cannot come: container app of pod ${pod} ended 2 times, last with exit code 137 (OOMKilled)`,
      "log of x/app:\nNo such file or directory",
      /memory[\s\S]*containers\.app\.resources/,
    ],
    [
      "a volume of root",
      ended,
      `log of ${pod}/git-clone:\nmkdir: can't create directory '/data/workspace': Permission denied`,
      /pitfall 1[\s\S]*defaultPodOptions\.securityContext[\s\S]*initContainers\.git-clone\.securityContext/,
    ],
    [
      "a token that GitHub refuses",
      ended,
      `log of ${pod}/git-clone:\nfatal: Authentication failed for 'https://github.com/x'`,
      /pitfalls 3 and 7[\s\S]*git-clone\.command/,
    ],
    [
      "a half clone in the way",
      ended,
      `log of ${pod}/git-clone:\nfatal: destination path 'x' already exists and is not an empty directory.`,
      /pitfall 2/,
    ],
    [
      "a directory that nobody made",
      ended.replace("git-clone", "seed-auth"),
      `log of ${pod}/seed-auth:\nsh: cd: line 2: can't cd to /data/opencode-data: No such file or directory`,
      /pitfall 8[\s\S]*git-clone\.command/,
    ],
    [
      "a subPath that nobody made",
      waited,
      `Pod ${pod}: Failed: Error: failed to prepare subPath for volumeMount "data"`,
      /pitfall 8/,
    ],
    [
      "a failing container of its own",
      ended,
      `log of ${pod}/git-clone:\nwhat`,
      /mend the container's command[\s\S]*initContainers\.git-clone\.command/,
    ],
    [
      "a node that may not be left",
      `a new pod: it cannot come: no node takes pod ${pod}: 0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector`,
      undefined,
      /pitfall 6[\s\S]*nodeSelector/,
    ],
    [
      "a volume of one node",
      `a new pod: it cannot come: no node takes pod ${pod}: 1 node(s) didn't match PersistentVolume's node affinity`,
      undefined,
      /pitfall 6[\s\S]*PersistentVolumeClaim opencode-flux spec\.storageClassName/,
    ],
    [
      "a chart that is not there",
      "every chart is there: it cannot come: OCIRepository opencode/opencode-ha: OCIArtifactPullFailed: MANIFEST_UNKNOWN",
      undefined,
      /pitfall 12[\s\S]*OCIRepository opencode-ha spec\.ref/,
    ],
    [
      "values of another chart",
      "every HelmRelease is installed: it cannot come: HelmRelease opencode/opencode-ha: InstallFailed: values don't meet the specifications of the schema",
      undefined,
      /pitfall 12[\s\S]*HelmRelease opencode-ha spec\.values/,
    ],
    [
      "values that make no Deployment",
      'every HelmRelease is installed: it cannot come: HelmRelease opencode/opencode-ha: InstallFailed: Deployment.apps "opencode-ha" is invalid: spec.template.spec.containers[0].volumeMounts[0].mountPath: Required value',
      undefined,
      /pitfall 12[\s\S]*HelmRelease opencode-ha spec\.values/,
    ],
    [
      "a release that only waited",
      "every HelmRelease is installed: it cannot come: HelmRelease opencode/opencode-ha: UpgradeFailed: context deadline exceeded",
      undefined,
      /controllers\.opencode-ha/,
    ],
    [
      "a file that kustomize does not find",
      "Flux has applied x: it cannot come: Kustomization flux-system/opencode-ha: BuildFailed: accumulating resources: stat x.yaml: no such file or directory",
      undefined,
      /kustomization\.yaml[\s\S]*Kustomization opencode-ha spec\.path/,
    ],
    [
      "a variable without a value",
      "Flux has applied x: it cannot come: Kustomization flux-system/opencode-ha: BuildFailed: variable substitution failed",
      undefined,
      /postBuild/,
    ],
    [
      "an object that the API refuses",
      "Flux has applied x: it cannot come: Kustomization flux-system/opencode-ha: ReconciliationFailed: BackendTrafficPolicy/opencode/opencode-ha dry-run failed (Invalid): field not declared in schema",
      undefined,
      /BackendTrafficPolicy opencode-ha/,
    ],
    [
      "a claim that may not change",
      "x: it cannot come: Kustomization flux-system/opencode-ha: ReconciliationFailed: PersistentVolumeClaim/opencode/opencode-ha dry-run failed (Forbidden): spec is immutable",
      undefined,
      /existingClaim/,
    ],
    [
      "a dependency that is not there",
      "Flux has applied x: not within 240 s; last seen: Kustomization flux-system/opencode-ha: DependencyNotReady: dependency 'flux-system/rook' is not ready",
      undefined,
      /pitfall 5[\s\S]*spec\.dependsOn/,
    ],
    [
      "a PodDisruptionBudget",
      "kubectl drain agent-1 ended with exit code 1",
      "Cannot evict pod as it would violate the pod's disruption budget.",
      /pitfall 6[\s\S]*PodDisruptionBudget/,
    ],
    [
      "a pod that does not end",
      'kubectl drain agent-2 ended with exit code 1; error when waiting for pod "opencode-ha-8d59ffbcb-sq8kw" in namespace "opencode" to terminate: context deadline exceeded',
      undefined,
      /SIGTERM[\s\S]*opencode-ha spec\.values\.defaultPodOptions\.terminationGracePeriodSeconds/,
    ],
    [
      "a name that no certificate covers",
      "GET https://flux.opencode.example.org/ through the gateway: Hostname/IP does not match certificate's altnames",
      undefined,
      /pitfall 9[\s\S]*spec\.dnsNames/,
    ],
    [
      "a host that no route has",
      "https://flux.opencode.example.org/ did not answer within 60 s",
      "last: 404 ",
      /pitfall 9[\s\S]*HelmRelease opencode-flux spec\.values\.route\.app\.hostnames/,
    ],
    [
      "a Service of HTTP/2",
      "https://ha.opencode.example.org/event did not answer within 20 s",
      "last: 503 upstream connect error",
      /pitfall 4[\s\S]*HelmRelease opencode-ha spec\.values\.service\.app\.ports/,
    ],
    [
      "a working directory that is no clone",
      "`git status` in the workspace of ha.opencode.example.org ended with exit code 128",
      "fatal: not a git repository (or any of the parent directories): .git",
      /pitfalls 1 and 2[\s\S]*HelmRelease opencode-ha spec\.values[\s\S]*workingDir/,
    ],
    [
      "another password",
      "https://ha.opencode.example.org/session answered 401",
      undefined,
      /pitfall 7[\s\S]*OPENCODE_SERVER_PASSWORD/,
    ],
  ])("knows %s", (_what, message, details, expected) => {
    expect(told(message, details)).toMatch(expected);
  });

  it("does not take a neighbour's log for the cause", () => {
    const neighbour = "log of opencode-ha-1/git-clone:\nfatal: Authentication failed";
    expect(told(ended, `${neighbour}\nlog of ${pod}/git-clone:\nPermission denied`)).toMatch(/pitfall 1/);
    expect(told(ended, neighbour)).toMatch(/mend the container's command/);
  });

  it("tells the words that it goes by, where the message lacks them", () => {
    const log = `log of ${pod}/git-clone:\nfirst\nmkdir: cannot create directory '/data': Permission denied\nlast`;
    expect((explained(failure(ended, log)) as HarnessError).message).toBe(
      `${ended}; mkdir: cannot create directory '/data': Permission denied`,
    );
  });

  it("prefers the words that name the key to those that only say that there is one", () => {
    const general =
      "ExternalSecret opencode/opencode-flux-secret: SecretSyncedError: could not get secret data";
    const key =
      "ExternalSecret opencode-flux-secret: UpdateFailed: error processing spec.data[0] (key: X_PAT), err";
    expect((explained(failure(waited, `${general}\n${key}`)) as HarnessError).message).toBe(
      `${waited}; ${key}`,
    );
  });

  it("leaves an error alone that has a remedy of its own: what was gathered may be about something else", async () => {
    const error = new HarnessError("not moved", {
      code: "failed",
      remedy: "own",
      details: "Multi-Attach error",
    });
    await expect(explain(Promise.reject(error))).rejects.toBe(error);
  });

  it("takes what is also said for a moment for the cause only where nothing else is", () => {
    const passing = `Pod ${pod}: FailedScheduling: pod has unbound immediate PersistentVolumeClaims`;
    expect(told(waited, passing)).toMatch(/PersistentVolumeClaim opencode-flux spec/);
    const missing = `${passing}\nPod ${pod}: Failed: secret "opencode-flux-secret" not found`;
    expect(told(waited, missing)).toMatch(/pitfall 5/);
  });

  it("leaves other errors, and words that it does not know, as they are", () => {
    const other = [
      new Error("Multi-Attach error"),
      failure("nothing known"),
      new HarnessError("Multi-Attach error", { code: "environment" }),
    ];
    for (const error of other) expect(explained(error)).toBe(error);
  });
});

describe("the known troubles", () => {
  it("name a place for everything, also where no workspace is known", () => {
    const nobody = { workspace: undefined, container: "app", kustomization: undefined, object: undefined };
    for (const { look } of knownTroubles) expect(look(nobody).length).toBeGreaterThan(0);
  });
});
