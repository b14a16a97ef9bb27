import { it } from "vitest";
import {
  added,
  type Edit,
  expectFound,
  expectNothing,
  flux,
  ks,
  kustomization,
  type Mistake,
  policy,
  release,
  secret,
  source,
  substitute,
  text,
} from "../test-check.ts";

/** Mistakes that do not hide each other are made in one tree: each rendering takes its time. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "what Flux leaves undone, and others refuse": [
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
  "a path that another Kustomization has": [
    "manifests",
    [[text(ks, "opencode-ha/app", "opencode-flux/app"), "applied-twice", /path/, /its own path/]],
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
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** Other ways to write what is right. */
const right: Record<string, [tree: string, edits: Edit[]]> = {
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
  data: [{ secretKey: A, remoteRef: { key: CLOUDFLARE_API_TOKEN } }]
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
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, [tree, edits]) => {
  await expectNothing(tree, edits);
});
