import { it } from "vitest";
import { app, expectFound, expectSilence, text } from "./test-check.ts";

const all = "kubernetes/apps/opencode";
const waitsForNode = 'kubectl wait node "$NODE" --for=condition=Ready --timeout=10m';
const claim = 'kubectl --namespace opencode delete pvc "$WORKSPACE" --ignore-not-found --timeout=3m';
const generator = (files: string) =>
  text(
    `${app}/kustomization.yaml`,
    "patches:\n",
    `secretGenerator:\n  - name: more\n    namespace: opencode\n    options: { disableNameSuffixHash: true }\n    files: [${files}]\npatches:\n`,
  );

it("finds documents that take all, or do not wait, and what Flux is told to pass over", () =>
  expectFound("manifests", [
    [
      text(`${all}/volume-lost.md`, claim, "kubectl delete namespace opencode"),
      "document-too-wide",
      /delete namespace/,
      /every volume in it/,
    ],
    [
      text(`${all}/volume-lost.md`, "Bound --timeout=1h", "Bound --timeout=1m"),
      "document-impatient",
      /timeout=1m/,
      /some gigabytes/,
    ],
    [
      text(`${all}/node-lost.md`, waitsForNode, 'kubectl uncordon "$NODE"'),
      "document-of-living-node",
      /NoExecute-/,
      /before the node is back/,
    ],
    [
      text(
        `${all}/opencode-ha/ks.yaml`,
        "  namespace: flux-system\nspec:",
        "  namespace: flux-system\n  annotations: { kustomize.toolkit.fluxcd.io/reconcile: disabled }\nspec:",
      ),
      "passed-over",
      /reconcile/,
      /Kustomization opencode-ha has/,
    ],
    [
      (tree) => tree.add(`${app}/password.txt`, "kestrel-42-orchard\n"),
      "secret-generated",
      /password\.txt/,
      /stands in Git as it is/,
    ],
    [generator("password.txt"), "secret-generated", /password\.txt/, /ConfigMap/],
  ]));

it("has nothing against documents that name what is lost, and wait", () =>
  expectSilence("manifests", [
    text(`${all}/volume-lost.md`, claim, `kubectl get namespace opencode\n${claim}`),
    text(`${all}/volume-lost.md`, "Bound --timeout=1h", "Bound --timeout=20m"),
  ]));
