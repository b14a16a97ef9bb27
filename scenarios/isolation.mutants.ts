import type { Mutant, Tree } from "../harness/index.ts";
import { addManifest, app, editRelease, inKustomization, volumesOfOneNode, workspaces } from "./edits.ts";

const ready = "Flux reports everything Ready, and no volume is wanted by two pods";
const shared = "each has its own host, Secret, volume, password, token, login, repository and backup";
const own = "each lists its own sessions alone, and takes its own password alone";
const commit = "a commit breaks it, and it is suspended: its neighbours take that commit and the next one";
const full = "its volume is full to the last byte, and takes bytes again when there is room";
const eaten = "its memory is eaten, and the kernel ends that in its own container";
const drained = "it is drained from its node";

const release = (workspace: string) => `${app(workspace)}/helmrelease.yaml`;
const secrets = (workspace: string) => `${app(workspace)}/externalsecret.yaml`;
const policy = (workspace: string) => `${app(workspace)}/backendtrafficpolicy.yaml`;

/** In the ExternalSecret of `opencode-ha` a key of the other workspace. */
const keyOfTheOther = (key: string) => (tree: Tree) => {
  tree.replaceText(secrets("opencode-ha"), `OPENCODE_HA_${key} }}`, `OPENCODE_FLUX_${key} }}`);
  tree.replaceText(secrets("opencode-ha"), `OPENCODE_HA_${key}\n`, `OPENCODE_FLUX_${key}\n`);
};

const keys = ["GITHUB_PAT", "OPENCODE_SERVER_PASSWORD", "COPILOT_AUTH_JSON"];

/** Both workspaces have one Secret, in which each has keys of its own. */
function oneSecret(tree: Tree): void {
  tree.editObject({ kind: "ExternalSecret", name: "opencode-flux-secret" }, ({ spec }) => {
    const { target, data } = spec as {
      target: { template: { data: Record<string, string> } };
      data: object[];
    };
    for (const key of ["GITHUB_PAT", "SERVER_PASSWORD", "COPILOT_AUTH_JSON"]) {
      const name = `OPENCODE_HA_${key}`;
      const known = keys.find((one) => one.endsWith(key)) ?? key;
      target.template.data[`HA_${known}`] = `{{ .${name} }}`;
      data.push({ secretKey: name, remoteRef: { key: name } });
    }
  });
  tree.replaceText(release("opencode-ha"), "opencode-ha-secret", "opencode-flux-secret");
  for (const key of keys) tree.replaceText(release("opencode-ha"), `key: ${key}\n`, `key: HA_${key}\n`);
}

/*
 * None makes "no byte of the neighbours' streams is lost" fail alone: nothing of the tree loses bytes of a stream that it
 * leaves open. Its control is harness/workspace/held-streams.test.ts.
 */
export const mutants: Mutant[] = [
  {
    name: "one-claim",
    title: "both workspaces mount one claim",
    pitfall: 6,
    edit: (tree) =>
      tree.replaceText(release("opencode-ha"), "existingClaim: opencode-ha", "existingClaim: opencode-flux"),
    caughtBy: { step: ready, message: /the volume of claim opencode-flux should have one pod, and has 2/ },
  },
  {
    name: "depends-on-each-other",
    title: "each workspace's Kustomization waits for the other's",
    pitfall: 5,
    edit: (tree) => {
      for (const [index, workspace] of workspaces.entries()) {
        inKustomization(tree, workspace, (spec) =>
          spec.dependsOn?.push({ name: workspaces[1 - index] ?? "" }),
        );
      }
    },
    caughtBy: { step: ready, message: /wait for each other/ },
  },
  {
    name: "one-password",
    title: "both workspaces have one password",
    edit: keyOfTheOther("SERVER_PASSWORD"),
    caughtBy: { step: shared, message: /opencode-flux and opencode-ha have one password/ },
  },
  {
    name: "one-login",
    title: "both workspaces have one Copilot login",
    pitfall: 11,
    edit: keyOfTheOther("COPILOT_AUTH_JSON"),
    caughtBy: { step: shared, message: /opencode-flux and opencode-ha have one login/ },
  },
  {
    name: "one-repository",
    title: "both workspaces clone one repository, with its token",
    edit: (tree) => {
      keyOfTheOther("GITHUB_PAT")(tree);
      tree.replaceText(release("opencode-ha"), "home-assistant-config", "k8s-cluster");
    },
    caughtBy: {
      step: shared,
      message: /have one token \(.*\), one repository \(https:\S+k8s-cluster\.git\)/,
    },
  },
  {
    name: "one-secret",
    title: "both workspaces take their keys from one Secret",
    edit: oneSecret,
    caughtBy: { step: shared, message: /have one Secret \(opencode-flux-secret\)/ },
  },
  {
    name: "one-backup-path",
    title: "the backups of both workspaces go to one restic repository",
    edit: (tree) =>
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
      tree.editObject({ kind: "ExternalSecret", name: "${APP}-volsync" }, ({ spec }) => {
        const { data } = (spec as { target: { template: { data: Record<string, string> } } }).target.template;
        data.RESTIC_REPOSITORY = data.RESTIC_REPOSITORY?.replace(/\/[^/]*$/, "") ?? "";
      }),
    caughtBy: { step: shared, message: /have one backup repository \(RESTIC_REPOSITORY of Secret/ },
    // Two movers that make one repository at the same moment leave it with two keys, one of which opens nothing.
    orCaughtBy: { step: ready, message: /its mover failed: config or key \w+ is damaged/ },
  },
  {
    name: "depends-on-the-neighbour",
    title: "the Kustomization of one workspace waits for that of the other",
    pitfall: 5,
    edit: (tree) =>
      inKustomization(tree, "opencode-ha", (spec) => spec.dependsOn?.push({ name: "opencode-flux" })),
    caughtBy: {
      step: commit,
      message: /opencode-ha should take a commit though opencode-flux cannot, and does not/,
    },
  },
  {
    name: "volumes-of-a-node",
    title: "the volumes are directories of one node (local-path)",
    pitfall: 6,
    edit: volumesOfOneNode,
    caughtBy: { step: full, message: /the claim opencode-flux of opencode-flux has no volume with an end/ },
  },
  {
    name: "one-host",
    title: "both routes have one host",
    pitfall: 9,
    overRunning: true,
    edit: (tree) => tree.replaceText(release("opencode-ha"), "ha.opencode.$", "flux.opencode.$"),
    caughtBy: { step: shared, message: /have one host \(flux\.opencode\.\S+ of HTTPRoute opencode-flux, / },
  },
  {
    name: "one-backup-secret",
    title: "the backups of both workspaces are made with the Secret of one",
    overRunning: true,
    edit: (tree) =>
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
      tree.editObject({ kind: "ReplicationSource", name: "${APP}" }, ({ spec }) => {
        (spec as { restic: { repository: string } }).restic.repository = "opencode-flux-volsync-secret";
      }),
    caughtBy: { step: shared, message: /have one backup Secret \(opencode-flux-volsync-secret\)/ },
  },
  {
    name: "service-of-the-other",
    title: "the Service of one workspace selects the pods of the other",
    overRunning: true,
    edit: (tree) =>
      editRelease(tree, "opencode-ha", (spec) => {
        const patch =
          "- op: replace\n  path: /spec/selector\n  value: {app.kubernetes.io/instance: opencode-flux}\n";
        spec.postRenderers = [{ kustomize: { patches: [{ target: { kind: "Service" }, patch }] } }];
      }),
    caughtBy: { step: own, message: /https:\/\/ha\.opencode\S+ answered 401/ },
  },
  {
    name: "short-streams",
    title: "the neighbour's policy gives a request five seconds",
    pitfall: 4,
    overRunning: true,
    edit: (tree) => tree.replaceText(policy("opencode-ha"), "requestTimeout: 0s", "requestTimeout: 5s"),
    caughtBy: {
      step: commit,
      message: /event stream of opencode-ha was cut after [\s\S]* while a commit broke opencode-flux/,
    },
  },
  {
    name: "no-memory-limit",
    title: "OpenCode's container has no memory limit",
    overRunning: true,
    edit: (tree) =>
      editRelease(tree, "opencode-flux", ({ values }) => {
        delete values.controllers["opencode-flux"]?.containers.app?.resources?.limits?.memory;
      }),
    caughtBy: { step: eaten, message: /container app of opencode-flux has no memory limit/ },
  },
  {
    name: "one-disruption-budget",
    title: "a PodDisruptionBudget wants both workspaces' pods to stay",
    pitfall: 6,
    overRunning: true,
    edit: (tree) =>
      addManifest(
        tree,
        "opencode-flux",
        "poddisruptionbudget.yaml",
        `---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: opencode
  namespace: opencode
spec:
  minAvailable: 2
  selector:
    matchExpressions:
      - key: app.kubernetes.io/name
        operator: In
        values: [opencode-flux, opencode-ha]
`,
      ),
    caughtBy: { step: drained, message: /kubectl drain[\s\S]*disruption budget/ },
  },
];
