// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import {
  added,
  beforeSync,
  certificate,
  type Edit,
  expectFound,
  expectSilence,
  ks,
  type Mistake,
  podOption,
  policy,
  release,
  secret,
  source,
  substitute,
  text,
} from "./test-check.ts";

const flux = (path: string) => `kubernetes/apps/opencode/opencode-flux/${path}`;
const backup = "kubernetes/templates/volsync/minio.yaml";
const claim = "kubernetes/templates/volsync/claim.yaml";
const namespace = "kubernetes/apps/opencode/namespace.yaml";
const seed = "scripts/seed-copilot-auth.sh";
const issuer = "kubernetes/apps/cert-manager/cert-manager/issuers/clusterissuer.yaml";
const base = "kubernetes/apps/workspaces/base";

const inRule = (line: string) =>
  text(
    release,
    "                port: 4096\n    pers",
    `                port: 4096\n            ${line}\n    pers`,
  );
const traffic = (lines: string) => text(policy, "  timeout:\n    http:\n", `${lines}  timeout:\n    http:\n`);
const limits = "              limits:\n                cpu: 500m\n                # Not";
const security = (name: string, lines: string) =>
  added(
    `${name}.yaml`,
    `apiVersion: gateway.envoyproxy.io/v1alpha1
kind: SecurityPolicy
metadata: { name: ${name} }
spec:
  targetRefs: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, name: opencode-ha }]
${lines}`,
  );
const budget = (line: string, selector = "app.kubernetes.io/name: opencode-ha") =>
  added(
    `pdb-${line.length}.yaml`,
    `apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: budget-${line.length} }
spec:
  ${line}
  selector: { matchLabels: { ${selector} } }
`,
  );

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what Flux, Helm and the kubelet are told": [
    "manifests",
    [
      [text(ks, "prune: true", "prune: false"), "not-pruned", /prune: false/, /goes on in the cluster/],
      [text(ks, "timeout: 10m", "timeout: 30s"), "flux-impatient", /timeout: 30s/, /at each change/],
      [
        text(ks, "  interval: 30m\n", "  force: true\n  interval: 30m\n"),
        "forced",
        /force/,
        /claim opencode-ha/,
      ],
      [
        text(release, "  interval: 30m\n", "  interval: 30m\n  timeout: 10s\n"),
        "flux-impatient",
        /timeout: 10s/,
        /taken back/,
      ],
      [
        text(
          release,
          "  install:\n    remediation:\n      # Pitfall 7: a key that reaches Doppler late must not leave the release failed for ever.\n      retries: 3\n",
          "",
        ),
        "installed-once",
        /spec:/,
        /stays failed/,
      ],
      [text(release, "OnRootMismatch", "Always"), "group-changed", /Always/, /OnRootMismatch/],
      [
        text(release, "terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: 1"),
        "no-grace-period",
        /Seconds: 1$/,
        /SQLite/,
      ],
      [text(release, "sizeLimit: 2Gi", "sizeLimit: 2Mi"), "scratch-small", /2Mi/, /evicts/],
      [text(release, "sizeLimit: 1Gi", "sizeLimit: 1Mi"), "scratch-small", /1Mi/, /tmp/],
      [podOption("imagePullSecrets: [{ name: ghcr-login }]"), "pull-secret-missing", /ghcr-login/, /nobody/],
      [podOption("priorityClassName: high"), "pod-class-missing", /high/, /PriorityClass high/],
      [
        podOption(
          "affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: kubernetes.io/hostname, operator: In, values: [one] }] }] } } }",
        ),
        "bound-to-node",
        /affinity/,
        /node one only/,
      ],
      [
        text(release, limits, limits.replace("500m", "100m")),
        "probe-impatient",
        /failureThreshold/,
        /while it starts/,
      ],
      [text(release, "failureThreshold: 90", "failureThreshold: 20"), "probe-impatient", /20/, /40 s/],
      [
        text(
          release,
          "                  failureThreshold: 3\n",
          "                  initialDelaySeconds: 900\n                  failureThreshold: 3\n",
        ),
        "probe-late",
        /900/,
        /Helm takes/,
      ],
      [
        text(
          release,
          "              tag: 1.18.34\n",
          "              tag: 1.18.34\n              pullPolicy: Never\n",
        ),
        "never-pulled",
        /Never/,
        /IfNotPresent/,
      ],
      [budget("minAvailable: 50%"), "no-eviction", /50%/, /drain/],
      [
        text(source, "spec:\n", "spec:\n  secretRef: { name: ghcr }\n"),
        "source-secret-missing",
        /ghcr/,
        /never installed/,
      ],
    ],
  ],
  "what the Gateway is told": [
    "manifests",
    [
      [
        traffic(
          "  rateLimit:\n    type: Local\n    local: { rules: [{ limit: { requests: 10, unit: Second } }] }\n",
        ),
        "rate-limited",
        /rateLimit|requests/,
        /429/,
      ],
      [traffic("  circuitBreaker: { maxParallelRequests: 2 }\n"), "circuit-broken", /circuit/, /503/],
      [traffic("  retry: { retryOn: { triggers: [5xx, connect-failure] } }\n"), "sent-twice", /5xx/, /twice/],
      [traffic("  faultInjection: { delay: { fixedDelay: 2s } }\n"), "fault-injected", /fault/, /purpose/],
      [traffic("  requestBuffer: { limit: 4Ki }\n"), "body-refused", /4Ki/, /413/],
      [
        text(policy, "      name: opencode-ha\n", "      name: opencode-ha\n      sectionName: app\n"),
        "policy-of-nothing",
        /sectionName/,
        /no part of that name/,
      ],
      [security("closed", "  authorization: { defaultAction: Deny }\n"), "nobody-let-in", /Deny/, /no rule/],
      [
        security("locked", "  basicAuth: { users: { name: users } }\n"),
        "policy-secret-missing",
        /users/,
        /opencode\/users/,
      ],
      [
        security("double", "  basicAuth: { users: { name: opencode-ha-secret } }\n"),
        "two-passwords",
        /basicAuth/,
        /own/,
      ],
      [
        inRule(
          "filters: [{ type: URLRewrite, urlRewrite: { path: { type: ReplacePrefixMatch, replacePrefixMatch: /oc } } }]\n            timeouts: { backendRequest: 30s }",
        ),
        "request-changed",
        /urlRewrite/,
        /below \/ only/,
      ],
      [() => {}, "stream-cut", /backendRequest/, /30s/],
      [
        text(certificate, "spec:\n", "spec:\n  renewBefore: 2160h\n"),
        "renewed-at-once",
        /renewBefore/,
        /again and again/,
      ],
      [text(issuer, "acme-v02", "acme-staging-v02"), "certificate-of-trials", /letsencrypt/, /no browser/],
    ],
  ],
  "what scripts do": [
    "manifests",
    [
      [
        text(release, "mkdir -p /data/workspace", "mkdir /data/workspace"),
        "second-start-fails",
        /mkdir/,
        /mkdir -p/,
      ],
      [text(release, '                rm -rf "$repo.partial"\n', ""), "interrupted-clone", /clone/, /rm -rf/],
      [text(release, 'clone "$REP', 'clone --bare "$REP'), "bare-clone", /--bare/, /without files/],
      [beforeSync("git config --global credential.helper store"), "credentials-left", /store/, /token/],
      [beforeSync("apk add jq"), "needs-root", /apk add/, /1000/],
      [
        text(release, '                  echo "$wanted" > auth.json.seeded\n', ""),
        "login-overwritten",
        /auth\.json/,
        /whenever the pod starts/,
      ],
      [
        text(flux("app/helmrelease.yaml"), 'if [ -d "$repo/.git" ]', 'if [ ! -d "$repo/.git" ]'),
        "second-start-fails",
        /! -d/,
        /nothing is ever cloned/,
      ],
      [
        text(flux("app/helmrelease.yaml"), "                sync\n", ""),
        "interrupted-clone",
        /mv /,
        /write sync/,
      ],
      [
        text(flux("app/helmrelease.yaml"), "if [ -f auth.json ] &&", "if [ ! -f auth.json ] &&"),
        "login-overwritten",
        /auth\.json/,
        /whenever the pod starts/,
      ],
      [
        text(
          release,
          "            seed-auth:\n              - path: /data\n",
          "            seed-auth:\n              - path: /data\n                readOnly: true\n",
        ),
        "read-only",
        /readOnly/,
        /seed-auth of opencode-ha cannot write/,
      ],
      [text(seed, "config=prd", "config=dev"), "seed-script-elsewhere", /config=dev/, /reads prd/],
      [text(seed, '_COPILOT_AUTH_JSON"', '_COPILOT_AUTH"'), "seed-script-elsewhere", /key=/, /so named/],
      [
        text(seed, '"opencode-$workspace-secret" \\', '"opencode-$workspace-secrets" \\'),
        "seed-script-elsewhere",
        /annotate/,
        /opencode-ha-secret/,
      ],
      [text(seed, "set -eu\n", "set -eux\n"), "seed-script-traces", /set -eux/, /-x/],
    ],
  ],
  "what scripts say that no shell reads, or too much": [
    "manifests",
    [
      [text(release, 'if [ -e "$repo" ]; then', 'if [ -e "$repo" ]'), "script-unreadable", /fi$/, /fi/],
      [
        text(
          flux("app/helmrelease.yaml"),
          `credential.helper='!f() { if [ "$1" = get ]; then echo username=x-access-token; echo "password=$(cat /secrets/github/pat)"; fi; }; f'`,
          'credential.helper="!f() { echo password=$(cat /secrets/github/pat); }; f"',
        ),
        "token-as-argument",
        /credential\.helper/,
        /command line/,
      ],
      [
        text(flux("app/helmrelease.yaml"), 'basename "$REPOSITORY_URL" .git', 'basename "$REPOSITORY_URL"'),
        "working-directory",
        /workingDir/,
        /k8s-cluster\.git/,
      ],
    ],
  ],
  "what becomes of secrets and backups": [
    "manifests",
    [
      [text(secret, "refreshInterval: 30m", "refreshInterval: 720h"), "never-refreshed", /720h/, /30 days/],
      [
        text(secret, '{{ .OPENCODE_HA_SERVER_PASSWORD }}"', '{{ .OPENCODE_HA_SERVER_PASSWORD }}\\n"'),
        "secret-padded",
        /PASSWORD/,
        /line's end/,
      ],
      [
        text(
          secret,
          "        key: OPENCODE_HA_GITHUB_PAT\n",
          "        key: OPENCODE_HA_GITHUB_PAT\n        decodingStrategy: Base64\n",
        ),
        "secret-decoded",
        /decodingStrategy/,
        /no base64/,
      ],
      [
        text(secret, "      engineVersion: v2\n", "      engineVersion: v2\n      type: kubernetes.io/tls\n"),
        "secret-type",
        /type/,
        /tls\.crt/,
      ],
      [substitute("VOLSYNC_SCHEDULE: '60 * * * *'"), "backup-time", /60/, /no time/],
      [substitute("VOLSYNC_COPYMETHOD: Direct"), "backup-direct", /Direct/, /workspace moves/],
      [substitute("VOLSYNC_CACHE_CAPACITY: '8'"), "backup-room", /8/, /8 bytes/],
      [
        text(backup, "TEMPLATE }}/${APP}", "TEMPLATE }}"),
        "backup-shared",
        /RESTIC_REPOSITORY/,
        /one repository/,
      ],
      [text(backup, "  sourcePVC:", "  paused: true\n  sourcePVC:"), "backup-paused", /paused/, /nothing/],
      [
        text(backup, "    retain:\n      hourly: 24\n      daily: 7\n      weekly: 5\n", "    retain: {}\n"),
        "backup-kept",
        /retain/,
        /last backup alone/,
      ],
      [
        text(claim, "kind: ReplicationDestination", "kind: ReplicationSource"),
        "restore-of-nothing",
        /kind/,
        /Pending/,
      ],
      [
        text(namespace, "  labels:\n", "  labels:\n    pod-security.kubernetes.io/enforce: restricted\n"),
        "movers-refused",
        /enforce/,
        /baseline/,
      ],
    ],
  ],
  "what is no workspace any more": [
    "manifests",
    [
      [
        text(flux("app/helmrelease.yaml"), "[opencode, web,", "[opencode, wbe,"),
        "no-server",
        /wbe/,
        /mean web/,
      ],
      [
        text(ks, "kind: GitRepository", "kind: OCIRepository"),
        "source-missing",
        /home-kubernetes/,
        /GitRepository/,
      ],
    ],
  ],
  "charts that are nowhere": [
    "manifests",
    [
      [text(source, "helm/app-template", "helm"), "chart-address", /url/, /helm\/app-template/],
      [() => {}, "not-seen", /chartRef/, /nothing of this workspace/],
      [
        text(flux("app/ocirepository.yaml"), "tag: 4.4.0", "tag: v4.4.0"),
        "chart-address",
        /tag: v4/,
        /have no v.*write 4\.4\.0/,
      ],
      [
        text(claim, '  storageClassName: "${VOLSYNC_STORAGECLASS:-ceph-block}"\n', ""),
        "shared-block",
        /accessModes|ReadWriteMany/,
        /Pending/,
      ],
      [
        text(
          flux("ks.yaml"),
          "      VOLSYNC_CAPACITY: 5Gi\n",
          "      VOLSYNC_CAPACITY: 5Gi\n      VOLSYNC_ACCESSMODES: ReadWriteMany\n",
        ),
        "shared-block",
        /accessModes|ReadWriteMany/,
        /ReadWriteOnce/,
      ],
    ],
  ],
  "what the API server refuses, and what is too small or too large": [
    "manifests",
    [
      [
        text("kubernetes/apps/opencode/kustomization.yaml", "  - ./namespace.yaml\n", ""),
        "namespace-missing",
        /targetNamespace: opencode/,
        /list kubernetes\/apps\/opencode\/namespace\.yaml/,
      ],
      [
        text(release, "sizeLimit: 2Gi", "sizeLimit: 2Gi\n        medium: Memory"),
        "scratch-small",
        /Memory/,
        /killed/,
      ],
      [
        text(release, "terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: 3600"),
        "no-grace-period",
        /3600/,
        /drain waits/,
      ],
      [
        text(release, "type: RuntimeDefault", "type: runtimeDefault"),
        "refused",
        /seccompProfile/,
        /RuntimeDefault/,
      ],
      [
        text(
          release,
          `              requests:\n                cpu: 100m\n                memory: 256Mi\n${limits}`,
          `              requests:\n                cpu: 10m\n                memory: 256Mi\n${limits.replace("500m", "50m")}`,
        ),
        "resources",
        /50m/,
        /100 s to start/,
      ],
      [podOption("hostname: ha.opencode"), "refused", /hostname/, /one label/],
      [podOption("dnsPolicy: None"), "refused", /dnsPolicy/, /no server/],
      [text(release, "subPath: workspace\n", "subPath: /workspace\n"), "refused", /subPath/, /not relative/],
      [substitute("VOLSYNC_SCHEDULE: '0 0 1 1 *'"), "backup-time", /0 0 1 1/, /365 days/],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** What looks like it, and is right. */
const right: Record<string, [tree: string, edits: Edit[]]> = {
  "other times, sizes and shares": [
    "manifests",
    [
      text(ks, "timeout: 10m", "timeout: 5m"),
      text(release, "  interval: 30m\n", "  interval: 30m\n  timeout: 10m\n"),
      text(release, "terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: 60"),
      text(release, "sizeLimit: 2Gi", "sizeLimit: 512Mi"),
      text(release, "sizeLimit: 1Gi", "sizeLimit: 128Mi\n        medium: Memory"),
      text(release, limits, limits.replace("500m", "250m")),
      text(secret, "refreshInterval: 30m", "refreshInterval: 24h"),
      (tree) => {
        // Who promises a time says the same.
        for (const file of ["scripts/seed-copilot-auth.sh", "kubernetes/apps/opencode/login-expired.md"]) {
          const words = tree.text(file);
          tree.replaceText(file, words, words.replaceAll("30 minutes", "24 hours"));
        }
      },
      budget("maxUnavailable: 1"),
      budget("minAvailable: 0"),
      budget("minAvailable: 1 # of others", "app.kubernetes.io/name: another"),
      podOption("priorityClassName: system-cluster-critical"),
      podOption("imagePullSecrets: [{ name: opencode-ha-secret }]"),
      substitute("VOLSYNC_SCHEDULE: 0,30 1-5 * * 1,3,5"),
      substitute("VOLSYNC_COPYMETHOD: Clone"),
      text(certificate, "spec:\n", "spec:\n  renewBefore: 720h\n"),
      text(
        release,
        "    remediation:\n      # Pitfall 7: a key that reaches Doppler late must not leave the release failed for ever.\n      retries: 3\n",
        "    strategy: { name: RetryOnFailure }\n",
      ),
    ],
  ],
  "traffic that is let through": [
    "manifests",
    [
      traffic(
        "  rateLimit:\n    type: Local\n    local: { rules: [{ limit: { requests: 1000, unit: Second } }] }\n",
      ),
      traffic("  circuitBreaker: { maxParallelRequests: 1024 }\n"),
      traffic("  retry: { numRetries: 2, retryOn: { triggers: [connect-failure, refused-stream] } }\n"),
      security(
        "house",
        "  authorization: { defaultAction: Deny, rules: [{ action: Allow, principal: { clientCIDRs: [10.0.0.0/8] } }] }\n",
      ),
      inRule(
        "filters: [{ type: RequestHeaderModifier, requestHeaderModifier: { set: [{ name: X-Of, value: house }] } }]\n            timeouts: { request: 0s, backendRequest: 0s }",
      ),
      // Where only OpenCode's settings know the port.
      text(release, '--hostname, 0.0.0.0, --port, "4096"]', "--hostname, 0.0.0.0]"),
      text(
        release,
        "            port: 4096\n            # Pitfall 4.",
        "            port: 4096\n            targetPort: 8080\n            # Pitfall 4.",
      ),
      text(release, "                    port: 4096\n", "                    port: 8080\n"),
    ],
  ],
  "scripts that start again": [
    "manifests",
    [
      text(
        release,
        "                mkdir -p /data/workspace",
        "                [ -d /data/more ] || mkdir /data/more\n                mkdir -p /data/workspace",
      ),
      text(
        release,
        '                rm -rf "$repo.partial"\n',
        '                # cat /secrets/github/token is what an older one did; /secrets/github/none too\n                rm -rf "$repo.partial"\n',
      ),
      beforeSync("apk add jq || true # cat /secrets/github/more"),
      text(
        secret,
        'COPILOT_AUTH_JSON: "{{ .OPENCODE_HA_COPILOT_AUTH_JSON }}"',
        "COPILOT_AUTH_JSON: |\n          {{ .OPENCODE_HA_COPILOT_AUTH_JSON }}",
      ),
      text(
        secret,
        'OPENCODE_SERVER_PASSWORD: "{{ .OPENCODE_HA_SERVER_PASSWORD }}"',
        "OPENCODE_SERVER_PASSWORD: |\n          {{- .OPENCODE_HA_SERVER_PASSWORD -}}\n",
      ),
    ],
  ],
  "claims of other kinds": [
    "manifests",
    [
      added(
        "claims.yaml",
        `apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: by-hand, namespace: opencode, labels: { kustomize.toolkit.fluxcd.io/prune: disabled } }
spec: { accessModes: [ReadWriteOnce], volumeName: by-hand, resources: { requests: { storage: 1Mi } } }
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: device, namespace: opencode, labels: { kustomize.toolkit.fluxcd.io/prune: disabled } }
spec: { accessModes: [ReadWriteMany], volumeMode: Block, resources: { requests: { storage: 1Gi } } }
`,
      ),
    ],
  ],
  "a claim of a default class that can be shared": [
    "manifests",
    [
      text(claim, '  storageClassName: "${VOLSYNC_STORAGECLASS:-ceph-block}"\n', ""),
      substitute("VOLSYNC_ACCESSMODES: ReadWriteMany"),
      added(
        "class.yaml",
        `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: cephfs, annotations: { storageclass.kubernetes.io/is-default-class: "true" } }
provisioner: rook-ceph.cephfs.csi.ceph.com
`,
      ),
    ],
  ],
  "a network that says by itself where it is": [
    "manifests",
    [
      text(
        release,
        '[opencode, web, --hostname, 0.0.0.0, --port, "4096"]',
        '[opencode, web, --mdns, --port, "4096"]',
      ),
    ],
  ],
  "a shebang that ends at the first failure": [
    "fixtures/trees/one-base",
    [
      text(`${base}/scripts.yaml`, "#!/bin/sh\n", "#!/bin/sh -e\n"),
      text(`${base}/scripts.yaml`, "    set -eu\n", ""),
      // OpenCode's configuration, too, is on the claim.
      text(
        `${base}/helmrelease.yaml`,
        "              XDG_STATE_HOME: /tmp/state\n",
        "              XDG_STATE_HOME: /tmp/state\n              XDG_CONFIG_HOME: /work/.config\n",
      ),
    ],
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, [tree, edits]) => {
  await expectSilence(tree, edits);
});
