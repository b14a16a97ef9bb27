import { describe, expect, it } from "vitest";
import type { Cluster } from "../cluster/index.ts";
import { toldTrouble } from "./told-troubles.ts";

const event = (kind: string, reason: string, message: string, count = 1) => ({
  metadata: { uid: "1" },
  involvedObject: { kind, name: "opencode-ha-1" },
  reason,
  message,
  count,
});

const handle = "error getting handle for DataSource Type VolumeSnapshot by Name garden:";

/** As the controllers of the versions in harness/images/versions.ts say it. */
const final = [
  event(
    "Pod",
    "FailedMount",
    'MountVolume.SetUp failed for volume "scripts" : configmap "opencode-ha-scripts" not found',
    4,
  ),
  event("Pod", "Failed", 'Error: configmap "opencode-ha-env" not found', 4),
  event("Pod", "Failed", "Error: couldn't find key PAT in Secret opencode/opencode-ha-secret", 4),
  event(
    "Pod",
    "FailedMount",
    'MountVolume.SetUp failed for volume "x" : references non-existent secret key: PAT',
    4,
  ),
  event("Pod", "Unhealthy", "Startup probe failed: HTTP probe failed with statuscode: 401", 3),
  event(
    "ReplicaSet",
    "FailedCreate",
    'Error creating: pods "x" is forbidden: violates PodSecurity "restricted:latest"',
    2,
  ),
  event(
    "StatefulSet",
    "FailedCreate",
    'create Pod coder-0 failed error: Pod "coder-0" is invalid: spec.containers[0]',
    2,
  ),
  event("PersistentVolumeClaim", "ProvisioningFailed", 'storageclass.storage.k8s.io "fast" not found', 2),
  event(
    "PersistentVolumeClaim",
    "ProvisioningFailed",
    "rpc error: code = InvalidArgument desc = access mode",
    2,
  ),
  event("PersistentVolumeClaim", "ProvisioningFailed", `${handle} snapshot of another driver`, 2),
  event("VolumeSnapshot", "GetSnapshotClassFailed", 'Failed to get snapshot class with error "x" not found'),
  event(
    "ExternalSecret",
    "UpdateFailed",
    "could not execute template: unable to execute template at key a",
    2,
  ),
  event("ExternalSecret", "UpdateFailed", 'could not get ClusterSecretStore "doppler"', 6),
  event(
    "CertificateRequest",
    "IssuerNotFound",
    'Referenced "ClusterIssuer" not found: clusterissuer "le" not found',
    2,
  ),
];

/** What passes by itself, or has only been said once. */
const passing = [
  event(
    "Pod",
    "FailedMount",
    'MountVolume.SetUp failed for volume "pat" : secret "opencode-ha-secret" not found',
    9,
  ),
  event(
    "Pod",
    "FailedMount",
    'MountVolume.SetUp failed for volume "scripts" : configmap "opencode-ha-scripts" not found',
    1,
  ),
  event("Pod", "FailedAttachVolume", 'Multi-Attach error for volume "pvc-1"', 9),
  event(
    "Pod",
    "FailedScheduling",
    "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims",
    9,
  ),
  event("Pod", "Unhealthy", "Startup probe failed: dial tcp 10.42.0.3:4096: connect: connection refused", 9),
  event("PersistentVolumeClaim", "Provisioning", "External provisioner is provisioning volume for claim", 9),
  event("PersistentVolumeClaim", "ProvisioningFailed", `${handle} snapshot garden is not Ready`, 9),
  event("ExternalSecret", "Created", "secret created"),
];

describe("what a controller has said", () => {
  it.each(final)("ends the wait: $involvedObject.kind $reason: $message", (told) => {
    expect(toldTrouble.isTold(told)).toBe(true);
  });

  it.each(passing)("is waited out: $involvedObject.kind $reason: $message", (told) => {
    expect(toldTrouble.isTold(told)).toBe(false);
  });

  it("is told in its own words, about an object that is still there", async () => {
    const clusterWith = (found: object | undefined) =>
      ({ objects: { find: async () => found } }) as unknown as Cluster;
    const [told] = final as [(typeof final)[number]];
    const find = (found: object | undefined) => toldTrouble.find(clusterWith(found), "opencode", told);
    expect(await find({ metadata: {} })).toBe(
      'Pod opencode/opencode-ha-1: FailedMount: MountVolume.SetUp failed for volume "scripts" : configmap "opencode-ha-scripts" not found',
    );
    expect(await find(undefined)).toBeUndefined();
    expect(await find({ metadata: { deletionTimestamp: "2026-01-01T00:00:00Z" } })).toBeUndefined();
  });

  it("is told of a probe with what it asks for, which the kubelet does not say", async () => {
    const pod = {
      metadata: {},
      spec: { containers: [{ name: "app", startupProbe: { httpGet: { path: "/health", port: 4096 } } }] },
    };
    const cluster = { objects: { find: async () => pod } } as unknown as Cluster;
    const answer = "Startup probe failed: HTTP probe failed with statuscode: 401";
    const told = event("Pod", "Unhealthy", answer, 3);
    const about = { ...told, involvedObject: { ...told.involvedObject, fieldPath: "spec.containers{app}" } };
    expect(await toldTrouble.find(cluster, "opencode", about)).toContain(
      `${answer}; it asks for /health on port 4096`,
    );
    expect(await toldTrouble.find(cluster, "opencode", told)).toMatch(/401$/);
  });
});
