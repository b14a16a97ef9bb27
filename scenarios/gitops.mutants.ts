import type { Mutant, Tree } from "../harness/index.ts";
import { app, editRelease, inBoth, inKustomization, inReleases, replaceInBoth, workspaces } from "./edits.ts";

const ready = "Flux reports everything Ready at the published revision";
const byHand = "what somebody changed by hand is put right, or told";
const spoiled = "a commit that cannot be built, and one that Kubernetes refuses, leave what runs running";
const rolledBack = "an upgrade that is never Ready is rolled back";
const version = "OpenCode's version goes down and up again: what the one leaves the other shows";
const removed = "the app is removed from Git: its pods go, and the namespace and the volumes stay";
const late = "it comes back before stores and storage are there, and waits for them";
const renamed = "a Kustomization is renamed: session, work and login are there, and nothing was cloned";

const release = (workspace: string) => `${app(workspace)}/helmrelease.yaml`;

/** The release makes the claim itself, as the chart offers it. */
function claimOfRelease(tree: Tree, workspace: string): void {
  tree.replaceText(`${app(workspace)}/kustomization.yaml`, "  - ../../../../templates/volsync\n", "");
  editRelease(tree, workspace, ({ values: { persistence } }) => {
    const { existingClaim: _, ...data } = persistence.data;
    persistence.data = { ...data, type: "persistentVolumeClaim", accessMode: "ReadWriteOnce", size: "5Gi" };
  });
}

/** The metadata of an object without its labels. */
function withoutLabels({ metadata }: Record<string, unknown>): void {
  delete (metadata as { labels?: object }).labels;
}

/*
 * What the revert brings back, and what is there after the return, is Flux's own: none makes those steps fail alone. What
 * does not survive a new pod is caught where the upgrade was rolled back, before anything is removed.
 */
export const mutants: Mutant[] = [
  {
    name: "depends-on-misspelt",
    title: "dependsOn names a Kustomization that nobody has",
    pitfall: 5,
    edit: inBoth((tree, workspace) =>
      tree.replaceText(
        `kubernetes/apps/opencode/${workspace}/ks.yaml`,
        "name: external-secrets-stores",
        "name: external-secret-stores",
      ),
    ),
    caughtBy: { step: ready, message: /dependency 'flux-system\/external-secret-stores' not found/ },
  },
  {
    name: "no-drift-detection",
    title: "Flux does not look at what a release has made",
    edit: inReleases((spec) => {
      delete spec.driftDetection;
    }),
    caughtBy: {
      step: byHand,
      message:
        /hostnames of HTTPRoute opencode-(flux|ha) was changed by hand, and Flux has looked and neither/,
    },
  },
  {
    name: "applied-once",
    title: "Flux applies the ExternalSecret only where there is none",
    edit: inBoth((tree, workspace) =>
      tree.editObject({ kind: "ExternalSecret", name: `${workspace}-secret` }, (object) => {
        const metadata = object.metadata as { annotations?: object };
        metadata.annotations = { "kustomize.toolkit.fluxcd.io/ssa": "IfNotPresent" };
      }),
    ),
    caughtBy: {
      step: byHand,
      message: /refreshInterval of ExternalSecret opencode-(flux|ha)-secret was changed by hand/,
    },
  },
  {
    name: "force",
    title: "Flux makes anew what it cannot change",
    edit: inBoth((tree, workspace) =>
      inKustomization(tree, workspace, (spec) => {
        spec.force = true;
      }),
    ),
    caughtBy: {
      step: spoiled,
      message:
        /the claim opencode-ha of opencode-ha (is deleted, and goes with its pod|was made anew|is gone)/,
    },
  },
  {
    name: "uninstalled-with-its-claim",
    title: "a failed upgrade is uninstalled, and the claim is the release's",
    edit: inBoth((tree, workspace) => {
      claimOfRelease(tree, workspace);
      editRelease(tree, workspace, (spec) => {
        spec.upgrade = { remediation: { retries: 3, strategy: "uninstall" } };
      });
    }),
    caughtBy: { step: rolledBack, message: /should be rolled back, and is not: UninstallSucceeded/ },
  },
  {
    name: "no-remediation",
    title: "a failed upgrade is left as it is",
    edit: inReleases((spec) => {
      spec.upgrade = {};
    }),
    caughtBy: { step: rolledBack, message: /should be rolled back, and is not/ },
  },
  {
    name: "database-of-each-version",
    title: "each version of OpenCode has a database of its own",
    edit: replaceInBoth(
      "helmrelease.yaml",
      'command: [opencode, web, --hostname, 0.0.0.0, --port, "4096"]',
      `command: [sh, -c, ${JSON.stringify(
        "export OPENCODE_DB=/home/opencode/.local/share/opencode/$(opencode --version).db; exec opencode web --hostname 0.0.0.0 --port 4096",
      )}]`,
    ),
    caughtBy: { step: version, message: /does not list a session that another version left|answered 404/ },
  },
  {
    name: "no-prune-guard-on-namespace",
    title: "Flux may prune the namespace",
    edit: (tree) => tree.editObject({ kind: "Namespace", name: "opencode" }, withoutLabels),
    caughtBy: {
      step: removed,
      message: /the namespace opencode is deleted when the app is removed from Git/,
    },
  },
  {
    name: "no-prune-guard-on-claim",
    title: "Flux may prune the claims",
    edit: inBoth((tree, workspace) =>
      tree.replaceText(
        `${app(workspace)}/kustomization.yaml`,
        "kustomize.toolkit.fluxcd.io/prune: disabled",
        "app.kubernetes.io/part-of: opencode",
      ),
    ),
    caughtBy: {
      step: removed,
      message: /the claim opencode-(flux|ha) of opencode-(flux|ha) is (gone|deleted)/,
    },
  },
  {
    name: "no-depends-on",
    title: "the Kustomizations wait for nobody",
    pitfall: 5,
    edit: inBoth((tree, workspace) =>
      inKustomization(tree, workspace, (spec) => {
        delete spec.dependsOn;
      }),
    ),
    caughtBy: {
      step: late,
      message: /should wait for external-secrets-stores, rook-ceph-cluster, and is applied/,
    },
  },
  {
    name: "waits-for-secrets-alone",
    title: "the Kustomizations do not wait for storage",
    pitfall: 5,
    edit: inBoth((tree, workspace) =>
      inKustomization(tree, workspace, (spec) => {
        spec.dependsOn = spec.dependsOn?.filter(({ name }) => name !== "rook-ceph-cluster") ?? [];
      }),
    ),
    caughtBy: { step: late, message: /should wait for rook-ceph-cluster, and is applied/ },
  },
  {
    name: "claim-follows-the-name",
    title: "the release takes the claim that is called after the Kustomization",
    edit: (tree) => {
      const workspace = workspaces.at(-1) ?? "";
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
      tree.replaceText(release(workspace), `existingClaim: ${workspace}`, 'existingClaim: "${APP}"');
    },
    caughtBy: { step: renamed, message: /is on \S+ \(claim opencode-ha-renamed\) now: another claim/ },
  },
];
