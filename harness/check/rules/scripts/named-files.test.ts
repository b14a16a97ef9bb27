import { it } from "vitest";
import { added, type Edit, expectFound, expectNothing, type Mistake, release, text } from "../test-check.ts";

/** Mistakes that do not hide each other are made in one tree: each rendering takes its time. */
const together: Record<string, [tree: string, mistakes: Mistake[]]> = {
  "a file that is another, and a host that anybody may be": [
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
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

/** Other ways to write what is right. */
const right: Record<string, [tree: string, edits: Edit[]]> = {
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
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, [tree, edits]) => {
  await expectNothing(tree, edits);
});
