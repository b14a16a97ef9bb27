import { it } from "vitest";
import {
  type Edit,
  expectFound,
  expectNothing,
  ks,
  kustomization,
  type Mistake,
  memoryLimit,
  podOption,
  policy,
  release,
  secret,
  substitute,
  text,
} from "../test-check.ts";

/** Mistakes that do not hide each other are made in one tree: each rendering takes its time. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "lines that are folded, and files that nobody lists": [
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
      [memoryLimit("256MB"), "refused", /256MB/, /256Mi/],
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

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
      memoryLimit("1073741824"),
    ],
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, [tree, edits]) => {
  await expectNothing(tree, edits);
});
