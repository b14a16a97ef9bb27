import { it } from "vitest";
import {
  added,
  expectFound,
  expectSilence,
  fluxRelease,
  fromStore,
  resource,
  seed,
  seeding,
  text,
} from "../test-check.ts";

const pod = (command: string, claim: string, more = "") =>
  `restartPolicy: Never, ${more}containers: [{ name: c, image: "docker.io/library/busybox:1.37", command: [sh, -c, "${command}"], volumeMounts: [{ name: d, mountPath: /data }] }], volumes: [{ name: d, persistentVolumeClaim: { claimName: ${claim} } }]`;
const job = (name: string, spec: string) =>
  added(
    `${name}.yaml`,
    `apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: ${name} }\nspec:\n  schedule: "0 4 * * *"\n  jobTemplate: { spec: { template: { spec: { ${spec} } } } }\n`,
  );
const scaled = (min: number) =>
  resource(
    "scaled",
    "keda.sh/v1alpha1",
    "ScaledObject",
    `{ scaleTargetRef: { name: opencode-ha }, minReplicaCount: ${min}, maxReplicaCount: 1, triggers: [{ type: cron, metadata: {} }] }`,
  );
const vertical = (mode: string, more = "") =>
  resource(
    "vertical",
    "autoscaling.k8s.io/v1",
    "VerticalPodAutoscaler",
    `{ targetRef: { apiVersion: apps/v1, kind: Deployment, name: opencode-ha }, updatePolicy: { updateMode: "${mode}"${more} } }`,
  );

it("finds what removes sessions, and who else has a workspace's volume", () =>
  expectFound("manifests", [
    [
      seeding("rm -rf /data/opencode-data/storage"),
      "sessions-removed",
      /rm -rf/,
      /seed-auth of opencode-ha removes .*storage/,
    ],
    [
      seeding("find /data/opencode-data -mindepth 1 -not -name auth.json -delete", fluxRelease),
      "sessions-removed",
      /find/,
      /seed-auth of opencode-flux/,
    ],
    [
      job("clean", pod("rm -rf /data/opencode-data/*", "opencode-ha")),
      "sessions-removed",
      /rm -rf/,
      /CronJob clean/,
    ],
    [() => {}, "claim-of-two", /claimName/, /CronJob clean mounts claim opencode-ha/],
    [scaled(0), "scaled", /scaleTargetRef/, /takes the pod of opencode-ha away/],
    [vertical("Auto"), "scaled", /updatePolicy/, /evicts opencode-ha/],
  ]));

it("has nothing against what is removed of logs and caches, and secrets of others", () =>
  expectSilence("manifests", [
    seeding("rm -rf /data/opencode-data/log/* /data/opencode-data/cache auth.json.new /tmp/x"),
    seeding("find /data/opencode-data -name '*.tmp' -delete; find /data -type d -empty -delete", fluxRelease),
    job(
      "look",
      pod(
        "ls /data",
        "opencode-ha",
        "affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app.kubernetes.io/name: opencode-ha } } }] } }, ",
      ),
    ),
    resource(
      "other",
      "external-secrets.io/v1",
      "ExternalSecret",
      `{ ${fromStore}, data: [{ secretKey: P, remoteRef: { key: MINIO_ROOT_PASSWORD } }] }`,
    ),
    scaled(1),
    vertical("Recreate", ", minReplicas: 2"),
    text(seed, "\nneed doppler ", '\nscp laptop:auth.json "$file"\nneed doppler '),
    text(
      seed,
      '  echo "stored $key in',
      '  wc -c <"$file" >/dev/null # not cp "$file"\n  echo "stored $key in',
    ),
  ]));
