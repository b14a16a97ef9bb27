// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a shell's variables.
import { it } from "vitest";
import { type Edit, expectFound, expectSilence, type Mistake, text } from "./test-check.ts";

const documents = "kubernetes/apps/opencode";
const seed = "scripts/seed-copilot-auth.sh";
const node = (from: string, to: string) => text(`${documents}/node-lost.md`, from, to);
const volume = (from: string, to: string) => text(`${documents}/volume-lost.md`, from, to);
const login = (from: string, to: string) => text(`${documents}/login-expired.md`, from, to);
const script = (from: string, to: string) => text(seed, from, to);

/** Two lines of a document in each other's place. */
const swapped =
  (file: string, first: string, second: string): Edit =>
  (tree) => {
    const before = tree.text(`${documents}/${file}`);
    const marked = before.replace(first, "\0").replace(second, first).replace("\0", second);
    tree.replaceText(`${documents}/${file}`, before, marked);
  };
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

/** Mistakes of one line that do not hide each other, all made in one tree. */
const together: Record<string, Mistake[]> = {
  "what documents wait for": [
    [
      node("condition=Available", "condition=Ready"),
      "document-waits-in-vain",
      /wait deployment/,
      /condition Ready of a deployment/,
    ],
    [
      node("condition=Ready --timeout=10m", "condition=Ready --timeout=5s"),
      "document-impatient",
      /wait node/,
      /waits 5 s/,
    ],
    [
      volume("--for=jsonpath='{.status.phase}'=Bound", "--for=jsonpath='{.status.phase}'=bound"),
      "document-waits-in-vain",
      /=bound/,
      /phase bound of a pvc/,
    ],
    [
      volume("--for=create --timeout=3m", "--for=create"),
      "document-impatient",
      /--for=create/,
      /kubectl's own/,
    ],
    [
      volume(" --overwrite \\", " \\"),
      "asked-unheard",
      /annotate/,
      /volume-lost\.md sets reconcile.*without --overwrite/,
    ],
    [
      script(" --overwrite >/dev/null", " >/dev/null"),
      "asked-unheard",
      /annotate/,
      /seed-copilot-auth\.sh sets force-sync without/,
    ],
    [node("/^NotReady/", "/Ready/"), "document-of-living-node", /awk/, /a living one has too/],
  ],
  "what they ask by words that nobody reads, or once": [
    [
      volume("reconcile.fluxcd.io/requestedAt", "reconcile.fluxcd.io/requestAt"),
      "asked-unheard",
      /annotate/,
      /requestAt, which Flux does not read/,
    ],
    [
      script("force-sync=$(date +%s)", "force-sync=now"),
      "asked-unheard",
      /annotate/,
      /force-sync to now each time/,
    ],
    [
      volume("--for=jsonpath='{.status.phase}'=Bound", "--for=condition=Bound"),
      "document-waits-in-vain",
      /condition=Bound/,
      /write --for=jsonpath/,
    ],
  ],
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
  "what the seed script takes and stores": [
    [
      script('opencode/auth.json"\nproject', 'opencode/login.json"\nproject'),
      "seed-script-stores-nothing",
      /file=/,
      /login\.json, and OpenCode keeps it/,
    ],
    [script('--silent <"$file" >', "--silent >"), "seed-script-stores-nothing", /secrets set/, /no value/],
    [script(`'"github-copilot"'`, `'"copilot"'`), "seed-script-stores-nothing", /grep/, /looks for copilot/],
    [
      script('  if [ "$dry_run" = yes ]', '  if [ "$dry_run" = true ]'),
      "seed-script-stores-nothing",
      /dry_run/,
      /it is no or yes/,
    ],
    [
      script(` | tr '[:lower:]' '[:upper:]'`, ""),
      "seed-script-astray",
      /key=/,
      /under OPENCODE_flux_COPILOT/,
    ],
    [
      script('workspaces="flux ha"', 'workspaces="flux"'),
      "seed-script-astray",
      /all\)/,
      /nothing is stored for ha/,
    ],
    [
      script('set "$key" --project "$project" --config "$config"', 'set "$key"'),
      "seed-script-astray",
      /secrets set/,
      /without --project and --config/,
    ],
    [
      script('  echo "stored $key', '  cat "$file"\n  echo "stored $key'),
      "seed-script-prints",
      /cat/,
      /prints the login/,
    ],
  ],
  "a mark on what nobody looks at": [
    [
      script("annotate externalsecret", "annotate secret"),
      "asked-unheard",
      /annotate/,
      /force-sync on a secret/,
    ],
  ],
  "what else a script does with a login": [
    [
      script('doppler secrets set "$key"', 'doppler secrets upload "$file"'),
      "seed-script-stores-nothing",
      /upload/,
      /a secret of each of its fields/,
    ],
    [script('"flux ha"', '"flux home"'), "seed-script-astray", /all\)/, /nothing is stored for ha/],
  ],
  "how a login is made": [
    [
      login("--provider github-copilot", "--provider copilot"),
      "login-step-wrong",
      /--provider/,
      /which OpenCode calls github-copilot/,
    ],
    [login("--sync flux", "--sync all"), "login-step-wrong", /--sync all/, /one login for all workspaces/],
  ],
  "an option that there is none of, and a store that comes first": [
    [
      login("--provider github-copilot", "--providers=github-copilot"),
      "login-step-wrong",
      /--providers/,
      /the option --providers/,
    ],
    [
      swapped(
        "login-expired.md",
        "opencode auth login --providers=github-copilot\n",
        "scripts/seed-copilot-auth.sh --sync flux\n",
      ),
      "login-step-wrong",
      /--sync flux/,
      /before there is a new one/,
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
  "documents that ask Flux in its own words": [
    volume(
      'kubectl --namespace flux-system annotate kustomization "$WORKSPACE" --overwrite \\\n  reconcile.fluxcd.io/requestedAt="$(date +%s)"',
      'flux reconcile kustomization "$WORKSPACE"',
    ),
  ],
  "a seed script in other words": [
    script('doppler secrets set "$key" --project', 'cat "$file" | doppler secrets set "$key" --project'),
    script('--silent <"$file" >', "--silent >"),
    script("  # Doppler prints a table", '  # cat "$file"; force-sync=now\n  # Doppler prints a table'),
    script(
      'file="${XDG_DATA_HOME:-$HOME/.local/share}/opencode/auth.json"',
      'file="$HOME/.local/share/opencode/auth.json"',
    ),
    script('workspaces="flux ha"', 'workspaces="ha flux"'),
    script('  if [ "$dry_run" = yes ]', '  if [ "$dry_run" != no ]'),
    script('"force-sync=$(date +%s)"', '"force-sync=$now"'),
    script("set -eu\n", "set -eu\nnow=$(date +%s)\n"),
  ],
};

it.each(Object.entries(right))("has nothing against %s", { timeout: 300_000 }, async (_, edits) => {
  await expectSilence("manifests", edits);
});
