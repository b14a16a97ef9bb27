// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import type { Tree } from "../../../gitops/index.ts";
import {
  added,
  backup,
  claim,
  document,
  type Edit,
  expectFound,
  expectNothing,
  fluxRelease,
  type Mistake,
  namespace,
  release,
  reloader,
  secret,
  store,
  text,
  variable,
} from "../test-check.ts";

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
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, [tree, mistakes]) => {
  await expectFound(tree, mistakes);
});

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
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, [tree, edits]) => {
  await expectNothing(tree, edits);
});
