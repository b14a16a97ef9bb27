// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import type { Tree } from "../../gitops/index.ts";
import {
  added,
  beforeSync,
  type Edit,
  expectFound,
  expectNothing,
  expectSilence,
  type Mistake,
  policy,
  release,
  secret,
  text,
} from "./test-check.ts";

const flux = (path: string) => `kubernetes/apps/opencode/opencode-flux/${path}`;
const fluxRelease = flux("app/helmrelease.yaml");
const gateways = "kubernetes/apps/network/envoy-gateway/app/gateways.yaml";
const issuer = "kubernetes/apps/cert-manager/cert-manager/issuers/clusterissuer.yaml";
const store = "kubernetes/apps/external-secrets/external-secrets/stores/clustersecretstore.yaml";
const reloader = "kubernetes/apps/kube-system/reloader/app/helmrelease.yaml";
const backup = "kubernetes/templates/volsync/minio.yaml";
const claim = "kubernetes/templates/volsync/claim.yaml";
const namespace = "kubernetes/apps/opencode/namespace.yaml";
const coder = (file: string) => `kubernetes/apps/dev/coder/app/${file}`;
const document = (name: string, from: string, to: string) =>
  text(`kubernetes/apps/opencode/${name}.md`, from, to);
const traffic = (lines: string) => text(policy, "  timeout:\n    http:\n", `${lines}  timeout:\n    http:\n`);
const variable = (line: string, file = release) =>
  text(
    file,
    '              OPENCODE_DISABLE_AUTOUPDATE: "true"\n',
    `              OPENCODE_DISABLE_AUTOUPDATE: "true"\n              ${line}\n`,
  );
/** The first place only, where a text stands more than once. */
const once =
  (file: string, from: string, to: string): Edit =>
  (tree: Tree) => {
    const before = tree.text(file);
    const at = before.indexOf(from);
    tree.replaceText(file, before, `${before.slice(0, at)}${to}${before.slice(at + from.length)}`);
  };
const beforePort = "                    path: /site.webmanifest\n";

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what OpenCode is given": [
    "manifests",
    [
      [
        text(release, "BUN_PTY_LIB:", "BUN_PTY_LIBRARY:"),
        "no-terminals",
        /BUN_PTY_LIBRARY/,
        /write BUN_PTY_LIB/,
      ],
      [
        text(fluxRelease, "BUN_PTY_LIB: /opt/opencode-lib/", "BUN_PTY_LIB: /opt/opencode-libs/"),
        "no-terminals",
        /BUN_PTY_LIB/,
        /where nothing is mounted/,
      ],
      [
        text(release, "subPath: opencode-config", "subPath: workspace"),
        "sub-path-twice",
        /subPath: workspace/,
        /at \/workspace and at \/home\/opencode\/\.config/,
      ],
      [
        text(release, "automountServiceAccountToken: false", "automountServiceAccountToken: true"),
        "account-token",
        /automount/,
        /write automountServiceAccountToken: false/,
      ],
      [
        text(
          fluxRelease,
          "              OPENCODE_SERVER_PASSWORD:\n",
          "              OPENCODE_SERVER_PASSWRD:\n",
        ),
        "variable-misspelt",
        /PASSWRD/,
        /mean OPENCODE_SERVER_PASSWORD/,
      ],
      [
        variable(`OPENCODE_CONFIG_CONTENT: '{"model": "github-copilot/gpt-5"'`),
        "settings-unreadable",
        /CONFIG_CONTENT/,
        /no JSON/,
      ],
      [variable("OPENCODE_DB: /tmp/opencode.db", fluxRelease), "data-not-kept", /./, /OPENCODE_DB/],
      [
        once(release, beforePort, `${beforePort}                    scheme: HTTPS\n`),
        "probe-unanswered",
        /scheme/,
        /TLS/,
      ],
      [
        once(fluxRelease, beforePort, `${beforePort}                    host: localhost\n`),
        "probe-unanswered",
        /host: localhost/,
        /leave host out/,
      ],
      [text(release, "sizeLimit: 2Gi", "sizeLimit: 2GB"), "refused", /2GB/, /no size/],
      [
        text(release, "sizeLimit: 1Gi", "sizeLimit: 1Gi\n        medium: memory"),
        "refused",
        /medium/,
        /write Memory/,
      ],
      [
        text(release, "failureThreshold: 90", "failureThreshold: 90\n                  successThreshold: 2"),
        "refused",
        /successThreshold/,
        /must be 1/,
      ],
      [
        text(
          release,
          "            workingDir: /workspace",
          "            ports: [{ name: http, containerPort: 4096, hostPort: 4096 }]\n            workingDir: /workspace",
        ),
        "host-port",
        /hostPort/,
        /beside the Gateway/,
      ],
      [
        added(
          "hpa.yaml",
          `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: more }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: opencode-ha }
  maxReplicas: 3
`,
        ),
        "scaled",
        /scaleTargetRef/,
        /3 pods/,
      ],
    ],
  ],
  "a field of Jobs, which app-template does not take": [
    "fixtures/trees/statefulset",
    [
      [
        text(
          coder("statefulset.yaml"),
          "      enableServiceLinks: false\n",
          "      enableServiceLinks: false\n      activeDeadlineSeconds: 3600\n",
        ),
        "refused",
        /activeDeadline/,
        /for Jobs/,
      ],
    ],
  ],
  "what Reloader, stores and Flux are told": [
    "manifests",
    [
      [
        text(
          release,
          'reloader.stakater.com/auto: "true"',
          "secret.reloader.stakater.com/reload: opencode-flux-secret",
        ),
        "reload-passed-by",
        /reload: opencode-flux/,
        /opencode-ha-secret/,
      ],
      [
        text(
          reloader,
          "      reloadStrategy: default\n",
          "      reloadStrategy: default\n      ignoreSecrets: true\n",
        ),
        "reloader-blind",
        /ignoreSecrets/,
        /looks at no Secret/,
      ],
      [
        text(store, "spec:\n", "spec:\n  conditions: [{ namespaces: [network] }]\n"),
        "store-refuses",
        /conditions/,
        /add opencode/,
      ],
      [text(store, "key: dopplerToken", "key: token"), "store-token-missing", /key: token/, /no such key/],
      [
        text(secret, '{{ .OPENCODE_HA_SERVER_PASSWORD }}"', '{{ .OPENCODE_HA_SERVER_PASSWORD | b64enc }}"'),
        "secret-changed",
        /b64enc/,
        /another text/,
      ],
      [
        text(
          flux("app/externalsecret.yaml"),
          '"{{ .OPENCODE_FLUX_SERVER_PASSWORD }}"',
          '"$OPENCODE_FLUX_SERVER_PASSWORD"',
        ),
        "secret-changed",
        /\$OPENCODE/,
        /not the value/,
      ],
      [
        text(
          secret,
          "  data:\n    - secretKey: OPENCODE_HA_GITHUB_PAT\n",
          "  data:\n    - secretKey: OPENCODE_HA_GITHUB_PAT\n      remoteRef: { key: OPENCODE_FLUX_GITHUB_PAT }\n    - secretKey: OPENCODE_HA_GITHUB_PAT\n",
        ),
        "secret-key-twice",
        /OPENCODE_HA_GITHUB_PAT/,
        /twice/,
      ],
      [
        text(
          policy,
          "  namespace: opencode\n",
          "  namespace: opencode\n  annotations: { kustomize.toolkit.fluxcd.io/reconcile: disabled }\n",
        ),
        "passed-over",
        /reconcile/,
        /passes it over/,
      ],
      [
        text(
          release,
          "metadata:\n  name: opencode-ha\n",
          "metadata:\n  annotations: { kustomize.toolkit.fluxcd.io/ssa: IfNotPresent }\n  name: opencode-ha\n",
        ),
        "passed-over",
        /ssa/,
        /applies it once/,
      ],
      [
        text(release, "  interval: 30m\n", "  interval: 30m\n  serviceAccountName: helm\n"),
        "flux-account-missing",
        /serviceAccountName/,
        /opencode\/helm/,
      ],
    ],
  ],
  "what Envoy and the network are told": [
    "manifests",
    [
      [
        traffic("  healthCheck: { active: { type: HTTP, http: { path: / } } }\n"),
        "taken-for-dead",
        /healthCheck/,
        /answers 401/,
      ],
      [traffic("  httpUpgrade: [{ type: CONNECT }]\n"), "no-web-socket", /httpUpgrade/, /no WebSocket/],
      [traffic("  useClientProtocol: true\n"), "other-protocol", /useClientProtocol/, /HTTP\/2/],
      [traffic("  proxyProtocol: { version: V2 }\n"), "other-protocol", /proxyProtocol/, /PROXY/],
      [
        added(
          "tls.yaml",
          `apiVersion: gateway.networking.k8s.io/v1
kind: BackendTLSPolicy
metadata: { name: tls }
spec:
  targetRefs: [{ group: "", kind: Service, name: opencode-ha }]
  validation: { hostname: ha.example.org, wellKnownCACertificates: System }
`,
        ),
        "other-protocol",
        /opencode-ha/,
        /TLS ends at the Gateway/,
      ],
      [
        added(
          "egress.yaml",
          `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: out }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: opencode-ha } }
  policyTypes: [Egress]
  egress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }], ports: [{ port: 443 }] }]
`,
        ),
        "closed-outwards",
        /gress/,
        /DNS/,
      ],
      [
        text(fluxRelease, "            sectionName: https\n", "            port: 80\n"),
        "route-refused",
        /port: 80/,
        /its own namespace/,
      ],
      [
        text(release, "name: envoy-internal", "name: envoy-external"),
        "opened",
        /envoy-external/,
        /outside of the house/,
      ],
      [
        text(issuer, "      - dns01:\n", "      - http01: { ingress: {} }\n        was:\n"),
        "name-unproved",
        /http01/,
        /wildcard by DNS only/,
      ],
    ],
  ],
  "listeners for others, and issuers without their key": [
    "manifests",
    [
      [
        text(gateways, "      protocol: HTTPS\n", '      protocol: HTTPS\n      hostname: "*.example.org"\n'),
        "route-refused",
        /hostname/,
        /answers for ha\.opencode/,
      ],
      [
        text(issuer, 'dnsZones: ["${SECRET_DOMAIN}"]', "dnsZones: [example.org]"),
        "name-unproved",
        /dnsZones/,
        /no solver/,
      ],
      [
        text(issuer, "key: api-token", "key: token"),
        "issuer-secret-missing",
        /key: token/,
        /nobody in the tree makes/,
      ],
      [
        text(namespace, "  labels:\n", "  labels:\n    pod-security.kubernetes.io/enforce: restricted\n"),
        "pod-refused",
        /securityContext/,
        /allowPrivilegeEscalation: false/,
      ],
      [
        text(release, "              allowPrivilegeEscalation: false\n", ""),
        "pod-refused",
        /securityContext/,
        /restricted pods only/,
      ],
      [
        text(release, "repository: ghcr.io/anomalyco/opencode", "repository: ghcr.io/anomalyco/OpenCode"),
        "image-refused",
        /image/,
        /small letters/,
      ],
    ],
  ],
  "what scripts ask, and when": [
    "manifests",
    [
      [
        text(release, '[ -d "$repo/.git" ]', '[ -d "$repo.git" ]'),
        "clone-not-found",
        /-d "\$repo\.git"/,
        /clones to/,
      ],
      [
        text(
          fluxRelease,
          '                  exit 0\n                fi\n                if [ -e "$repo"',
          '                fi\n                if [ -e "$repo"',
        ),
        "clone-in-any-case",
        /\.git/,
        /exit 0/,
      ],
      [
        text(release, 'echo "password=$(cat', 'echo "pass=$(cat'),
        "helper-without-password",
        /clone/,
        /no password=/,
      ],
      [
        text(
          release,
          '"$(cat auth.json.seeded 2>/dev/null)" = "$wanted"',
          '"$(cat auth.json.seeded 2>/dev/null)" != "$wanted"',
        ),
        "login-upside-down",
        /auth\.json/,
        /other way round/,
      ],
      [
        text(fluxRelease, "sha256sum < /secrets/copilot/auth.json", "sha256sum < auth.json"),
        "login-of-itself",
        /sha256sum/,
        /OpenCode's own/,
      ],
      [
        text(fluxRelease, "                chmod 600 auth.json auth.json.seeded\n", ""),
        "login-copied-read-only",
        /cp /,
        /0400/,
      ],
      [
        text(release, "            terminal-library:\n              - path: /data\n", ""),
        "nowhere-to-write",
        /terminal-library/,
        /\/data\/opencode-lib/,
      ],
      [
        text(fluxRelease, "                mkdir -p /data/opencode-lib\n", ""),
        "too-early",
        /cd \/data\/opencode-lib/,
        /mkdir -p/,
      ],
      [beforeSync("chown -R 1000:1000 /data"), "needs-root", /chown/, /fsGroup/],
    ],
  ],
  "a digest in a directory that goes with the pod": [
    "manifests",
    [
      [
        text(release, "auth.json.seeded", "/tmp/auth.json.seeded"),
        "login-overwritten",
        /auth\.json/,
        /whenever the pod starts/,
      ],
    ],
  ],
  "what brings a volume back": [
    "manifests",
    [
      [
        text(backup, 'sourcePVC: "${VOLSYNC_CLAIM:-${APP}}"', "sourcePVC: opencode-flux"),
        "backup-twice",
        /sourcePVC/,
        /nobody backs up opencode-ha/,
      ],
      [
        text(backup, '    capacity: "${VOLSYNC_CAPACITY}"', "    capacity: 50Gi"),
        "restore-unfit",
        /50Gi/,
        /stays Pending/,
      ],
      [
        text(backup, "  trigger:\n    manual: restore-once\n", "  trigger:\n    schedule: 0 * * * *\n"),
        "restore-endless",
        /trigger/,
        /restore-once/,
      ],
      [
        text(claim, "apiGroup: volsync.backube", "apiGroup: volsync.backup"),
        "restore-source",
        /volsync\.backup/,
        /Pending/,
      ],
    ],
  ],
  "what brings no volume back": [
    "manifests",
    [
      [
        text(backup, "    copyMethod: Snapshot\n", "    copyMethod: Direct\n"),
        "restore-unfit",
        /Direct/,
        /no snapshot/,
      ],
      [() => {}, "backup-of-nothing", /sourcePVC/, /nobody makes/],
      [
        text(backup, 'sourcePVC: "${VOLSYNC_CLAIM:-${APP}}"', "sourcePVC: opencode-h"),
        "backup-of-nothing",
        /sourcePVC/,
        /opencode-h/,
      ],
    ],
  ],
  "a claim of another source": [
    "manifests",
    [
      [
        text(claim, "  dataSourceRef:\n", "  dataSource:\n"),
        "restore-source",
        /dataSource/,
        /write dataSourceRef/,
      ],
    ],
  ],
  "what documents tell": [
    "manifests",
    [
      [
        document("node-lost", "--namespace opencode get pods", "--namespace opencodes get pods"),
        "document-of-nothing",
        /opencodes/,
        /does not have/,
      ],
      [
        document("node-lost", "kubectl --namespace opencode wait", "kubectl wait"),
        "document-of-nothing",
        /wait deployment/,
        /names none/,
      ],
      [
        document("node-lost", "nodeshutdown:NoExecute-\n", "nodeshutdown:NoExecute\n"),
        "document-incomplete",
        /NoExecute$/,
        /leaves the taint/,
      ],
      [
        document("node-lost", 'wait node "$NODE"', 'wait node "$LOST_NODE"'),
        "document-of-nothing",
        /LOST_NODE/,
        /no step/,
      ],
      [
        document("volume-lost", '"$WORKSPACE-dst"', '"$WORKSPACE-dest"'),
        "document-of-nothing",
        /-dest/,
        /opencode-ha-dst/,
      ],
      [
        document(
          "volume-lost",
          'scale deployment "$WORKSPACE" --replicas=0',
          'scale statefulset "$WORKSPACE" --replicas=0',
        ),
        "document-of-nothing",
        /statefulset/,
        /StatefulSet/,
      ],
      [
        document("volume-lost", "--namespace flux-system annotate", "--namespace opencode annotate"),
        "document-of-nothing",
        /annotate/,
        /Kustomization opencode/,
      ],
      [
        document("volume-lost", 'scale deployment "$WORKSPACE" --replicas=1', 'get deployment "$WORKSPACE"'),
        "document-incomplete",
        /delete pvc/,
        /start it again/,
      ],
      [
        document("volume-lost", "app.kubernetes.io/name=$WORKSPACE", "app.kubernetes.io/part=$WORKSPACE"),
        "document-of-nothing",
        /part=/,
        /which no workspace has/,
      ],
      [
        document("login-expired", "seed-copilot-auth.sh --sync flux", "seed-copilot.sh --sync flux"),
        "document-calls",
        /seed-copilot\.sh/,
        /not in the tree/,
      ],
      [document("login-expired", "--sync ha", "--sync home"), "document-calls", /home/, /does not know/],
    ],
  ],
  "what documents leave out": [
    "manifests",
    [
      [
        document("node-lost", "node.kubernetes.io/out-of-service=", "node.kubernetes.io/out-of-services="),
        "document-incomplete",
        /taint/,
        /six minutes/,
      ],
      [
        document("node-lost", 'wait node "$NODE" --for', 'wait node "$NODE --for'),
        "document-unreadable",
        /./,
        /quote/,
      ],
      [
        document(
          "volume-lost",
          'kubectl --namespace opencode delete replicationdestination "$WORKSPACE-dst" --cascade=foreground --timeout=3m\n',
          "",
        ),
        "document-incomplete",
        /delete pvc/,
        /first day/,
      ],
      [document("login-expired", "--sync ha", "--sync flux"), "login-not-stored", /flux/, /two logins/],
    ],
  ],
  "a registry that is asked for an index": [
    "fixtures/trees/one-base",
    [
      [
        text("kubernetes/apps/workspaces/helmrepository.yaml", "  type: oci\n", ""),
        "chart-address",
        /url/,
        /type: oci/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

const policies = (name: string, egress: string) =>
  added(
    `${name}.yaml`,
    `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: ${name} }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: ${name} } }
  policyTypes: [Egress]
  egress: ${egress}
`,
  );

/** Other ways to write what is right. */
const right: Record<string, [tree: string, edits: Edit[]]> = {
  "other places, names and units": [
    "manifests",
    [
      text(release, "/opt/opencode-lib", "/usr/local/lib/opencode"),
      text(release, "subPath: opencode-lib", "subPath: library"),
      text(release, "/data/opencode-lib", "/data/library"),
      text(
        release,
        "              - path: /workspace\n                subPath: workspace\n",
        "              - path: /workspace\n                subPath: workspace\n              - path: /srv/for-reading\n                subPath: workspace\n                readOnly: true\n",
      ),
      text(
        release,
        'reloader.stakater.com/auto: "true"',
        'secret.reloader.stakater.com/reload: "something-else, opencode-.*"',
      ),
      text(fluxRelease, 'reloader.stakater.com/auto: "true"', 'secret.reloader.stakater.com/auto: "True"'),
      text(reloader, "reloadStrategy: default", "watchGlobally: true\n      ignoreSecrets: false"),
      variable(
        `OPENCODE_CONFIG_CONTENT: '{"model": "github-copilot/gpt-5", /* own */ "autoupdate": false,}'`,
      ),
      variable("XDG_STATE_HOME: /home/opencode/.local/state"),
      variable('GIT_EDITOR: "true"', fluxRelease),
      text(release, "path: /site.webmanifest", "path: site.webmanifest"),
      text(
        release,
        "                  failureThreshold: 3\n",
        "                  failureThreshold: 3\n                  successThreshold: 2\n",
      ),
      text(release, "sizeLimit: 1Gi", "sizeLimit: 1Gi\n        medium: Memory"),
      text(release, "tag: 1.18.34", 'tag: "1.18.34"'),
      text(fluxRelease, "docker.io/alpine/git", "mirror.home.arpa:5000/alpine/git"),
      text(namespace, "  labels:\n", "  labels:\n    pod-security.kubernetes.io/enforce: baseline\n"),
      text(store, "spec:\n", "spec:\n  conditions: [{ namespaceSelector: {} }]\n"),
      text(
        secret,
        "{{ .OPENCODE_HA_SERVER_PASSWORD }}",
        "{{ .OPENCODE_HA_SERVER_PASSWORD | toString | trim }}",
      ),
      text(backup, '    capacity: "${VOLSYNC_CAPACITY}"', "    capacity: 5120Mi"),
      text(claim, '  storageClassName: "${VOLSYNC_STORAGECLASS:-ceph-block}"\n', ""),
      document("node-lost", "kubectl --namespace opencode wait", "kubectl -n opencode wait"),
      document("node-lost", 'echo "the lost node', 'export AGAIN="$NODE"; echo "$AGAIN" "the lost node'),
      document(
        "login-expired",
        "scripts/seed-copilot-auth.sh --sync flux",
        "./scripts/seed-copilot-auth.sh flux --sync",
      ),
    ],
  ],
  "what Envoy and the network may be told": [
    "manifests",
    [
      traffic("  healthCheck: { active: { type: HTTP, http: { path: /site.webmanifest } } }\n"),
      traffic("  httpUpgrade: [{ type: websocket }, { type: CONNECT }]\n"),
      traffic("  useClientProtocol: false\n"),
      text(
        flux("app/backendtrafficpolicy.yaml"),
        "  timeout:\n",
        "  healthCheck: { active: { type: HTTP, http: { path: /, expectedStatuses: [200, 401] } } }\n  timeout:\n",
      ),
      text(release, "            sectionName: https\n", "            port: 443\n"),
      text(
        gateways,
        "      protocol: HTTPS\n",
        '      protocol: HTTPS\n      hostname: "*.${SECRET_DOMAIN}"\n',
      ),
      text(issuer, '        selector:\n          dnsZones: ["${SECRET_DOMAIN}"]\n', ""),
      policies("opencode-ha", "[{}]"),
      policies(
        "opencode-flux",
        "[{ ports: [{ port: 53, protocol: UDP }] }, { to: [{ ipBlock: { cidr: 0.0.0.0/0 } }], ports: [{ port: 443 }] }]",
      ),
      added(
        "hpa.yaml",
        `apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: one }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: opencode-ha }
  maxReplicas: 1
`,
      ),
    ],
  ],
  "scripts that ask and copy otherwise": [
    "manifests",
    [
      text(
        release,
        'if [ -f auth.json ] && [ "$(cat auth.json.seeded 2>/dev/null)" = "$wanted" ]; then\n                  echo "auth.json is there, kept"\n                else\n',
        'if [ ! -f auth.json ] || [ "$(cat auth.json.seeded 2>/dev/null)" != "$wanted" ]; then\n',
      ),
      text(
        release,
        "                chmod 600 auth.json auth.json.seeded\n",
        "                chmod 600 auth.json auth.json.seeded\n                chown 1000:1000 auth.json\n",
      ),
      text(
        fluxRelease,
        "                  cp /secrets/copilot/auth.json auth.json.new\n",
        "                  install -m 600 /secrets/copilot/auth.json auth.json.new\n",
      ),
      text(fluxRelease, "                chmod 600 auth.json auth.json.seeded\n", ""),
      text(fluxRelease, "cd /data/opencode-data\n", "cd /data/\n                cd opencode-data\n"),
      text(
        fluxRelease,
        '                  echo "$repo is there, not cloned again"\n                  exit 0\n                fi\n',
        '                  echo "$repo is there, not cloned again"\n                  exec true\n                fi\n',
      ),
      text(release, '[ -d "$repo/.git" ]', '[ -e "$repo/.git/HEAD" ]'),
      text(
        release,
        'echo "password=$(cat /secrets/github/pat)"',
        'printf "password=%s\\n" "$(cat /secrets/github/pat)"',
      ),
      text(release, "mkdir -p /data/opencode-lib\n", "install -d /data/opencode-lib\n"),
    ],
  ],
  "restricted pods": [
    "fixtures/trees/statefulset",
    [
      text(
        "kubernetes/apps/dev/namespace.yaml",
        "  labels:\n",
        "  labels:\n    pod-security.kubernetes.io/enforce: restricted\n",
      ),
      text(
        "kubernetes/apps/dev/when-a-node-dies.md",
        "statefulset/coder --timeout",
        "statefulset coder --timeout",
      ),
    ],
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, [tree, edits]) => {
  await expectNothing(tree, edits);
});

it("has nothing against scripts that speak of what they do not do", { timeout: 300_000 }, async () => {
  const clone = (lines: string) =>
    text(
      coder("statefulset.yaml"),
      "              cd /data\n",
      lines.replaceAll(/^(?=.)/gm, "              "),
    );
  await expectNothing("fixtures/trees/statefulset", [
    text(
      coder("statefulset.yaml"),
      "              cd /data/share/opencode\n",
      "              cd /data/share/opencode/\n",
    ),
    clone(`# OpenCode does mkdir /srv/cache/opencode itself, it's said
mkdir -p /home/coder /data \\
  /data/made
cd /data/made
cd /data/
echo "it's from /data -> /srv/elsewhere/x"
place=/data/place; cut='$other'
: "$$\${depth:=1}"
if ! touch /srv/cache/x 2>/dev/null; then echo "can't write at $place, depth $depth"; fi
cat > /data/hook <<'END'
mkdir /srv/hooks/x
echo "$unknown"
END
cd /data
`),
  ]);
});

it("has no doubt about an account whose token nobody gets", async () => {
  await expectSilence("fixtures/trees/statefulset", [
    // OpenCode's configuration, too, is on the claim.
    text(
      coder("statefulset.yaml"),
      "            - name: XDG_DATA_HOME\n",
      "            - name: XDG_CONFIG_HOME\n              value: /data/config\n            - name: XDG_DATA_HOME\n",
    ),
    text(
      coder("statefulset.yaml"),
      "      automountServiceAccountToken: false\n",
      "      serviceAccountName: coder\n",
    ),
    text(
      coder("kustomization.yaml"),
      "  - ./statefulset.yaml\n",
      "  - ./statefulset.yaml\n  - ./account.yaml\n",
    ),
    (tree) =>
      tree.add(
        coder("account.yaml"),
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: coder }\nautomountServiceAccountToken: false\n",
      ),
  ]);
});

it("finds a part of a token that is printed", { timeout: 300_000 }, async () => {
  const line = 'echo "token used: $(cut -c1-60 /secrets/github/pat)"';
  await expectFound("manifests", [[beforeSync(line), "secret-printed", /token used/, /logs/]]);
});

it("has nothing against what prints a token for a program that asks for it", {
  timeout: 300_000,
}, async () => {
  const lines = `token() {
  cat /secrets/github/pat
}
export TOKEN="$(token)"
cat > /tmp/askpass <<'END'
#!/bin/sh
cat /secrets/github/pat
END
echo "it has $(wc -c < /secrets/github/pat) characters, and begins with $(head -c 4 /secrets/github/pat)"`;
  await expectNothing("manifests", [beforeSync(lines.replaceAll("\n", `\n${" ".repeat(16)}`))]);
});

it("finds what a start does to the work and to the login by other words", () =>
  expectFound("manifests", [
    [
      text(release, 'echo "$repo is there, not cloned again"', 'git -C "$repo" restore .'),
      "work-destroyed",
      /restore/,
      /what was not committed is gone/,
    ],
    [
      text(fluxRelease, 'echo "$repo is there, not cloned again"', 'git -C "$repo" stash -u'),
      "work-destroyed",
      /stash/,
      /runs git stash/,
    ],
    [
      text(release, "> auth.json.seeded", "> /tmp/auth.json.seeded"),
      "login-overwritten",
      /auth\.json/,
      /whenever the pod starts/,
    ],
    [
      text(policy, "      name: opencode-ha", "      name: opencode-flux"),
      "policy-twice",
      /name: opencode-flux/,
      /BackendTrafficPolicy opencode-flux and BackendTrafficPolicy opencode-ha are both for HTTPRoute opencode-flux/,
    ],
    [
      text(secret, "{{ .OPENCODE_HA_SERVER_PASSWORD }}", "{{ .OPENCODE_HA_SERVER_PASSWORD | trunc 8 }}"),
      "secret-changed",
      /trunc/,
      /goes through trunc/,
    ],
    [
      text(secret, "{{ .OPENCODE_HA_GITHUB_PAT }}", "{{ substr 0 8 .OPENCODE_HA_GITHUB_PAT }}"),
      "secret-changed",
      /substr/,
      /goes through substr/,
    ],
  ]));

it.each([
  [
    "what git shows, or keeps",
    'git -C "$repo" stash list; git -C "$repo" restore --staged .; git -C "$repo" restore -S .',
  ],
  ["what is put away and brought back", 'git -C "$repo" stash; git -C "$repo" stash pop'],
  ["words about it", 'echo "$repo/.git is there; use git stash before you pull"'],
  ["another program's words", '[ -d "$repo/.git" ] || restic restore latest --target /data'],
])("takes %s for harmless", (_what, line) =>
  expectNothing("manifests", [text(release, 'echo "$repo is there, not cloned again"', line)]),
);

it("finds what git does with options before its verb, and of the index too", () =>
  expectFound("manifests", [
    [
      text(
        release,
        'echo "$repo is there, not cloned again"',
        'git -c core.pager=cat -C "$repo" switch -f main',
      ),
      "work-destroyed",
      /switch/,
      /runs git switch -f/,
    ],
    [
      text(fluxRelease, 'echo "$repo is there, not cloned again"', '/usr/bin/git -C "$repo" checkout .'),
      "work-destroyed",
      /checkout/,
      /runs git checkout \./,
    ],
  ]));

it("has nothing against a digest that is moved into place, and a key that is put into lines", () =>
  expectNothing("manifests", [
    text(
      release,
      'echo "$wanted" > auth.json.seeded',
      'echo "$wanted" > /tmp/auth.json.seeded; mv /tmp/auth.json.seeded "/data/opencode-data"/auth.json.seeded',
    ),
    text(
      secret,
      "{{ .OPENCODE_HA_GITHUB_PAT }}",
      '{{ .OPENCODE_HA_GITHUB_PAT | replace \\"\\\\n\\" \\"\\\\n\\" }}',
    ),
  ]));

it("has nothing against images that are changed twice", () =>
  expectSilence("manifests", [
    text(
      release,
      "  values:\n",
      "  postRenderers:\n    - kustomize:\n        images:\n          - {name: ghcr.io/anomalyco/opencode, newName: mirror.example/opencode}\n          - {name: mirror.example/opencode, newName: ghcr.io/anomalyco/opencode}\n  values:\n",
    ),
  ]));
