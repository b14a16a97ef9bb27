// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import {
  added,
  app,
  beforeSync,
  certificate,
  type Edit,
  expectFound,
  expectNothing,
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

const kustomization = `${app}/kustomization.yaml`;
const limit = (memory: string) =>
  text(release, "                memory: 1Gi\n", `                memory: ${memory}\n`);

/** Mistakes that do not hide each other are made in one tree: each rendering takes its time. */
const together: [tree: string, mistakes: Mistake[]][] = [
  [
    "manifests",
    [
      [
        text(source, "  interval: 30m\n", "  interval: 30m\n  suspend: true\n"),
        "suspended",
        /suspend/,
        /OCIRepository/,
      ],
      [
        text(policy, "      name: opencode-ha\n", "      name: ha\n"),
        "policy-of-nothing",
        /name: ha/,
        /is opencode\/opencode-ha/,
      ],
      [
        text(policy, "  timeout:\n    http:\n", "  timeout:\n    http:\n      maxStreamDuration: 60s\n"),
        "short-life",
        /maxStream/,
        /60s/,
      ],
      [text(secret, "refreshInterval: 30m", "refreshInterval: 1d"), "duration-refused", /1d/, /no days/],
      [
        text(secret, "{{ .OPENCODE_HA_SERVER", "{{ OPENCODE_HA_SERVER"),
        "template-refused",
        /SERVER_PASSWORD/,
        /write \.OPENCODE/,
      ],
      [
        text(release, "            path: pat\n", "            path: token\n"),
        "file-missing",
        /git -c/,
        /secrets\/github\/token/,
      ],
      [
        text(release, '"4096"]', '"4096", --password, hunter2]'),
        "secret-in-arguments",
        /hunter2/,
        /--password/,
      ],
      [text(release, "                custom: true\n", ""), "probe-ignored", /httpGet/, /custom: true/],
      [
        text(
          release,
          "                port: 4096\n    pers",
          "                port: 4096\n                weight: 0\n    pers",
        ),
        "no-weight",
        /weight/,
        /500/,
      ],
      [
        text(release, "        defaultMode: 256\n", "        defaultMode: 400\n"),
        "mode-decimal",
        /400/,
        /0620/,
      ],
      [
        text(kustomization, "patches:\n", "secretGenerator:\n  - name: x\n    literals: [A=b]\npatches:\n"),
        "secret-generated",
        /literals/,
        /Git/,
      ],
      [substitute("VOLSYNC_ACCESSMODES: RWO"), "claim-refused", /RWO/, /ReadWriteOnce/],
      [
        substitute("VOLSYNC_SNAPSHOTCLASS: csi-ceph-block"),
        "class-missing",
        /csi-ceph-block/,
        /csi-ceph-blockpool\?/,
      ],
      [
        text(
          ks,
          "      name: opencode-ha\n      namespace: opencode\n",
          "      name: ha\n      namespace: opencode\n",
        ),
        "health-check-vain",
        /name: ha/,
        /never Ready/,
      ],
    ],
  ],
  [
    "manifests",
    [
      [
        text(release, "    defaultPodOptions:\n", "    extra: {}\n    defaultPodOptions:\n"),
        "value-unread",
        /extra/,
        /does not read/,
      ],
      [
        text(
          release,
          "                    port: 4096\n                  failure",
          "                    port: 8080\n                  failure",
        ),
        "probe-port",
        /8080/,
        /4096/,
      ],
      [
        text(release, "failureThreshold: 90", "failureThreshold: 1"),
        "probe-impatient",
        /failureThreshold/,
        /killed while it starts/,
      ],
      [limit("1000"), "resources", /1000/, /1Gi/],
      [podOption("hostNetwork: true"), "node-in-reach", /hostNetwork/, /node/],
      [text(release, "OnRootMismatch", "OnRootMissmatch"), "refused", /OnRootMissmatch/, /OnRootMismatch/],
      [
        text(release, "subPath: opencode-data\n", "subPath: opencode-data\n                readOnly: true\n"),
        "read-only",
        /share\/opencode/,
        /sessions and login/,
      ],
      [text(secret, "creationPolicy: Owner", "creationPolicy: None"), "secret-unmade", /None/, /Owner/],
      [
        text(secret, "COPILOT_AUTH_JSON }}", "COPILOT_AUTH_JSON | b64dec }}"),
        "wrong-encoding",
        /b64dec/,
        /no base64/,
      ],
      [
        text(
          release,
          "                port: 4096\n    pers",
          "                port: 4096\n            timeouts: { request: 30s }\n    pers",
        ),
        "stream-cut",
        /30s/,
        /goes before every policy/,
      ],
      [beforeSync('echo "token $(cat /secrets/github/pat)"'), "secret-printed", /echo "token/, /logs/],
      [beforeSync('git -C "$repo" reset --hard'), "work-destroyed", /reset --hard/, /not committed/],
      [text(release, 'clone "$REP', 'clone --depth 1 "$REP'), "shallow-clone", /--depth/, /history/],
      [substitute("VOLSYNC_SCHEDULE: '0 0 3 * * *'"), "backup-trigger", /0 0 3/, /five/],
      [
        text(
          ks,
          "    - name: rook-ceph-cluster\n",
          "    - name: rook-ceph-cluster\n    - name: opencode-ha\n",
        ),
        "dependency-circle",
        /opencode-ha/,
        /itself/,
      ],
      [
        text(
          release,
          "https://github.com/jbaker/home-assistant-config.git",
          "git@github.com:jbaker/home-assistant-config.git",
        ),
        "other-credential",
        /git@/,
        /https:/,
      ],
    ],
  ],
  [
    "manifests",
    [
      [
        text(release, '[opencode, web, --hostname, 0.0.0.0, --port, "4096"]', '["opencode web --port 4096"]'),
        "no-such-program",
        /opencode web/,
        /\[opencode, web/,
      ],
      [
        podOption("tolerations: [{ operator: Exists }]"),
        "stays-on-lost-node",
        /tolerations/,
        /tolerationSeconds/,
      ],
      [
        text(release, "strategy: Recreate", "strategy: Recreate\n        replicas: 0"),
        "no-pods",
        /replicas: 0/,
        /nothing/,
      ],
      [
        text(
          release,
          '                if [ -d "$repo/.git" ]',
          '                rm -rf "$repo"\n                if [ -d "$repo/.git" ]',
        ),
        "work-destroyed",
        /rm -rf/,
        /removes/,
      ],
      [text(release, 'repo="/data/', 'repo="/tmp/'), "clone-not-kept", /clone/, /\/tmp\/workspace/],
      [
        text(release, "https://github.com/jbaker/home", "http://github.com/jbaker/home"),
        "clone-in-plain",
        /http:/,
        /https/,
      ],
      [
        text(release, "              HOME: /home/opencode\n              REP", "              REP"),
        "no-home",
        /env/,
        /git-clone/,
      ],
      [
        text(release, "cd /data/opencode-data\n", "cd /data/opencode-config\n"),
        "login-elsewhere",
        /cd \/data/,
        /opencode-data/,
      ],
      [text(release, "chmod 600 auth.json", "chmod 400 auth.json"), "login-read-only", /chmod 400/, /renew/],
      [
        text(
          release,
          "        controller: opencode-ha\n",
          "        controller: opencode-ha\n        type: NodePort\n",
        ),
        "service",
        /NodePort/,
        /TLS/,
      ],
      [
        text(
          release,
          "          - backendRefs:\n",
          "          - matches: [{ path: { type: Exact, value: / } }]\n            backendRefs:\n",
        ),
        "route-in-part",
        /matches/,
        /PathPrefix/,
      ],
      [
        text(secret, "key: OPENCODE_HA_COPILOT", "key: OPENCODE_FLUX_COPILOT"),
        "login-of-other",
        /FLUX/,
        /OPENCODE_HA_COPILOT/,
      ],
      [
        text(secret, "    creationPolicy: Owner\n", "    creationPolicy: Owner\n    immutable: true\n"),
        "never-refreshed",
        /immutable/,
        /30m/,
      ],
      [substitute("VOLSYNC_STORAGECLASS: ceph-blok"), "class-missing", /ceph-blok/, /ceph-block\?/],
      [
        text(ks, "  dependsOn:\n    - name: external-secrets-stores\n    - name: rook-ceph-cluster\n", ""),
        "waits-for-nobody",
        /spec/,
        /store/,
      ],
      [
        text(certificate, "*.opencode.", "*.opencodes."),
        "host-not-covered",
        /dnsNames/,
        /opencode-production has/,
      ],
    ],
  ],
  [
    "manifests",
    [
      [
        text(
          release,
          "              - |\n                set -eu\n                # Pitfall 8",
          "              - >\n                set -eu\n                # Pitfall 8",
        ),
        "script-folded",
        />$/,
        /write \|/,
      ],
      [text(release, "--hostname, 0.0.0.0, ", ""), "listens-locally", /command/, /0\.0\.0\.0/],
      [text(release, "        runAsUser: 1000\n", ""), "root-refused", /runAsNonRoot/, /runAsUser: 1000/],
      [
        text(
          secret,
          '        OPENCODE_SERVER_PASSWORD: "{{ .OPENCODE_HA_SERVER_PASSWORD }}',
          '        OPENCODE_SERVER_PASSWORD: "{{ .OPENCODE_HA_GITHUB_PAT }}',
        ),
        "password-of-other-key",
        /PASSWORD: "/,
        /a pat/,
      ],
      [substitute("VOLSYNC_ACCESSMODES: ReadWriteMany"), "shared-block", /ReadWriteMany/, /Pending/],
      [
        text(kustomization, "  - ./backendtrafficpolicy.yaml\n", ""),
        "file-not-listed",
        /resources/,
        /backendtrafficpolicy\.yaml/,
      ],
      [limit("256MB"), "refused", /256MB/, /256Mi/],
    ],
  ],
  ["manifests", [[text(source, "tag: 4.4.0", "tag: 3.7.3"), "chart-older", /3\.7\.3/, /4\.x/]]],
  ["manifests", [[text(source, "app-template", "app-template:4.4.0"), "chart-address", /url/, /ref\.tag/]]],
  [
    "manifests",
    [
      [
        text(ks, "name: home-kubernetes", "name: flux-system"),
        "source-missing",
        /name: flux-system/,
        /home-kubernetes/,
      ],
    ],
  ],
  [
    "manifests",
    [
      [
        text(
          release,
          "            git-clone:\n              - path: /data\n",
          "            clone:\n              - path: /data\n",
        ),
        "mounted-nowhere",
        /clone:/,
        /git-clone/,
      ],
    ],
  ],
  [
    "manifests",
    [[text(ks, "opencode-ha/app", "opencode-flux/app"), "applied-twice", /path/, /its own path/]],
  ],
  [
    "manifests",
    [
      [
        text(
          release,
          "            workingDir: /workspace/home",
          "            workingDir: /\n            workingDir: /workspace/home",
        ),
        "kustomize-fails",
        /workingDir/,
        /already defined/,
      ],
    ],
  ],
  [
    "manifests",
    [
      [
        text(release, "        controller: opencode-ha\n", "        controller: ha\n"),
        "helm-fails",
        /controller: ha/,
        /no controller 'ha'/,
      ],
    ],
  ],
  [
    "manifests",
    [
      [
        text(
          "kubernetes/apps/opencode/kustomization.yaml",
          "  - ./opencode-ha/ks.yaml",
          "  - ./opencode-ha/ks.yaml\n  - ./opencode-ha/ks.yaml",
        ),
        "kustomize-fails",
        /opencode-ha\/ks\.yaml/,
        /listed twice/,
      ],
    ],
  ],
  [
    "fixtures/trees/single",
    [
      [
        text("kubernetes/components/volsync/replicationsource.yaml", "-volsync-secret", "-volsync"),
        "backup-repository",
        /repository/,
        /nobody makes/,
      ],
      [
        text("kubernetes/components/volsync/claim.yaml", "-dst", "-first"),
        "restore-of-nothing",
        /-first/,
        /Pending/,
      ],
      [
        text("kubernetes/apps/ai/opencode/app/helmrelease.yaml", "- path: /login\n", "- path: /logins\n"),
        "file-missing",
        /\/login\//,
        /at \/logins/,
      ],
    ],
  ],
  [
    "fixtures/trees/statefulset",
    [
      [
        text("kubernetes/apps/dev/coder/app/service.yaml", "targetPort: http", "targetPort: web"),
        "service",
        /web/,
        /no container has/,
      ],
      [
        text(
          "kubernetes/apps/dev/coder/app/statefulset.yaml",
          "  replicas: 1\n",
          "  replicas: 1\n  persistentVolumeClaimRetentionPolicy: { whenDeleted: Delete }\n",
        ),
        "claim-of-set",
        /whenDeleted/,
        /Retain/,
      ],
      [
        text(
          "kubernetes/apps/dev/coder/app/statefulset.yaml",
          "        accessModes: [ReadWriteOnce]\n",
          "        accessModes: [ReadWriteOnce]\n        storageClassName: openebs-hostpath\n",
        ),
        "bound-to-node",
        /openebs/,
        /one node/,
      ],
      [
        text(
          "kubernetes/apps/dev/coder/app/statefulset.yaml",
          "- name: tmp\n              mountPath",
          "- name: temp\n              mountPath",
        ),
        "refused",
        /temp/,
        /does not have/,
      ],
      [
        text(
          "kubernetes/apps/dev/coder/app/httproute.yaml",
          "        - name: coder\n",
          "        - name: code\n",
        ),
        "backend-missing",
        /code$/,
        /coder/,
      ],
    ],
  ],
  [
    "fixtures/trees/one-base",
    [
      [
        text(
          "kubernetes/apps/workspaces/base/helmrelease.yaml",
          "        defaultMode: 0755\n",
          "        defaultMode: 0644\n",
        ),
        "not-executable",
        /0644/,
        /0755/,
      ],
      [
        text(
          "kubernetes/apps/workspaces/base/scripts.yaml",
          "  start.sh: |\n    #!/bin/sh",
          "  start.sh: |\n    #!/bin/bash",
        ),
        "tool-missing",
        /bash/,
        /bash/,
      ],
    ],
  ],
  [
    "fixtures/trees/deploy-keys",
    [
      [
        text(
          "kubernetes/apps/studio/studio/app/kustomization.yaml",
          "      - known_hosts=./resources/known_hosts\n",
          "",
        ),
        "file-missing",
        /known_hosts/,
        /empty directory/,
      ],
      [
        text("kubernetes/apps/studio/studio/app/resources/clone.sh", "Checking=yes", "Checking=no"),
        "host-believed",
        /Checking=no/,
        /known_hosts/,
      ],
    ],
  ],
];

it.each(together)(
  "finds what is wrong in %s, each by its own rule and line (%#)",
  { timeout: 120_000 },
  async (name, mistakes) => expectFound(name, mistakes),
);

/** Other ways to write what is right. */
const right: Record<string, [tree: string, edits: Edit[]]> = {
  "numbers and names": [
    "manifests",
    [
      text(release, "        defaultMode: 256\n", "        defaultMode: 0400\n"),
      text(ks, "- name: rook-ceph-cluster", "- name: rook-ceph-cluster\n      namespace: flux-system"),
      text(ks, "path: ./kubernetes", "path: kubernetes"),
      text(policy, "requestTimeout: 0s", "requestTimeout: 0h0m0s"),
      text(
        release,
        "            port: 4096\n            # P",
        "            port: 80\n            targetPort: 4096\n            # P",
      ),
      text(release, "                port: 4096\n    pers", "                port: 80\n    pers"),
      text(secret, "    creationPolicy: Owner\n", ""),
      text(release, "chmod 600 auth.json", "chmod u=rw,go= auth.json"),
      text(
        release,
        "tag: 1.18.34",
        "tag: 1.18.34@sha256:b34342987ca889fc2cc19cbc046eefc2418e5980a3d696e209fbb401a288f631",
      ),
      podOption("nodeSelector: { kubernetes.io/arch: amd64 }"),
      limit("1073741824"),
    ],
  ],
  "other means to the same end": [
    "manifests",
    [
      text(
        release,
        'if [ -d "$repo/.git" ]; then',
        'if git -C "$repo" rev-parse --git-dir >/dev/null 2>&1; then',
      ),
      text(
        release,
        'reloader.stakater.com/auto: "true"',
        "secret.reloader.stakater.com/reload: opencode-ha-secret",
      ),
      (tree) =>
        tree.editObject({ kind: "Kustomization", name: "opencode-ha" }, (object) => {
          object.spec = { ...(object.spec as object), wait: true, healthChecks: undefined };
        }),
      text(
        certificate,
        '    - "*.opencode.${SECRET_DOMAIN}"',
        '    - flux.opencode.${SECRET_DOMAIN}\n    - "ha.opencode.${SECRET_DOMAIN}"',
      ),
    ],
  ],
  "what is in no file, or only in OpenCode's settings": [
    "manifests",
    [
      (tree) => {
        const file = "kubernetes/flux/config/cluster.yaml";
        const [, , ...rest] = tree.text(file).split(/^---$/m);
        tree.remove(file);
        tree.add(file, ["", ...rest].join("---"));
      },
      text(
        secret,
        '"{{ .OPENCODE_HA_COPILOT_AUTH_JSON }}"',
        `'{"github-copilot":{"type":"oauth","refresh":"{{ .OPENCODE_HA_COPILOT_AUTH_JSON }}","expires":0}}'`,
      ),
      added(
        "elsewhere.yaml",
        `apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: elsewhere, namespace: opencode }
spec:
  refreshInterval: 30m
  secretStoreRef: { kind: ClusterSecretStore, name: doppler-secrets }
  target: { creationPolicy: Merge }
  data: [{ secretKey: A, remoteRef: { key: OPENCODE_HA_GITHUB_PAT } }]
`,
      ),
      text(release, '--hostname, 0.0.0.0, --port, "4096"]', "--hostname, $(LISTEN_ON)]"),
      text(
        release,
        "                    port: 4096\n                  failureThreshold: 90",
        "                    port: 8080\n                  failureThreshold: 90",
      ),
    ],
  ],
  "an address of OpenCode's settings": [
    "manifests",
    [
      text(release, ', --hostname, 0.0.0.0, --port, "4096"]', "]"),
      text(
        release,
        "              OPENCODE_DIS",
        `              OPENCODE_CONFIG_CONTENT: '{"server":{"hostname":"0.0.0.0"}}'\n              OPENCODE_DIS`,
      ),
    ],
  ],
  "what only an owner can judge": [
    "manifests",
    [
      text(
        release,
        '                if [ -d "$repo/.git" ]',
        [
          "                cat /secrets/github/..data/x /secrets/github/$NAME /srv/of-the-image 2>/dev/null || true",
          "                if [ -f /secrets/github/more ]; then cat /secrets/github/more; fi",
          '                if [ -e "$repo/.start-again" ]; then',
          '                  rm -rf "$repo"',
          '                  git -C "$repo" reset --hard',
          "                fi",
          '                if [ -d "$repo/.git" ]',
        ].join("\n"),
      ),
      text(release, "                set -eu\n                # Pitfall 8", "                # Pitfall 8"),
      text(
        release,
        "docker.io/alpine/git\n              tag: v2.49.1",
        "docker.io/library/other\n              tag: v1",
      ),
      text(release, "              HOME: /home/opencode\n              REP", "              REP"),
      text(
        release,
        "  values:\n",
        "  valuesFrom: [{ kind: ConfigMap, name: more-values, optional: true }]\n  values:\n",
      ),
      text(
        release,
        "            terminal-library:\n              - path: /data\n",
        "            terminal-library:\n              - path: /data\n            of-other-values:\n              - path: /data\n",
      ),
      added(
        "small.yaml",
        `apiVersion: v1
kind: ConfigMap
metadata: { name: folded, namespace: opencode }
data:
  script: >
    set -eu;
    echo a &&
    echo b
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: small
  namespace: opencode
  labels: { kustomize.toolkit.fluxcd.io/prune: disabled }
spec:
  accessModes: [ReadWriteMany]
  resources: { requests: { storage: 1Mi } }
`,
      ),
    ],
  ],
  "ports of native sidecars": [
    "manifests",
    [
      text(
        release,
        "          seed-auth:\n            dependsOn",
        [
          "          side:",
          "            image: { repository: docker.io/library/other, tag: v1 }",
          "            restartPolicy: Always",
          "            ports: [{ name: side, containerPort: 9000 }]",
          "            securityContext: *securityContext",
          "            resources: *resources",
          "          seed-auth:",
          "            dependsOn",
        ].join("\n"),
      ),
      text(
        release,
        "          http:\n            port: 4096\n",
        "          side: { port: 9000, targetPort: side }\n          http:\n            port: 4096\n",
      ),
    ],
  ],
  "others that speak of OpenCode": [
    "manifests",
    [
      (tree) => {
        const there = "kubernetes/apps/opencode/homepage";
        tree.add(
          `${there}/ks.yaml`,
          tree
            .text(ks)
            .replaceAll("opencode-ha", "homepage")
            .replace("targetNamespace: opencode", "targetNamespace: ai"),
        );
        tree.add(
          `${there}/app/kustomization.yaml`,
          "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [./links.yaml, ./not-there.yaml]\n",
        );
        tree.add(
          `${there}/app/links.yaml`,
          "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: links }\ndata: { links: https://ha.opencode.example.org }\n",
        );
        const list = "kubernetes/apps/opencode/kustomization.yaml";
        tree.replaceText(
          list,
          "  - ./opencode-ha/ks.yaml",
          "  - ./homepage/ks.yaml\n  - ./opencode-ha/ks.yaml",
        );
      },
    ],
  ],
  "scripts that may be run, each by its own mode": [
    "fixtures/trees/one-base",
    [
      text(
        "kubernetes/apps/workspaces/base/helmrelease.yaml",
        "        defaultMode: 0755\n",
        "        defaultMode: 0444\n        items:\n          - { key: prepare.sh, path: prepare.sh, mode: 0755 }\n          - { key: start.sh, path: start.sh, mode: 0755 }\n",
      ),
      text(
        "kubernetes/apps/workspaces/base/scripts.yaml",
        "  start.sh: |\n    #!/bin/sh\n",
        "  start.sh: |\n    #!/bin/bash\n    command -v bash || apk add --no-cache bash git\n    command -v git || git fetch --help\n",
      ),
    ],
  ],
  "scripts that a shell reads": [
    "fixtures/trees/one-base",
    [
      text("kubernetes/apps/workspaces/base/helmrelease.yaml", "defaultMode: 0755", "defaultMode: 0444"),
      text(
        "kubernetes/apps/workspaces/base/helmrelease.yaml",
        "[/scripts/prepare.sh]",
        "[/bin/sh, /scripts/prepare.sh]",
      ),
      text(
        "kubernetes/apps/workspaces/base/helmrelease.yaml",
        "[/scripts/start.sh]",
        "[/bin/sh, /scripts/start.sh]",
      ),
    ],
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 120_000 }, async (_, [name, edits]) => {
  await expectNothing(name, edits);
});
