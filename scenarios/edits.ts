import type { Tree } from "../harness/index.ts";

/*
 * What mutants do to the tree of manifests/. Paths and texts are those of that tree; each edit throws where it does not
 * apply, so that a mutant cannot be the unchanged tree.
 */

export type Edit = (tree: Tree) => void;

export const workspaces = ["opencode-flux", "opencode-ha"];

/** The workspace's own manifests. */
export const app = (workspace: string) => `kubernetes/apps/opencode/${workspace}/app`;

/** The certificate's manifests: its Kustomization applies to the Gateway's namespace. */
export const gatewayApp = "kubernetes/apps/opencode/opencode-certificate/app";

// biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
export const domain = "${SECRET_DOMAIN}";

/** The part of a HelmRelease's spec that the edits touch. */
interface Release {
  values: Values;
  valuesFrom?: object[];
  postRenderers?: object[];
  driftDetection?: object;
  upgrade?: object;
}

/** The part of app-template's values that the edits touch; controllers are named after their workspace. */
interface Values {
  configMaps?: object;
  controllers: Record<
    string,
    {
      replicas?: number;
      strategy?: string;
      initContainers: Record<string, Container>;
      containers: Record<string, Container>;
    }
  >;
  defaultPodOptions: { nodeSelector?: object; securityContext: Record<string, unknown> };
  persistence: { data: Volume; [name: string]: Volume };
  route?: {
    app: { annotations?: Record<string, string>; hostnames: string[]; rules: { filters?: object[] }[] };
  };
  ingress?: object;
}

interface Container {
  env?: Record<string, unknown>;
  envFrom?: object[];
  securityContext?: object;
  resources?: { limits?: { memory?: string } };
}

/** `advancedMounts` has a list of mounts for each container of each controller. */
type Volume = Record<string, unknown> & { advancedMounts?: Record<string, Record<string, object[]>> };

/** The same mistake in both workspaces, as a person makes who copies one from the other. */
export function inBoth(edit: (tree: Tree, workspace: string) => void): Edit {
  return (tree) => {
    for (const workspace of workspaces) edit(tree, workspace);
  };
}

/** Replaces text in a file of both workspaces, e.g. `helmrelease.yaml`. */
export function replaceInBoth(file: string, from: string, to: string): Edit {
  return inBoth((tree, workspace) => tree.replaceText(`${app(workspace)}/${file}`, from, to));
}

export function editRelease(tree: Tree, workspace: string, edit: (release: Release) => void): void {
  tree.editObject({ kind: "HelmRelease", name: workspace }, ({ spec }) => edit(spec as unknown as Release));
}

/** The part of a Flux Kustomization's spec that the edits touch. */
interface FluxSpec {
  dependsOn?: { name: string }[];
  force?: boolean;
  postBuild?: { substitute?: Record<string, string> };
}

/** An edit of the workspace's ks.yaml. */
export function inKustomization(tree: Tree, workspace: string, edit: (spec: FluxSpec) => void): void {
  tree.editObject({ kind: "Kustomization", name: workspace }, ({ spec }) => edit(spec as FluxSpec));
}

/** The same edit of both HelmReleases. */
export function inReleases(edit: (release: Release, workspace: string) => void): Edit {
  return inBoth((tree, workspace) => editRelease(tree, workspace, (release) => edit(release, workspace)));
}

/** The same edit of the chart's values in both HelmReleases. */
export function inValues(edit: (values: Values, workspace: string) => void): Edit {
  return inReleases(({ values }, workspace) => edit(values, workspace));
}

/** Where the clone script finds out that it has nothing to do. */
export const cloneCheck = 'if [ -d "$repo/.git" ]; then';

/** The repository is cloned anew whenever the pod starts; what was in the clone is lost. */
export const cloneAtEveryStart: Edit = replaceInBoth(
  "helmrelease.yaml",
  cloneCheck,
  'rm -rf "$repo"; if false; then',
);

/** The clone as the manifests have it. */
export const clone = `git -c credential.helper='!f() { if [ "$1" = get ]; then echo username=x-access-token; echo "password=$(cat /secrets/github/pat)"; fi; }; f' \\
                  clone "$REPOSITORY_URL" "$repo.partial"`;

/** Another way to clone, each line at the script's indentation. */
export function cloneBy(...lines: string[]): Edit {
  return replaceInBoth("helmrelease.yaml", clone, lines.join(`\n${" ".repeat(16)}`));
}

/** OpenCode lets everybody in. */
export const noPassword: Edit = inValues(({ controllers }, workspace) => {
  delete controllers[workspace]?.containers.app?.env?.OPENCODE_SERVER_PASSWORD;
});

/** A manifest more beside the workspace's own. */
export function addManifest(tree: Tree, workspace: string, file: string, text: string): void {
  addBelow(tree, app(workspace), "helmrelease.yaml", file, text);
}

/** A manifest more beside the certificate. */
export function addToGateway(tree: Tree, file: string, text: string): void {
  addBelow(tree, gatewayApp, "certificate.yaml", file, text);
}

/** Its line in the kustomization comes below that of `neighbour`. */
function addBelow(tree: Tree, directory: string, neighbour: string, file: string, text: string): void {
  const line = (name: string) => `  - ./${name}\n`;
  tree.add(`${directory}/${file}`, text);
  tree.replaceText(`${directory}/kustomization.yaml`, line(neighbour), line(neighbour) + line(file));
}

/** Takes a manifest of the workspace away, and its line in the kustomization; returns its text. */
export function takeAway(tree: Tree, workspace: string, file: string): string {
  const text = tree.text(`${app(workspace)}/${file}`);
  tree.remove(`${app(workspace)}/${file}`);
  tree.replaceText(`${app(workspace)}/kustomization.yaml`, `  - ./${file}\n`, "");
  return text;
}

/** The ExternalSecrets, and the Secrets that they make, are in the Gateway's namespace. */
export const secretsElsewhere: Edit = inBoth((tree, workspace) => {
  const text = takeAway(tree, workspace, "externalsecret.yaml");
  addToGateway(tree, `${workspace}-secret.yaml`, text.replace("namespace: opencode", "namespace: network"));
});

/** What a volume of one's own is like; see ownVolumes. */
interface OwnVolumes {
  storageClass: string;
  accessMode: string;
  /** Fields of the PersistentVolume's spec, as YAML at its indentation. */
  source(workspace: string): string;
}

/** The gateway-wide policies of the home that manifests/ is laid into. */
export const homePolicies = "kubernetes/apps/network/envoy-gateway/app/policies.yaml";

/** The claim as the home that manifests/ is laid into makes it. */
const homeClaim = "kubernetes/templates/volsync/claim.yaml";

/** A PersistentVolume beside each workspace, bound to its claim, in place of one that a storage class makes. */
export function ownVolumes({ storageClass, accessMode, source }: OwnVolumes): Edit {
  const volume = (workspace: string) => `---
apiVersion: v1
kind: PersistentVolume
metadata:
  name: ${workspace}-${storageClass}
spec:
  accessModes: [${accessMode}]
  capacity:
    storage: 5Gi
  claimRef:
    apiVersion: v1
    kind: PersistentVolumeClaim
    name: ${workspace}
    namespace: opencode
${source(workspace)}
  persistentVolumeReclaimPolicy: Retain
  storageClassName: ${storageClass}
`;
  return (tree) => {
    for (const workspace of workspaces) addManifest(tree, workspace, "volume.yaml", volume(workspace));
    // In the claim alone: the volumes of VolSync's movers are made by their class as before.
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
    tree.replaceText(homeClaim, '"${VOLSYNC_STORAGECLASS:-ceph-block}"', storageClass);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
    tree.replaceText(homeClaim, '["${VOLSYNC_ACCESSMODES:-ReadWriteOnce}"]', `[${accessMode}]`);
  };
}

/** A directory of one node, as local-path makes it. */
const onOneNode = (directory: string) => `  local:
    path: ${directory}
  nodeAffinity:
    required:
      nodeSelectorTerms:
        - matchExpressions:
            - key: kubernetes.io/hostname
              operator: In
              values: [agent-1]`;

/** The workspaces' volumes are directories of one node, as the storage class local-path makes them. */
export const volumesOfOneNode: Edit = ownVolumes({
  storageClass: "local-path",
  accessMode: "ReadWriteOnce",
  source: (workspace) => onOneNode(workspace === "opencode-flux" ? "/srv" : "/mnt"),
});
