// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import { app, documents, type Edit, expectFound, expectSilence, type Mistake, text } from "../test-check.ts";
import { login, node, swapped, volume } from "./test-documents.ts";

/** What stands between two texts, taken away. */
const without =
  (file: string, pattern: RegExp): Edit =>
  (tree) => {
    const before = tree.text(file);
    tree.replaceText(file, before, before.replace(pattern, ""));
  };
const taint = 'kubectl taint node "$NODE" node.kubernetes.io/out-of-service=nodeshutdown:NoExecute\n';
const wait = "kubectl --namespace opencode wait deployment --all --for=condition=Available --timeout=5m\n";
const back = 'kubectl wait node "$NODE" --for=condition=Ready --timeout=10m\n';
const free = 'kubectl taint node "$NODE" node.kubernetes.io/out-of-service=nodeshutdown:NoExecute-\n';
const waitsForNode = 'kubectl wait node "$NODE" --for=condition=Ready --timeout=10m';
const claim = 'kubectl --namespace opencode delete pvc "$WORKSPACE" --ignore-not-found --timeout=3m';
const generator = (files: string) =>
  text(
    `${app}/kustomization.yaml`,
    "patches:\n",
    `secretGenerator:\n  - name: more\n    namespace: opencode\n    options: { disableNameSuffixHash: true }\n    files: [${files}]\npatches:\n`,
  );

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, Mistake[]> = {
  "how far documents reach": [
    [
      volume('delete pvc "$WORKSPACE" --ignore', "delete pvc --all --ignore"),
      "document-too-wide",
      /delete pvc --all/,
      /the volumes of all workspaces/,
    ],
    [
      volume('scale deployment "$WORKSPACE" --replicas=0', "scale deployment opencode-flux --replicas=0"),
      "document-too-wide",
      /--replicas=0/,
      /takes opencode-flux, whichever/,
    ],
    [volume("--replicas=1", "--replicas=2"), "document-too-wide", /--replicas=2/, /2 pods on one volume/],
    [
      without(`${documents}/volume-lost.md`, /kubectl --namespace flux-system annotate[^\n]*\n[^\n]*\n/),
      "document-asks-nobody",
      /delete pvc/,
      /asks nobody to make it anew/,
    ],
  ],
  "steps for a lost node that come too early": [
    [
      swapped("node-lost.md", taint, wait),
      "document-of-living-node",
      /wait deployment/,
      /before the lost node is out of service/,
    ],
    [swapped("node-lost.md", back, free), "document-of-living-node", /NoExecute-/, /before the node is back/],
    [
      node('echo "the lost node', 'kubectl drain "$NODE" --ignore-daemonsets\necho "the lost node'),
      "document-of-living-node",
      /drain/,
      /drains a node that is dead/,
    ],
    [
      node(
        "kubectl get volumeattachments\n",
        "kubectl get volumeattachments\nkubectl --namespace opencode delete pods --all --force\n",
      ),
      "document-of-living-node",
      /--force/,
      /deletes pods by force/,
    ],
    [node("/^NotReady/", "/^Not Ready/"), "document-of-living-node", /awk/, /a word that it does not have/],
  ],
  "a node that may be on": [
    [
      without(`${documents}/node-lost.md`, /## 2\.[\s\S]*?(?=## 3\.)/),
      "document-of-living-node",
      /taint node/,
      /without a word that it must be off/,
    ],
  ],
};

it.each(Object.entries(together))("finds %s", { timeout: 300_000 }, async (_, mistakes) => {
  await expectFound("manifests", mistakes);
});

/** Other ways to write what is right. */
const right: Record<string, Edit[]> = {
  "documents in other words": [
    node("condition=Available --timeout=5m", "condition=available --timeout=120s"),
    node("/^NotReady/", "/NotReady/"),
    node(
      'echo "the lost node',
      'kubectl cordon "$NODE"\nkubectl --namespace opencode rollout status deployment --timeout=1s || true\necho "the lost node',
    ),
    volume("--for=jsonpath='{.status.phase}'=Bound", '--for=jsonpath="{.status.phase}"=Bound'),
    volume("--for=create --timeout=3m", "--for=create --timeout=-1s"),
    volume('delete pvc "$WORKSPACE" --ignore', 'delete pvc "${WORKSPACE}" --ignore'),
    volume("pods,pvc,replicationsources", "pods,pvc,externalsecrets,replicationsources"),
    login("--provider github-copilot", "-p github-copilot"),
    login("enter the code.", "enter the code. The same as `opencode auth login`, asked for its provider."),
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, edits) => {
  await expectSilence("manifests", edits);
});

it("finds documents that take all, or do not wait, and what Flux is told to pass over", () =>
  expectFound("manifests", [
    [
      text(`${documents}/volume-lost.md`, claim, "kubectl delete namespace opencode"),
      "document-too-wide",
      /delete namespace/,
      /every volume in it/,
    ],
    [
      text(`${documents}/volume-lost.md`, "Bound --timeout=1h", "Bound --timeout=1m"),
      "document-impatient",
      /timeout=1m/,
      /some gigabytes/,
    ],
    [
      text(`${documents}/node-lost.md`, waitsForNode, 'kubectl uncordon "$NODE"'),
      "document-of-living-node",
      /NoExecute-/,
      /before the node is back/,
    ],
    [
      text(
        `${documents}/opencode-ha/ks.yaml`,
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
    text(`${documents}/volume-lost.md`, claim, `kubectl get namespace opencode\n${claim}`),
    text(`${documents}/volume-lost.md`, "Bound --timeout=1h", "Bound --timeout=20m"),
    text(
      `${documents}/node-lost.md`,
      waitsForNode,
      "until kubectl get node \"$NODE\" --no-headers | grep -q ' Ready '; do sleep 5; done",
    ),
    text(
      `${documents}/node-lost.md`,
      "kubectl get nodes\n",
      "# never kubectl delete namespace opencode\nkubectl get nodes\n",
    ),
    text(
      `${documents}/login-expired.md`,
      "scripts/seed-copilot-auth.sh --sync flux",
      "sh scripts/seed-copilot-auth.sh --sync flux",
    ),
    generator("more.sops.yaml] # not ./helmrelease.yaml, which mounts it\n    envs: ["),
    (tree) =>
      tree.add(
        `${app}/more.sops.yaml`,
        "a: ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:YQ==,type:str]\nsops:\n  mac: ENC[AES256_GCM,data:YQ==,iv:YQ==,tag:YQ==,type:str]\n  version: 3.9.0\n",
      ),
  ]));
