// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import {
  added,
  app,
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
  text,
} from "./test-check.ts";

const fluxApp = "kubernetes/apps/opencode/opencode-flux/app";
const fluxRelease = `${fluxApp}/helmrelease.yaml`;
const fluxSecret = `${fluxApp}/externalsecret.yaml`;
const issuer = "kubernetes/apps/cert-manager/cert-manager/issuers/clusterissuer.yaml";
const namespace = "kubernetes/apps/opencode/namespace.yaml";

const container = (lines: string) =>
  text(
    release,
    "            workingDir: /workspace",
    `            ${lines}\n            workingDir: /workspace`,
  );
const port = (lines: string, file = release) =>
  text(
    file,
    "            port: 4096\n            # Pitfall 4.",
    `            port: 4096\n            ${lines}\n            # Pitfall 4.`,
  );
const traffic = (lines: string) => text(policy, "  timeout:\n    http:\n", `${lines}  timeout:\n    http:\n`);
const asking = (lines: string) => text(certificate, "spec:\n", `spec:\n${lines}`);
const fetched =
  (file: string, dataFrom: string): Edit =>
  (tree) => {
    const before = tree.text(file);
    tree.replaceText(
      file,
      before,
      before.replace(/ {2}data:\n {4}- secretKey[\s\S]*/, () => `  dataFrom:\n${dataFrom}`),
    );
  };
const object = (file: string, group: string, kind: string, spec: string): Edit =>
  added(
    file,
    `apiVersion: ${group}\nkind: ${kind}\nmetadata: { name: ${file.replace(".yaml", "")} }\nspec:\n${spec}`,
  );
const envoy = "gateway.envoyproxy.io/v1alpha1";
const target = (name = "opencode-ha") =>
  `  targetRefs: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, name: ${name} }]\n`;
const chosen =
  (label: string): Edit =>
  (tree) => {
    const before = tree.text(policy);
    const selector = `  targetSelectors:\n    - group: gateway.networking.k8s.io\n      kind: HTTPRoute\n      matchLabels:\n        ${label}\n`;
    tree.replaceText(policy, before, before.replace(/ {2}targetRefs:[\s\S]*?(?= {2}timeout:)/, selector));
  };
const daemons = text(release, "        strategy: Recreate\n", "        type: daemonset\n");

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what Flux and Helm pass over": [
    "manifests",
    [
      [
        text(source, "    tag: 4.4.0", '    tag: 4.4.0\n    semver: ">=4.0.0"'),
        "chart-version",
        /semver/,
        /newest \(>=4\.0\.0\)/,
      ],
      [
        text(
          source,
          "  interval: 30m\n",
          "  interval: 30m\n  verify: { provider: cosign, secretRef: { name: cosign } }\n",
        ),
        "source-secret-missing",
        /verify/,
        /opencode\/cosign/,
      ],
      [
        text(release, "    cleanupOnFail: true\n", "    cleanupOnFail: true\n    preserveValues: true\n"),
        "values-kept",
        /preserveValues/,
        /taken out of Git stays/,
      ],
      [
        text(
          `${app}/kustomization.yaml`,
          "          kustomize.toolkit.fluxcd.io/prune: disabled\n",
          "          kustomize.toolkit.fluxcd.io/prune: disabled\n        annotations:\n          kustomize.toolkit.fluxcd.io/force: Enabled\n",
        ),
        "forced",
        /force: Enabled/,
        /claim opencode-ha by force/,
      ],
      [
        text(namespace, "  labels:\n", "  labels:\n    house: true\n"),
        "metadata-no-text",
        /house/,
        /takes all labels away from Namespace opencode: house of its labels is a boolean/,
      ],
      [
        text(
          release,
          'reloader.stakater.com/auto: "true"',
          'reloader.stakater.com/auto: "true"\n          secrets.exclude.reloader.stakater.com/reload: opencode-ha-secret',
        ),
        "reload-passed-by",
        /reloader/,
        /do not name Secret opencode-ha-secret/,
      ],
      [podOption("schedulerName: stork"), "pod-class-missing", /schedulerName/, /stay Pending/],
      [
        podOption(
          "tolerations: [{ key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 3600 }]",
        ),
        "stays-on-lost-node",
        /tolerationSeconds/,
        /3600 s/,
      ],
      [
        container("lifecycle: { preStop: { exec: { command: [sh, -c, sleep 60] } } }"),
        "no-grace-period",
        /preStop/,
        /60 s, and the pod has 30 s/,
      ],
    ],
  ],
  "what is in no namespace": [
    "manifests",
    [
      [
        text(ks, "  namespace: flux-system\n", ""),
        "namespace-unsaid",
        /name: &app opencode-ha/,
        /namespace not specified.*flux-system/,
      ],
    ],
  ],
  "a server on each node": [
    "manifests",
    [[daemons, "server-of-other-kind", /type: daemonset/, /DaemonSet runs a pod on each node/]],
  ],
  "what hooks and probes call": [
    "manifests",
    [
      [
        container(
          "lifecycle: { postStart: { exec: { command: [sh, -c, 'git config --global user.name ha'] } }, preStop: { exec: { command: [curl, localhost] } } }",
        ),
        "hook-without-program",
        /postStart/,
        /postStart of opencode-ha runs git/,
      ],
      [() => {}, "hook-without-program", /preStop/, /runs curl.*nothing of it is done/],
      [
        text(
          fluxRelease,
          "                  httpGet:\n                    path: /site.webmanifest\n                    port: 4096\n                  failureThreshold: 3\n",
          "                  exec: { command: [curl, -f, http://localhost:4096/site.webmanifest] }\n                  failureThreshold: 3\n",
        ),
        "hook-without-program",
        /curl/,
        /readiness of opencode-flux runs curl.*never becomes Ready/,
      ],
      [text(fluxRelease, "- /bin/sh\n", "- /bin/bash\n"), "shell-missing", /bash/, /it never starts/],
      [
        text(
          release,
          '              OPENCODE_DISABLE_AUTOUPDATE: "true"\n',
          '              OPENCODE_DISABLE_AUTOUPDATE: "true"\n              NODE_TLS_REJECT_UNAUTHORIZED: "0"\n              OPENCODE_AUTH_CONTENT: "{}"\n',
        ),
        "variable-opens",
        /NODE_TLS/,
        /takes anybody for Copilot/,
      ],
      [() => {}, "variable-opens", /AUTH_CONTENT/, /in auth\.json's place/],
    ],
  ],
  "certificates that nobody gives": [
    "manifests",
    [
      [
        asking(
          "  commonName: opencode.${SECRET_DOMAIN}\n  emailAddresses: [me@example.org]\n  uris: ['spiffe://a/b']\n  ipAddresses: [192.168.1.10]\n  privateKey: { algorithm: Ed25519 }\n",
        ),
        "never-issued",
        /commonName/,
        /none of its dnsNames/,
      ],
      [() => {}, "never-issued", /emailAddresses/, /e-mail/],
      [() => {}, "never-issued", /uris/, /URIs/],
      [() => {}, "never-issued", /ipAddresses/, /of the house/],
      [() => {}, "never-issued", /privateKey/, /Ed25519/],
      [
        text(
          certificate,
          "secretName: opencode-production-tls",
          "secretName: angryninja-cloud-production-tls",
        ),
        "certificate-twice",
        /secretName/,
        /both kept in Secret network\/angryninja-cloud-production-tls/,
      ],
      [
        text(
          certificate,
          "    kind: ClusterIssuer\n",
          "    kind: ClusterIssuer\n    group: acme.cert-manager.io\n",
        ),
        "issuer-of-other-group",
        /group/,
        /acme\.cert-manager\.io, which nobody makes/,
      ],
      [
        traffic(
          "  responseOverride: [{ match: { statusCodes: [{ type: Range, range: { start: 400, end: 404 } }] }, response: { body: { type: Inline, inline: no } } }]\n",
        ),
        "not-for-browsers",
        /responseOverride/,
        /asks for the password/,
      ],
    ],
  ],
  "what policies choose and ask": [
    "manifests",
    [
      [chosen("app: opencode"), "policy-chooses-nothing", /matchLabels/, /app: opencode, and there is none/],
      [
        object(
          "jwt.yaml",
          envoy,
          "SecurityPolicy",
          `${target()}  jwt: { providers: [{ name: home, remoteJWKS: { uri: "https://auth.example/jwks" } }] }\n`,
        ),
        "not-for-browsers",
        /jwt/,
        /JSON Web Token/,
      ],
      [
        object(
          "key.yaml",
          envoy,
          "SecurityPolicy",
          `${target("opencode-flux")}  apiKeyAuth: { credentialRefs: [{ name: keys }], extractFrom: [{ headers: [X-Key] }] }\n  extAuth: { http: { backendRefs: [{ name: authelia, port: 80 }] } }\n`,
        ),
        "not-for-browsers",
        /apiKeyAuth/,
        /API key/,
      ],
      [() => {}, "not-for-browsers", /credentialRefs/, /opencode\/keys/],
      [() => {}, "policy-asks-nobody", /authelia/, /Service opencode\/authelia before OpenCode/],
      [port("protocol: UDP"), "service", /protocol/, /for UDP/],
      [
        text(
          fluxRelease,
          "        controller: opencode-flux\n",
          "        controller: opencode-flux\n        externalIPs: [192.168.1.5]\n",
        ),
        "service",
        /externalIPs/,
        /192\.168\.1\.5 of its own/,
      ],
    ],
  ],
  "namespaces that are too narrow": [
    "manifests",
    [
      [
        object(
          "limits.yaml",
          "v1",
          "LimitRange",
          "  limits:\n    - { type: Container, max: { memory: 512Mi } }\n    - { type: PersistentVolumeClaim, max: { storage: 1Gi } }\n",
        ),
        "limit-refuses",
        /max/,
        /container app asks for 1Gi of memory, and 512Mi/,
      ],
      [() => {}, "limit-refuses", /PersistentVolumeClaim/, /claim opencode-ha: it asks for 5Gi, and 1Gi/],
      [
        object(
          "quota.yaml",
          "v1",
          "ResourceQuota",
          '  hard:\n    limits.memory: 1536Mi\n    persistentvolumeclaims: "3"\n    requests.storage: 8Gi\n    pods: "1"\n',
        ),
        "quota-short",
        /limits\.memory/,
        /1536Mi of limits\.memory.*2048Mi/,
      ],
      [() => {}, "quota-short", /persistentvolumeclaims/, /need 5/],
      [() => {}, "quota-short", /requests\.storage/, /need 10240Mi/],
      [() => {}, "quota-short", /pods/, /1 of pods/],
      [() => {}, "quota-short", /limits\.memory/, /mover of ReplicationSource opencode-flux says nothing/],
    ],
  ],
  "what becomes of keys": [
    "manifests",
    [
      [
        fetched(
          secret,
          "    - find: { path: OPENCODE_HA_ }\n      rewrite: [{ regexp: { source: 'OPENCODE_HA_(.*)', target: '$1' } }]\n",
        ),
        "secret-renamed",
        /GITHUB_PAT/,
        /OPENCODE_HA_GITHUB_PAT, which rewrite has renamed: there is GITHUB_PAT/,
      ],
      [
        text(
          fluxSecret,
          "      engineVersion: v2\n",
          "      engineVersion: v2\n      templateFrom: [{ configMap: { name: forms, items: [{ key: a }] } }]\n",
        ),
        "template-missing",
        /forms/,
        /ConfigMap opencode\/forms, which nobody makes/,
      ],
      [
        text(
          fluxSecret,
          "{{ .OPENCODE_FLUX_SERVER_PASSWORD }}",
          'opencode:{{ .OPENCODE_FLUX_SERVER_PASSWORD | default \\"changeme\\" }}',
        ),
        "secret-stands-in",
        /PASSWORD/,
        /counts where Doppler's is empty/,
      ],
      [() => {}, "password-with-more", /PASSWORD/, /«opencode:»/],
      [
        text(fluxSecret, '"{{ .OPENCODE_FLUX_GITHUB_PAT }}"', '"token {{ .OPENCODE_FLUX_GITHUB_PAT }}"'),
        "password-with-more",
        /GITHUB_PAT/,
        /token of opencode-flux has «token»/,
      ],
    ],
  ],
  "directories that are root's": [
    "manifests",
    [
      [
        text(release, '                mkdir -p "$HOME/.local/share/opencode" "$HOME/.config"\n', ""),
        "mount-point-of-root",
        /home:/,
        /\/home\/opencode\/\.local of opencode-ha.*state/,
      ],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** What looks like it, and is right. */
const right: Record<string, Edit[]> = {
  "marks, hooks and times that are as they should be": [
    text(
      release,
      'reloader.stakater.com/auto: "true"',
      'reloader.stakater.com/auto: "true"\n          secrets.exclude.reloader.stakater.com/reload: another-secret',
    ),
    text(namespace, "  labels:\n", '  labels:\n    house: "true"\n'),
    podOption("schedulerName: default-scheduler"),
    podOption(
      "tolerations: [{ key: node.kubernetes.io/unreachable, operator: Exists, effect: NoExecute, tolerationSeconds: 120 }]",
    ),
    container(
      "lifecycle: { preStop: { exec: { command: [sh, -c, sleep 2] } }, postStart: { exec: { command: [sh, -c, 'command -v git || true'] } } }",
    ),
    text(source, "    tag: 4.4.0", "    semver: 4.4.0"),
    text(
      fluxRelease,
      "              OPENCODE_DISABLE",
      '              NODE_TLS_REJECT_UNAUTHORIZED: "1"\n              OPENCODE_DISABLE',
    ),
    text(
      release,
      '"$HOME/.local/share/opencode" "$HOME/.config"',
      "/home/opencode/.local/share/opencode /home/opencode/.config",
    ),
  ],
  "certificates that are given": [
    asking('  commonName: "*.opencode.${SECRET_DOMAIN}"\n  privateKey: { algorithm: ECDSA, size: 384 }\n'),
    text(certificate, "    kind: ClusterIssuer\n", "    kind: ClusterIssuer\n    group: cert-manager.io\n"),
  ],
  "an authority of the house, which vouches for more": [
    (tree) => {
      const before = tree.text(issuer);
      tree.replaceText(issuer, before, before.replace(/ {2}acme:[\s\S]*$/, "  ca: { secretName: house }\n"));
    },
    asking("  commonName: opencode\n  ipAddresses: [192.168.1.10]\n  privateKey: { algorithm: Ed25519 }\n"),
  ],
  "policies that choose a route, and ask who is there": [
    chosen("app.kubernetes.io/name: opencode-ha"),
    object(
      "jwt.yaml",
      envoy,
      "SecurityPolicy",
      `${target()}  jwt: { optional: true, providers: [{ name: home, remoteJWKS: { uri: "https://auth.example/jwks" } }] }\n  extAuth: { http: { backendRefs: [{ name: authelia, namespace: network, port: 80 }] } }\n`,
    ),
    traffic(
      "  responseOverride: [{ match: { statusCodes: [{ type: Value, value: 503 }] }, response: { body: { type: Inline, inline: wait } } }]\n",
    ),
    port("protocol: TCP"),
  ],
  "namespaces that are wide enough": [
    object(
      "limits.yaml",
      "v1",
      "LimitRange",
      "  limits:\n    - { type: Container, max: { memory: 2Gi }, min: { memory: 64Mi }, default: { memory: 512Mi }, defaultRequest: { memory: 128Mi } }\n    - { type: PersistentVolumeClaim, max: { storage: 20Gi } }\n",
    ),
    object(
      "quota.yaml",
      "v1",
      "ResourceQuota",
      '  hard:\n    limits.memory: 8Gi\n    persistentvolumeclaims: "10"\n    requests.storage: 100Gi\n    pods: "10"\n',
    ),
  ],
  "keys under other names": [
    fetched(
      secret,
      "    - find: { path: OPENCODE_HA_ }\n      rewrite: [{ regexp: { source: '^OPENCODE_HA_(.*)', target: '$1' } }]\n",
    ),
    text(secret, ".OPENCODE_HA_GITHUB_PAT", ".GITHUB_PAT"),
    text(secret, ".OPENCODE_HA_SERVER_PASSWORD", ".SERVER_PASSWORD"),
    text(secret, ".OPENCODE_HA_COPILOT_AUTH_JSON", ".COPILOT_AUTH_JSON"),
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, edits) => {
  await expectSilence("manifests", edits);
});
