import { describe, expect, it } from "vitest";
import type { Tree } from "../../gitops/index.ts";
import { added, app, certificate, checked, ks, release, secret, text } from "./test-check.ts";

/** One mistake, and what the check must say of it: the rule, the line that it points at, the words. */
interface Mistake {
  rule: string;
  title: string;
  edit(tree: Tree): void;
  line: RegExp;
  message: RegExp;
  remedy?: RegExp;
}

const home = "kubernetes/apps/network/envoy-gateway/app";
const policy = `${app}/backendtrafficpolicy.yaml`;
const cloneCommand = 'clone "$REPOSITORY_URL"';

const rendering: Mistake[] = [
  {
    rule: "kustomize-fails",
    title: "a file that is listed and not there",
    edit: text(`${app}/kustomization.yaml`, "./ocirepository.yaml", "./ocirepo.yaml"),
    line: /ocirepo\.yaml/,
    message: /ocirepo\.yaml/,
  },
  {
    rule: "helm-fails",
    title: "a value of another version of the chart",
    edit: text(
      release,
      "        existingClaim: opencode-ha\n",
      "        existingClaim: opencode-ha\n        mountPath: /data\n",
    ),
    line: /mountPath/,
    message: /mountPath/,
  },
  {
    rule: "variable-blanked",
    title: "a script's variable that Flux takes away",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
    edit: text(release, 'mv "$repo.partial" "$repo"\n', 'mv "${repo}.partial" "$repo"\n'),
    line: /mv "\$\{repo\}/,
    message: /\$\{repo\} in HelmRelease opencode-ha/,
    remedy: /write \$repo or \$\$\{repo\}/,
  },
  {
    rule: "variable-blanked",
    title: "a Kustomization in another namespace than the settings",
    edit: (tree) => {
      const away = (name: string) => `- name: ${name}\n      namespace: flux-system`;
      tree.replaceText(ks, "namespace: flux-system", "namespace: opencode");
      for (const name of ["external-secrets-stores", "rook-ceph-cluster"])
        tree.replaceText(ks, `- name: ${name}`, away(name));
      tree.replaceText(ks, "name: home-kubernetes", "name: home-kubernetes\n    namespace: flux-system");
    },
    line: /SECRET_DOMAIN/,
    message: /\$\{SECRET_DOMAIN\} in HelmRelease opencode-ha has no value/,
    remedy: /settings .* namespace of the Kustomization, opencode: let ks\.yaml be in flux-system/,
  },
  {
    rule: "object-missing",
    title: "a chart's source that nobody applies",
    edit: text(`${app}/kustomization.yaml`, "  - ./ocirepository.yaml\n", ""),
    line: /chartRef/,
    message: /OCIRepository opencode\/opencode-ha/,
  },
  {
    rule: "dependency-unanswered",
    title: "a Kustomization that nobody has",
    edit: text(ks, "- name: rook-ceph-cluster", "- name: rook-cehp-cluster"),
    line: /rook-cehp-cluster/,
    message: /Kustomization opencode-ha depends on Kustomization flux-system\/rook-cehp-cluster/,
  },
  {
    rule: "dependency-unanswered",
    title: "a HelmRelease that waits for a Kustomization",
    edit: text(
      release,
      "  interval: 30m\n",
      "  dependsOn:\n    - name: external-secrets-stores\n  interval: 30m\n",
    ),
    line: /external-secrets-stores/,
    message: /HelmRelease opencode-ha depends on HelmRelease opencode\/external-secrets-stores/,
    remedy: /ks\.yaml.*a HelmRelease waits for HelmReleases only/,
  },
  {
    rule: "never-applied",
    title: "a list of applications without OpenCode's",
    edit: (tree) =>
      tree.add(
        "kubernetes/apps/kustomization.yaml",
        "resources: [./network, ./cert-manager, ./external-secrets, ./rook-ceph]\n",
      ),
    line: /resources/,
    message: /Kustomization opencode-ha is in the tree, and Flux does not reach it/,
  },
];

const secrets: Mistake[] = [
  {
    rule: "doppler-key-missing",
    title: "a misspelt key of Doppler",
    edit: text(secret, "        key: OPENCODE_HA_GITHUB_PAT", "        key: OPENCODE_HA_GITHUB_TOKEN"),
    line: /key: OPENCODE_HA_GITHUB_TOKEN/,
    message: /asks Doppler for OPENCODE_HA_GITHUB_TOKEN/,
    remedy: /OPENCODE_HA_GITHUB_PAT\?/,
  },
  {
    rule: "template-key-missing",
    title: "a template that names what is not brought",
    edit: text(secret, "{{ .OPENCODE_HA_SERVER_PASSWORD }}", "{{ .OPENCODE_HA_PASSWORD }}"),
    line: /OPENCODE_HA_PASSWORD/,
    message: /OPENCODE_SERVER_PASSWORD of OPENCODE_HA_PASSWORD, which neither/,
  },
  {
    rule: "store-missing",
    title: "a store that the home does not have",
    edit: text(secret, "name: doppler-secrets", "name: doppler"),
    line: /name: doppler$/,
    message: /ClusterSecretStore doppler, which/,
  },
  {
    rule: "secret-missing",
    title: "a key that the Secret does not have",
    edit: text(release, "key: GITHUB_PAT", "key: PAT"),
    line: /key: PAT/,
    message: /needs key PAT of Secret opencode-ha-secret/,
  },
  {
    rule: "config-map-missing",
    title: "a ConfigMap that nobody makes",
    edit: text(
      release,
      "      tmp:\n",
      "      scripts:\n        type: configMap\n        name: opencode-ha-scripts\n        globalMounts:\n          - path: /scripts\n      tmp:\n",
    ),
    line: /name: opencode-ha-scripts/,
    message: /ConfigMap opencode\/opencode-ha-scripts/,
  },
  {
    rule: "secret-two-writers",
    title: "a script that makes the Secret by hand",
    edit: (tree) =>
      tree.add(
        "scripts/seed.sh",
        "kubectl -n opencode create secret generic opencode-ha-secret --from-file=auth.json\n",
      ),
    line: /create secret/,
    message: /seed\.sh writes Secret opencode-ha-secret/,
  },
  {
    rule: "secret-in-git",
    title: "a Secret with its value",
    edit: added(
      "webhook.yaml",
      "apiVersion: v1\nkind: Secret\nmetadata:\n  name: webhook\nstringData:\n  TOKEN: abc\n",
    ),
    line: /TOKEN: abc/,
    message: /Secret webhook is committed with its value/,
  },
  {
    rule: "known-token",
    title: "a token of GitHub",
    edit: text(
      release,
      "              HOME: /home/opencode\n",
      `              HOME: /home/opencode\n              GH: ghp_${"a1B2c3D4e5F6".repeat(3)}\n`,
    ),
    line: /GH: ghp_/,
    message: /a secret stands in the file/,
  },
  {
    rule: "plain-variable",
    title: "a random value in a variable",
    edit: text(
      release,
      '              GIT_TERMINAL_PROMPT: "0"\n',
      '              GIT_TERMINAL_PROMPT: "0"\n              COOKIE: q8Xz2LrT4mZkB7fY6pW1vN9cJd3Q\n',
    ),
    line: /COOKIE/,
    message: /variable COOKIE of container git-clone/,
  },
  {
    rule: "secret-in-values",
    title: "a password that Helm copies",
    edit: text(
      release,
      "  values:\n",
      "  valuesFrom:\n    - kind: Secret\n      name: opencode-ha-secret\n      valuesKey: OPENCODE_SERVER_PASSWORD\n      targetPath: controllers.opencode-ha.containers.app.env.PW\n  values:\n",
    ),
    line: /valuesFrom/,
    message: /takes OPENCODE_SERVER_PASSWORD from Secret/,
  },
];

const storage: Mistake[] = [
  {
    rule: "two-pods-one-volume",
    title: "a rolling update",
    edit: text(release, "strategy: Recreate", "strategy: RollingUpdate"),
    line: /strategy: RollingUpdate/,
    message: /updated by RollingUpdate on a ReadWriteOnce claim/,
  },
  {
    rule: "two-pods-one-volume",
    title: "two replicas",
    edit: text(release, "strategy: Recreate", "strategy: Recreate\n        replicas: 2"),
    line: /replicas: 2/,
    message: /2 replicas on one volume/,
  },
  {
    rule: "data-not-kept",
    title: "an emptyDir for the data",
    edit: text(release, "        existingClaim: opencode-ha\n", "        type: emptyDir\n"),
    line: /emptyDir/,
    message: /sessions and login .* are kept on emptyDir/,
  },
  {
    rule: "claim-missing",
    title: "a claim of another name",
    edit: text(release, "existingClaim: opencode-ha\n", "existingClaim: opencode-ha-data\n"),
    line: /existingClaim: opencode-ha-data/,
    message: /mounts claim opencode\/opencode-ha-data/,
  },
  {
    rule: "backup-of-nothing",
    title: "a backup of another claim",
    edit: text(
      "kubernetes/templates/volsync/minio.yaml",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
      'sourcePVC: "${VOLSYNC_CLAIM:-${APP}}"',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
      'sourcePVC: "${APP}-data"',
    ),
    line: /sourcePVC/,
    message: /backs up claim opencode\/opencode-ha-data/,
  },
  {
    rule: "foreign-mover",
    title: "movers of another user that may not be root",
    edit: text(
      "kubernetes/apps/opencode/namespace.yaml",
      'volsync.backube/privileged-movers: "true"',
      'volsync.backube/privileged-movers: "false"',
    ),
    line: /runAsUser: 568/,
    message: /ReplicationSource opencode-ha moves files of uid 1000 \(opencode-ha\) as uid 568/,
    remedy: /annotate namespace opencode with volsync.backube\/privileged-movers: "true"/,
  },
  {
    rule: "foreign-mover",
    title: "movers that are nobody, where none may be root",
    edit: (tree) => {
      text(
        "kubernetes/apps/opencode/namespace.yaml",
        'volsync.backube/privileged-movers: "true"',
        'volsync.backube/privileged-movers: "false"',
      )(tree);
      text(
        "kubernetes/templates/volsync/minio.yaml",
        "    moverSecurityContext:\n      fsGroup: 568\n      fsGroupChangePolicy: OnRootMismatch\n      runAsGroup: 568\n      runAsUser: 568\n",
        "",
      )(tree);
    },
    line: /restic:/,
    message:
      /ReplicationSource opencode-ha moves files of uid 1000 \(opencode-ha\) as nobody in particular: it cannot read/,
    remedy: /let the mover be uid 1000 \(moverSecurityContext\)/,
  },
  {
    rule: "bound-to-node",
    title: "one node only",
    edit: text(
      release,
      "    defaultPodOptions:\n",
      "    defaultPodOptions:\n      nodeSelector: {kubernetes.io/hostname: one}\n",
    ),
    line: /nodeSelector/,
    message: /may run on node one only/,
  },
  {
    rule: "prune-guard",
    title: "a namespace without its guard",
    edit: text(
      "kubernetes/apps/opencode/namespace.yaml",
      "kustomize.toolkit.fluxcd.io/prune: disabled",
      "a: b",
    ),
    line: /metadata/,
    message: /Namespace opencode goes/,
  },
  {
    rule: "no-eviction",
    title: "a disruption budget",
    edit: added(
      "pdb.yaml",
      "apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata:\n  name: ha\nspec:\n  minAvailable: 1\n  selector:\n    matchLabels:\n      app.kubernetes.io/name: opencode-ha\n",
    ),
    line: /minAvailable/,
    message: /PodDisruptionBudget ha allows no eviction of opencode-ha/,
  },
];

const pods: Mistake[] = [
  {
    rule: "other-user",
    title: "no fsGroup",
    edit: text(release, "        fsGroup: 1000\n", ""),
    line: /securityContext/,
    message: /opencode-ha has no fsGroup/,
  },
  {
    rule: "secret-readable",
    title: "a Secret for everybody",
    edit: text(release, "defaultMode: 256", "defaultMode: 365"),
    line: /defaultMode: 365/,
    message: /with mode 0555/,
  },
  {
    rule: "image-unpinned",
    title: "the newest image",
    edit: text(release, "tag: 1.18.34", "tag: latest"),
    line: /tag: latest/,
    message: /container app of opencode-ha runs ghcr\.io\/anomalyco\/opencode:latest/,
  },
  {
    rule: "working-directory",
    title: "the directory above the clone",
    edit: text(release, "workingDir: /workspace/home-assistant-config", "workingDir: /workspace"),
    line: /workingDir: \/workspace$/,
    message: /starts in \/workspace, above its clone in \/workspace\/home-assistant-config/,
  },
  {
    rule: "login-mounted",
    title: "the Secret in auth.json's place",
    edit: text(
      release,
      "            seed-auth:\n              - path: /secrets/copilot\n                readOnly: true\n",
      "            seed-auth:\n              - path: /secrets/copilot\n                readOnly: true\n            app:\n              - path: /home/opencode/.local/share/opencode/auth.json\n                subPath: auth.json\n                readOnly: true\n",
    ),
    line: /auth\.json/,
    message: /auth\.json of opencode-ha is the Secret itself/,
  },
  {
    rule: "probe-refused",
    title: "a probe without the password",
    edit: text(release, "path: /site.webmanifest", "path: /app"),
    line: /path: \/app/,
    message: /startup probe of opencode-ha asks for \/app, which answers 401/,
  },
  {
    rule: "no-password",
    title: "no password",
    edit: text(release, "              OPENCODE_SERVER_PASSWORD:\n", "              OTHER:\n"),
    line: /env/,
    message: /opencode-ha has no password/,
  },
  {
    rule: "no-reload",
    title: "no annotation of Reloader",
    edit: text(release, 'reloader.stakater.com/auto: "true"', "a: b"),
    line: /opencode-ha:/,
    message: /Deployment opencode-ha has no annotation of Reloader/,
  },
  {
    rule: "no-reload",
    title: "Reloader's annotation on the HelmRelease",
    edit: (tree) => {
      tree.replaceText(release, 'reloader.stakater.com/auto: "true"', "a: b");
      tree.replaceText(
        release,
        "  namespace: opencode\nspec:",
        '  namespace: opencode\n  annotations: {reloader.stakater.com/auto: "true"}\nspec:',
      );
    },
    line: /opencode-ha:/,
    message: /annotation is on HelmRelease opencode-ha/,
  },
  {
    rule: "secret-in-work",
    title: "a Secret in the directory of the work",
    edit: text(
      release,
      "            seed-auth:\n              - path: /secrets/copilot\n                readOnly: true\n",
      "            seed-auth:\n              - path: /secrets/copilot\n                readOnly: true\n            app:\n              - path: /workspace/secrets\n                readOnly: true\n",
    ),
    line: /path: auth\.json|path: \//,
    message:
      /a Secret is mounted at \/workspace\/secrets of container app of opencode-ha, inside of \/workspace/,
  },
  {
    rule: "token-in-app",
    title: "the token in OpenCode's container",
    edit: text(
      release,
      "            git-clone:\n              - path: /secrets/github\n                readOnly: true\n",
      "            git-clone:\n              - path: /secrets/github\n                readOnly: true\n            app:\n              - path: /secrets/github\n",
    ),
    line: /GITHUB_PAT/,
    message: /gets GITHUB_PAT too/,
  },
];

const scripts: Mistake[] = [
  {
    rule: "trace-shows-secret",
    title: "set -x",
    edit: text(release, "set -eu\n                # Pitfall 8", "set -eux\n                # Pitfall 8"),
    line: /set -eux/,
    message: /container git-clone of opencode-ha traces/,
  },
  {
    rule: "token-in-address",
    title: "a token in the URL",
    edit: text(
      release,
      cloneCommand,
      'clone "https://x-access-token:$(cat /secrets/github/pat)@github.com/jbaker/home-assistant-config.git"',
    ),
    line: /@github/,
    message: /puts the token into an address/,
  },
  {
    rule: "partial-clone",
    title: "a partial clone",
    edit: text(release, cloneCommand, 'clone --filter=blob:none "$REPOSITORY_URL"'),
    line: /--filter/,
    message: /partial clone/,
  },
  {
    rule: "clone-again",
    title: "a directory in place of .git",
    edit: text(release, '[ -d "$repo/.git" ]', '[ -d "$repo" ]'),
    line: /clone/,
    message: /takes a directory for a whole clone/,
  },
  {
    rule: "login-overwritten",
    title: "a login that is written at every start",
    edit: text(
      release,
      'if [ -f auth.json ] && [ "$(cat auth.json.seeded 2>/dev/null)" = "$wanted" ]; then',
      "if false; then",
    ),
    line: /auth\.json/,
    message: /writes auth\.json of opencode-ha whenever the pod starts/,
  },
  {
    rule: "login-readable",
    title: "a login for everybody",
    edit: text(release, "chmod 600 auth.json", "chmod 644 auth.json"),
    line: /chmod 644/,
    message: /gives auth\.json mode 644/,
  },
  {
    rule: "directory-unmade",
    title: "a subPath that nobody makes",
    edit: text(release, "/data/opencode-data /data/opencode-config\n", "/data/opencode-data\n"),
    line: /set -eu/,
    message: /makes opencode-config on the volume/,
  },
  {
    rule: "seed-script-shows",
    title: "a seed script that lets doppler print",
    edit: text("scripts/seed-copilot-auth.sh", '--silent <"$file" >/dev/null 2>&1', '<"$file"'),
    line: /secrets set/,
    message: /shows what doppler prints/,
  },
];

const isolation: Mistake[] = [
  {
    rule: "shared-repository",
    title: "one repository for both",
    edit: text(release, "jbaker/home-assistant-config.git", "jbaker/k8s-cluster.git"),
    line: /jbaker\/k8s-cluster/,
    message: /have one repository: jbaker\/k8s-cluster/,
  },
  {
    rule: "shared-claim",
    title: "one claim for both",
    edit: text(release, "existingClaim: opencode-ha\n", "existingClaim: opencode-flux\n"),
    line: /existingClaim: opencode-flux/,
    message: /have one claim: opencode\/opencode-flux/,
  },
  {
    rule: "shared-host",
    title: "one host for both",
    edit: text(release, '"ha.opencode.', '"flux.opencode.'),
    line: /flux\.opencode/,
    message: /have one host: flux\.opencode/,
  },
  {
    rule: "shared-password",
    title: "one password for both",
    edit: text(secret, "OPENCODE_HA_SERVER_PASSWORD", "OPENCODE_FLUX_SERVER_PASSWORD"),
    line: /OPENCODE_SERVER_PASSWORD/,
    message: /have one password: OPENCODE_FLUX_SERVER_PASSWORD/,
  },
  {
    rule: "foreign-token",
    title: "the token of the other",
    edit: text(secret, "OPENCODE_HA_GITHUB_PAT", "OPENCODE_FLUX_GITHUB_PAT"),
    line: /OPENCODE_FLUX_GITHUB_PAT/,
    message: /with OPENCODE_FLUX_GITHUB_PAT, which does not open it/,
  },
];

const login: Mistake[] = [
  {
    rule: "login-of-other-key",
    title: "a login made of the password",
    edit: text(secret, "{{ .OPENCODE_HA_COPILOT_AUTH_JSON }}", "{{ .OPENCODE_HA_SERVER_PASSWORD }}"),
    line: /COPILOT_AUTH_JSON: "\{\{ \.OPENCODE_HA_SERVER/,
    message: /auth\.json of opencode-ha is made of OPENCODE_HA_SERVER_PASSWORD, which holds a password/,
  },
  {
    rule: "login-overwritten",
    title: "a login that is never written again",
    edit: text(
      release,
      '[ -f auth.json ] && [ "$(cat auth.json.seeded 2>/dev/null)" = "$wanted" ]',
      "[ -f auth.json ]",
    ),
    line: /auth\.json/,
    message: /never writes auth\.json again/,
  },
];

const gateway: Mistake[] = [
  {
    rule: "issuer-missing",
    title: "an issuer that the home does not have",
    edit: text(certificate, "name: letsencrypt-production", "name: letsencrypt"),
    line: /name: letsencrypt$/,
    message: /ClusterIssuer letsencrypt, which/,
    remedy: /letsencrypt-production/,
  },
  {
    rule: "host-not-covered",
    title: "a wildcard one label too high",
    edit: text(certificate, '"*.opencode.', '"*.'),
    line: /dnsNames/,
    message: /no Certificate covers ha\.opencode/,
  },
  {
    rule: "host-not-covered",
    title: "a Gateway that does not name the certificate",
    edit: text(
      `${home}/gateways.yaml`,
      "          - kind: Secret\n            name: opencode-production-tls\n",
      "",
    ),
    line: /secretName/,
    message:
      /lies in Secret network\/opencode-production-tls, and Gateway network\/envoy-internal reads only/,
  },
  {
    rule: "patch-of-nothing",
    title: "a patch of what Helm makes",
    edit: text(
      `${app}/kustomization.yaml`,
      "patches:\n",
      "patches:\n  - target: {kind: Deployment, name: opencode-ha}\n    patch: |-\n      - {op: add, path: /spec/replicas, value: 1}\n",
    ),
    line: /kind: Deployment/,
    message: /is for Deployment opencode-ha, which is none of what it applies/,
    remedy: /postRenderers/,
  },
  {
    rule: "image-of-nothing",
    title: "another image for one that stands in the values of a release",
    edit: text(
      `${app}/kustomization.yaml`,
      "patches:\n",
      "images:\n  - name: ghcr.io/anomalyco/opencode\n    newTag: 1.19.0\npatches:\n",
    ),
    line: /ghcr\.io\/anomalyco\/opencode/,
    message:
      /images of Kustomization opencode-ha changes ghcr\.io\/anomalyco\/opencode, which no pod that it applies has/,
    remedy: /values of its HelmRelease/,
  },
  {
    rule: "patch-of-nothing",
    title: "a post-renderer's patch of what the chart does not make",
    edit: text(
      release,
      "  values:\n",
      "  postRenderers:\n    - kustomize:\n        patches:\n          - target: {kind: StatefulSet}\n            patch: |-\n              - {op: add, path: /spec/replicas, value: 1}\n  values:\n",
    ),
    line: /kind: StatefulSet/,
    message: /a patch of HelmRelease opencode-ha is for StatefulSet, which is none/,
    remedy: /name in target what is there/,
  },
  {
    rule: "helm-fails",
    title: "values from a ConfigMap whose name a generator has changed",
    edit: text(
      release,
      "  values:\n    controllers:",
      "  valuesFrom:\n    - {kind: ConfigMap, name: ha-values}\n  values:\n    controllers:",
    ),
    line: /name: ha-values/,
    message: /ConfigMap chart values reference 'opencode\/ha-values'/,
    remedy: /disableNameSuffixHash/,
  },
  {
    rule: "namespace-missing",
    title: "a misspelt target namespace",
    edit: text(ks, "targetNamespace: opencode", "targetNamespace: opencodes"),
    line: /targetNamespace: opencodes/,
    message: /opencode-ha is to run in namespace opencodes, which nobody makes/,
    remedy: /did you mean opencode\?/,
  },
  {
    rule: "namespace-missing",
    title: "a namespace that no list names",
    edit: text("kubernetes/apps/opencode/kustomization.yaml", "  - ./namespace.yaml\n", ""),
    line: /targetNamespace: opencode$/,
    message: /namespace opencode, which nobody makes/,
    remedy: /list kubernetes\/apps\/opencode\/namespace\.yaml/,
  },
  {
    rule: "plain-http",
    title: "a listener without TLS that takes routes of every namespace",
    edit: (tree) => {
      tree.replaceText(`${home}/gateways.yaml`, "from: Same", "from: All");
      tree.replaceText(release, "sectionName: https", "sectionName: http");
    },
    line: /sectionName: http$/,
    message: /serves a workspace without TLS/,
  },
  {
    rule: "route-refused",
    title: "a listener that selects other namespaces",
    edit: text(
      `${home}/gateways.yaml`,
      "from: All",
      "from: Selector\n          selector: {matchLabels: {kubernetes.io/metadata.name: media}}",
    ),
    line: /sectionName: https$/,
    message: /takes routes of the namespaces that it selects only/,
  },
  {
    rule: "route-refused",
    title: "the listener without TLS",
    edit: text(release, "sectionName: https", "sectionName: http"),
    line: /sectionName: http$/,
    message: /takes routes of its own namespace only/,
  },
  {
    rule: "public-host",
    title: "the annotation by which external-dns publishes a host",
    edit: text(
      release,
      "      app:\n        hostnames:",
      '      app:\n        annotations:\n          external-dns.home.arpa/enabled: "true"\n        hostnames:',
    ),
    line: /external-dns\.home\.arpa/,
    message: /publish ha\.opencode\.angryninja\.cloud: everybody/,
  },
  {
    rule: "route-port",
    title: "a Service on another port",
    edit: text(release, "port: 4096\n            # Pitfall 4.", "port: 8080\n            # Pitfall 4."),
    line: /port: 8080/,
    message: /leads to port 4096 of Service opencode-ha, which has 8080/,
  },
  {
    rule: "stream-cut",
    title: "a policy that replaces the Gateway's and forgets the timeout",
    edit: text(policy, "      requestTimeout: 0s\n", ""),
    line: /http:/,
    message: /opencode-ha 15 s after the request.*replaces the Gateway's policy and gives no requestTimeout/,
  },
  {
    rule: "stream-idle",
    title: "a Gateway that ends idle streams",
    edit: text(
      `${home}/policies.yaml`,
      "      idleTimeout: 3600s\n",
      "      idleTimeout: 3600s\n      streamIdleTimeout: 12s\n",
    ),
    line: /streamIdleTimeout/,
    message: /idle for 12s/,
  },
  {
    rule: "closed-to-gateway",
    title: "a NetworkPolicy that forgets the Gateway",
    edit: added(
      "networkpolicy.yaml",
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: own\nspec:\n  podSelector: {}\n  policyTypes: [Ingress]\n  ingress:\n    - from:\n        - podSelector: {}\n",
    ),
    line: /ingress:/,
    message: /NetworkPolicy own lets no traffic of the Gateway \(namespace network\)/,
  },
  {
    rule: "chart-layer",
    title: "a layer that is not in the chart",
    edit: text(`${app}/ocirepository.yaml`, "helm.chart.content.v1", "helm.chart.v1"),
    line: /mediaType/,
    message: /asks for the layer application\/vnd\.cncf\.helm\.chart\.v1\.tar\+gzip, which no chart has/,
  },
  {
    rule: "chart-version",
    title: "a chart that is not pinned",
    edit: text(`${app}/ocirepository.yaml`, "tag: 4.4.0", 'semver: ">=4.0.0"'),
    line: /semver:/,
    message: /takes whatever app-template is newest \(>=4\.0\.0\)/,
  },
];

describe.each([
  ["rendering", rendering],
  ["secrets", secrets],
  ["storage", storage],
  ["pods", pods],
  ["scripts", scripts],
  ["isolation", isolation],
  ["login", login],
  ["gateway", gateway],
])("%s", (_, mistakes) => {
  it.each(mistakes)(
    "$rule: finds $title, with its line",
    { timeout: 60_000 },
    async ({ rule, edit, line, message, remedy }) => {
      const { findings, home } = await checked(edit);
      const found = findings.filter(({ id, message: said }) => id === rule && message.test(said));
      expect(findings.map(({ id, message }) => `${id}: ${message}`)).toContainEqual(
        expect.stringMatching(message),
      );
      const [first] = found;
      expect(first?.file).toBeDefined();
      expect(home.tree.text(first?.file ?? "").split("\n")[(first?.line ?? 0) - 1]).toMatch(line);
      if (remedy) expect(first?.remedy).toMatch(remedy);
    },
  );
});

it("has nothing against what is right in the home", { timeout: 60_000 }, async () => {
  const { findings, pitfalls } = await checked(() => {});
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(pitfalls.map(({ verdict }) => verdict)).toEqual(Array(12).fill("holds"));
});

it("calls a secret that Flux puts into a variable by its name, and no error", {
  timeout: 60_000,
}, async () => {
  const { findings } = await checked(
    text(
      release,
      '              GIT_TERMINAL_PROMPT: "0"\n',
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it.
      '              GIT_TERMINAL_PROMPT: "0"\n              MODELS_API_KEY: ${SECRET_DOMAIN}\n',
    ),
  );
  expect(findings.filter(({ id }) => id === "plain-variable")).toMatchObject([
    { severity: "warning", message: expect.stringMatching(/MODELS_API_KEY .* by Flux's substitution/) },
  ]);
});

it.each<[string, (tree: Tree) => void]>([
  [
    "a route that names no listener, where only the one with TLS takes it",
    (tree) => {
      tree.replaceText(release, "            sectionName: https\n", "");
    },
  ],
  [
    "no policy of one's own, where the Gateway has one",
    (tree) => {
      tree.replaceText(`${app}/kustomization.yaml`, "  - ./backendtrafficpolicy.yaml\n", "");
    },
  ],
  [
    "a .netrc that is removed",
    (tree) => {
      tree.replaceText(
        release,
        "                sync\n",
        '                echo "x $(cat /secrets/github/pat)" > "$HOME/.netrc"\n                rm -f "$HOME/.netrc"\n                sync\n',
      );
    },
  ],
])("has nothing against %s", { timeout: 60_000 }, async (_, edit) => {
  const { findings } = await checked(edit);
  expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
});
