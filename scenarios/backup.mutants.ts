import type { Mutant, Tree } from "../harness/index.ts";
import { inBoth } from "./edits.ts";

const template = "kubernetes/templates/volsync/minio.yaml";
const namespace = "kubernetes/apps/opencode/namespace.yaml";
const document = "kubernetes/apps/opencode/volume-lost.md";

const ready = "Flux reports everything Ready, each claim is bound";
const own = "each workspace has a repository of its own";
const taken = "a backup is asked for as the home's Taskfile does, and leaves the workspace as it was";
const listed =
  "restic itself lists sessions, code, .git and auth.json with its owner, and finds nothing wrong";
const restored = "the volume is lost, and the operator's document brings it back from that backup";
const kept = "session, work and login are there, nothing was cloned, and the volume is sound";

// biome-ignore-start lint/suspicious/noTemplateCurlyInString: Flux substitutes these.
const sourceClaim = '  sourcePVC: "${VOLSYNC_CLAIM:-${APP}}"\n';
const repository = "{{ .VOLSYNC_REPOSITORY_TEMPLATE }}/${APP}";
const missingClaim = '  sourcePVC: "${APP}-data"\n';
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: Flux substitutes these.

/** A variable of the home's template, for both workspaces. */
const withVariable = (name: string, value: string) =>
  inBoth((tree, workspace) =>
    tree.replaceText(
      `kubernetes/apps/opencode/${workspace}/ks.yaml`,
      "      VOLSYNC_CAPACITY: 5Gi\n",
      `      VOLSYNC_CAPACITY: 5Gi\n      ${name}: ${value}\n`,
    ),
  );

/*
 * No edit of the tree damages a repository or its listing's modes: the controls of `restic check` and of auth.json's owner are
 * listing.test.ts and expect-backed-up.test.ts of harness/backup.
 */
export const mutants: Mutant[] = [
  {
    name: "mover-without-privilege",
    title: "the namespace does not let movers be root, and the home's movers have another user than OpenCode",
    pitfall: 1,
    edit: (tree: Tree) =>
      tree.replaceText(
        namespace,
        / {2}annotations:\n(?: {4}.*\n)+/.exec(tree.text(namespace))?.[0] ?? "annotations",
        "",
      ),
    caughtBy: { step: restored, message: /seed-auth[\s\S]*chmod[\s\S]*not permitted/i },
  },
  {
    name: "wrong-source-claim",
    title: "the backup names a claim that does not exist",
    overRunning: true,
    edit: (tree) => tree.replaceText(template, sourceClaim, missingClaim),
    caughtBy: { step: taken, message: /PersistentVolumeClaim "opencode-(flux|ha)-data" not found/ },
  },
  {
    name: "claim-of-the-other",
    title: "both backups name one claim, as somebody leaves it who copies a workspace",
    overRunning: true,
    edit: (tree) => tree.replaceText(template, sourceClaim, "  sourcePVC: opencode-ha\n"),
    caughtBy: { step: listed, message: /the backup of opencode-flux should have all of its work: it lacks/ },
  },
  {
    name: "repository-without-password",
    title: "the repository's Secret has no password",
    edit: (tree) =>
      tree.replaceText(template, '        RESTIC_PASSWORD: "{{ .VOLSYNC_RESTIC_PASSWORD }}"\n', ""),
    caughtBy: { step: ready, message: /secret is missing field: RESTIC_PASSWORD/ },
  },
  {
    name: "one-backup-repository",
    title: "both workspaces are backed up into one repository",
    edit: (tree) => tree.replaceText(template, repository, "{{ .VOLSYNC_REPOSITORY_TEMPLATE }}/opencode"),
    caughtBy: { step: own, message: /opencode-flux and opencode-ha are backed up into one repository/ },
  },
  {
    name: "no-such-snapshot-class",
    title: "the snapshot class does not exist",
    edit: withVariable("VOLSYNC_SNAPSHOTCLASS", "csi-rbdplugin-snapclass"),
    caughtBy: { step: ready, message: /csi-rbdplugin-snapclass/ },
  },
  {
    name: "copy-method-direct",
    title: "the mover reads the volume itself, beside OpenCode",
    pitfall: 1,
    overRunning: true,
    edit: withVariable("VOLSYNC_COPYMETHOD", "Direct"),
    // Where the mover's first pod was placed before the workspace's, its cache keeps it on another node for ever; else its
    // group changes the rights of every file below OpenCode.
    caughtBy: {
      step: taken,
      message: /didn't match PersistentVolume's node affinity|auth\.json of opencode-\w+ has mode 660/,
    },
    // On a new volume the mover's group may come before the workspace's: then the clone cannot even begin.
    orCaughtBy: {
      step: ready,
      message:
        /container git-clone of pod (\S+) ended \d+ times[\s\S]*log of \1\/git-clone:\nmkdir: can't create directory '\/data\/workspace': Permission denied/,
    },
  },
  {
    name: "restore-of-before",
    title:
      "the document keeps the ReplicationDestination, which has restored what was there on the first day",
    edit: (tree) =>
      tree.replaceText(
        document,
        'kubectl --namespace opencode delete replicationdestination "$WORKSPACE-dst" --cascade=foreground --timeout=3m\n',
        "",
      ),
    caughtBy: {
      step: kept,
      message: /opencode-ha should have come back as it was backed up, and its session cannot be read/,
    },
  },
];
