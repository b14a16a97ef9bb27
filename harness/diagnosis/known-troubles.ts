import type { ManifestPlace } from "../base/index.ts";
import {
  certificateNames,
  chartVersion,
  claim,
  cloning,
  existingClaim,
  externalSecret,
  fluxKustomization,
  inContainer,
  inController,
  inValues,
  podSecurity,
  route,
} from "./places.ts";

/** What the words of Kubernetes, Flux and git are about, as far as they say. */
export interface Subject {
  workspace: string | undefined;
  /** Name of the container, `git-clone` for instance. */
  container: string;
  /** Name of Flux's Kustomization. */
  kustomization: string | undefined;
  /** The object that Flux could not apply. */
  object: { kind: string; name: string } | undefined;
}

export interface KnownTrouble {
  /** The words by which it is known, in a message or in what was gathered for it. */
  says: RegExp;
  /** Its words say that something failed, not what: what was gathered may know better. */
  isGeneral?: true;
  remedy: string;
  look: (subject: Subject) => ManifestPlace[];
}

const missingKey =
  "add the key to Doppler (k3s-cluster/prd) before this is merged, and write it as Doppler has it: it is not there under this name (pitfall 7)";

/*
 * What Kubernetes, Flux, Helm and the init containers say, and what has to be mended then. The first that matches
 * counts: what is particular stands above what is general.
 */
export const knownTroubles: readonly KnownTrouble[] = [
  // The node, before a container runs.
  {
    says: /no node takes pod[\s\S]*node affinity\/selector|didn't match Pod's node affinity/,
    remedy:
      "pin the pod to no node: no nodeSelector and no affinity, so that it can follow its volume (pitfall 6)",
    look: ({ workspace }) => [
      inValues(workspace, "defaultPodOptions", "nodeSelector"),
      inController(workspace),
    ],
  },
  {
    says: /error when waiting for pod \S+ in namespace \S+ to terminate/,
    remedy:
      "let the pod end when it is asked to: OpenCode does not listen to SIGTERM as process 1 (shareProcessNamespace: true), no preStop may take long, and terminationGracePeriodSeconds: 30 is the longest that a drain should wait (pitfall 6)",
    look: ({ workspace }) => [
      inValues(workspace, "defaultPodOptions", "terminationGracePeriodSeconds"),
      inValues(workspace, "defaultPodOptions", "shareProcessNamespace"),
    ],
  },
  {
    says: /disruption budget/,
    remedy:
      "take the PodDisruptionBudget away: a workspace is one pod, and with one that must stay nobody can drain its node (pitfall 6)",
    look: () => [{ kind: "PodDisruptionBudget" }],
  },
  {
    says: /volume node affinity|PersistentVolume's node affinity/,
    remedy:
      "name no storageClassName: the default one, ceph-block, follows a pod to any node; a volume of local-path or hostPath stays on its own (pitfall 6)",
    look: ({ workspace }) => [claim(workspace, "storageClassName"), existingClaim(workspace)],
  },
  {
    says: /persistentvolumeclaim "[^"]+" not found/,
    remedy:
      "let the app's kustomization.yaml list templates/volsync, which makes the claim, and let existingClaim have the claim's name (pitfall 8)",
    look: ({ workspace }) => [
      existingClaim(workspace),
      claim(workspace),
      fluxKustomization(workspace, "postBuild"),
    ],
  },
  {
    says: /ProvisioningFailed|storageclass\S* "[^"]*" not found/,
    remedy:
      "let the claim ask for what the default storage class ceph-block has: no storageClassName, ReadWriteOnce, a size (pitfall 6)",
    look: ({ workspace }) => [claim(workspace), fluxKustomization(workspace, "dependsOn")],
  },
  {
    says: /failed to (create|prepare) subPath|mounting[^\n]*not a directory/,
    remedy:
      "let an init container make the directory of each subPath on the volume (mkdir -p) before it is mounted (pitfall 8)",
    look: ({ workspace }) => [cloning(workspace, "mkdir "), inValues(workspace, "persistence", "data")],
  },
  // Secrets.
  {
    says: /error processing spec\.data\S* \(key: [^)]+\)|Secret does not exist/,
    remedy: missingKey,
    look: ({ workspace }) => [externalSecret(workspace, "data")],
  },
  {
    says: /SecretSync(ed)?Error|could not (find|get) [^\n]*(key|secret)|Secret does not exist|variable not found/,
    remedy: missingKey,
    look: ({ workspace }) => [externalSecret(workspace, "data"), externalSecret(workspace, "secretStoreRef")],
  },
  {
    says: /couldn't find key|references non-existent (secret )?key/,
    remedy: "let the ExternalSecret's template make the key that the container asks for (pitfall 7)",
    look: ({ workspace }) => [
      externalSecret(workspace, "target", "template", "data"),
      inContainer(workspace, "app", "env"),
      inValues(workspace, "persistence"),
    ],
  },
  {
    says: /secrets? "[^"]+" (is )?not found/,
    remedy:
      "make the Secret in the pod's namespace and under the name that the pod asks for: targetNamespace of the Flux Kustomization, target.name of the ExternalSecret (pitfall 5)",
    look: ({ workspace }) => [
      externalSecret(workspace, "target"),
      fluxKustomization(workspace, "targetNamespace"),
    ],
  },
  {
    says: /namespaces? "[^"]+" (is )?not found/,
    remedy:
      "let kubernetes/apps/opencode/kustomization.yaml list namespace.yaml, and targetNamespace name it (pitfall 5)",
    look: ({ kustomization }) => [{ kind: "Namespace" }, fluxKustomization(kustomization, "targetNamespace")],
  },
  {
    says: /its mover failed: config file already exists/,
    remedy:
      "let RESTIC_REPOSITORY begin with a scheme (s3:http://…): without one it is a directory of the mover's own container, which goes with it",
    look: () => [
      { kind: "ExternalSecret", field: ["spec", "target", "template", "data", "RESTIC_REPOSITORY"] },
    ],
  },
  {
    says: /its mover failed: (Access Key Id|signature we calculated|Access Denied)/,
    remedy: "take name and secret of one account: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY go together",
    look: () => [
      { kind: "ExternalSecret", field: ["spec", "target", "template", "data", "AWS_ACCESS_KEY_ID"] },
    ],
  },
  {
    says: /its mover failed: (config or key \w+ is damaged|wrong password or no key found)/,
    remedy:
      "give each workspace a restic repository of its own (RESTIC_REPOSITORY ends in its name), and keep its password: of two movers that make one repository at the same moment each spoils the other's",
    look: () => [
      { kind: "ExternalSecret", field: ["spec", "target", "template", "data", "RESTIC_REPOSITORY"] },
    ],
  },
  // The container itself.
  {
    says: /runAsNonRoot|run as non-root|image will run as root/,
    remedy:
      "give every container the same uid: runAsUser, runAsGroup and fsGroup 1000 for the whole pod (pitfall 1)",
    look: ({ workspace, container }) => [
      podSecurity(workspace),
      inContainer(workspace, container, "securityContext"),
    ],
  },
  {
    says: /ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull/,
    remedy: "name an image and a tag that the registry has",
    look: ({ workspace, container }) => [inContainer(workspace, container, "image", "tag")],
  },
  {
    says: /executable file not found|CreateContainerError|RunContainerError/,
    remedy: "let the container's command and mounts fit its image",
    look: ({ workspace, container }) => [
      inContainer(workspace, container, "command"),
      inValues(workspace, "persistence"),
    ],
  },
  {
    says: /^\S*\bsh: (line )?(\d+: )?\S+: (command )?not found/m,
    remedy:
      "use what the image has and no more: OpenCode's official image has busybox and ripgrep, no bash, git or curl; bring other tools in an init container with an image that has them",
    look: ({ workspace, container }) => [
      inContainer(workspace, container, "command"),
      inContainer(workspace, container, "image"),
    ],
  },
  {
    says: /OOMKilled/,
    remedy:
      "give the container more memory: OpenCode alone takes 0.8 GB for its provider list (manifests/README.md)",
    look: ({ workspace, container }) => [inContainer(workspace, container, "resources")],
  },
  // What the init containers say.
  {
    says: /Authentication failed|could not read (Username|Password)|invalid credentials|The requested URL returned error: 40[13]/,
    remedy:
      "let git get the token from the file that the Secret is mounted at, through a credential helper, and see that Doppler has a token for this repository (pitfalls 3 and 7)",
    look: ({ workspace }) => [
      cloning(workspace, "credential.helper", "ASKPASS"),
      inValues(workspace, "persistence", "github-pat"),
      externalSecret(workspace, "target", "template", "data"),
    ],
  },
  {
    says: /repository '[^']*' not found|repository not found|Could not resolve host/i,
    remedy: "let REPOSITORY_URL name the repository that the workspace is for",
    look: ({ workspace }) => [inContainer(workspace, "git-clone", "env", "REPOSITORY_URL")],
  },
  {
    says: /Read-only file system/,
    remedy: "mount an emptyDir where the container writes: the root file system is read-only",
    look: ({ workspace }) => [inValues(workspace, "persistence")],
  },
  {
    says: /EACCES: permission denied, mkdir '[^']*\/\.(local|cache|config)\b/,
    remedy:
      "the directories above a mount point are root's: mount the volume higher up (~/.local), let an init container make them in the volume of the home, or set XDG_STATE_HOME, XDG_CACHE_HOME and XDG_CONFIG_HOME (pitfalls 1 and 8)",
    look: ({ workspace, container }) => [
      inValues(workspace, "persistence"),
      inContainer(workspace, container, "env"),
    ],
  },
  {
    says: /[Pp]ermission denied|Operation not permitted/,
    remedy:
      "one identity for all containers: runAsUser, runAsGroup and fsGroup 1000 with fsGroupChangePolicy: OnRootMismatch for the whole pod (pitfall 1)",
    look: ({ workspace, container }) => [
      podSecurity(workspace),
      inContainer(workspace, container, "securityContext"),
    ],
  },
  {
    says: /already exists and is not an empty directory/,
    remedy:
      "clone beside the final place and rename when it is whole: what an interrupted clone leaves must not be in the way of the next (pitfall 2)",
    look: ({ workspace }) => [cloning(workspace)],
  },
  {
    says: /No such file or directory|nonexistent directory|can't cd to|[Nn]ot a directory/,
    remedy:
      "let the first init container make every directory of the volume (mkdir -p) before anything writes or is mounted there (pitfall 8)",
    look: ({ workspace, container }) => [
      cloning(workspace, "mkdir "),
      inContainer(workspace, container, "command"),
    ],
  },
  // What is also said for a moment where nothing is wrong.
  {
    says: /Multi-Attach error/,
    remedy:
      "one replica, and strategy: Recreate: a ReadWriteOnce volume has one node, and the old pod must let go of it first (pitfall 6)",
    look: ({ workspace }) => [inController(workspace, "strategy"), inController(workspace, "replicas")],
  },
  {
    says: /unbound immediate PersistentVolumeClaims/,
    remedy:
      "let the claim ask for what the default storage class ceph-block has: no storageClassName, ReadWriteOnce, a size (pitfall 6)",
    look: ({ workspace }) => [claim(workspace), fluxKustomization(workspace, "dependsOn")],
  },
  {
    says: /(Startup|Readiness|Liveness) probe failed/,
    remedy:
      "probe what OpenCode answers without a password, on its own port, and give it the 20 s of its start",
    look: ({ workspace }) => [
      inContainer(workspace, "app", "probes"),
      inContainer(workspace, "app", "command"),
    ],
  },
  // What only says that something failed.
  {
    says: /container \S+ of pod \S+ ended (once|\d+ times)/,
    isGeneral: true,
    remedy: "mend the container's command; what it said last stands below",
    look: ({ workspace, container }) => [inContainer(workspace, container, "command")],
  },
  // The way through the gateway.
  {
    says: /altnames|self.signed|unable to (verify|get)|certificate has expired|ERR_TLS/,
    remedy:
      "let a Certificate cover both host names (*.opencode.<domain>; a wildcard covers one label), in the Gateway's namespace and under the Secret's name that the Gateway serves (pitfall 9)",
    look: () => [certificateNames, { kind: "Certificate", field: ["spec", "secretName"] }],
  },
  {
    says: /https:[\s\S]*(last: |answered )404/,
    remedy:
      "let the route name this host, and attach it to listener https of envoy-internal in network (pitfall 9)",
    look: ({ workspace }) => [route(workspace, "hostnames"), route(workspace, "parentRefs")],
  },
  {
    says: /https:[\s\S]*((last: |answered )50\d|did not answer within|no answer within|ECONNREFUSED|ECONNRESET|socket hang up)/,
    isGeneral: true,
    remedy:
      "let the route lead to the Service's port, the Service to the port that OpenCode listens on (4096, on 0.0.0.0), and name no appProtocol of HTTP/2: OpenCode speaks HTTP/1.1 and WebSocket (pitfall 4)",
    look: ({ workspace }) => [
      inValues(workspace, "service", "app", "ports", "http"),
      route(workspace, "rules"),
      inContainer(workspace, "app", "command"),
    ],
  },
  {
    says: /https:[\s\S]*answered 401/,
    remedy:
      "let OPENCODE_SERVER_PASSWORD come from the workspace's Secret, and that from Doppler (pitfall 7)",
    look: ({ workspace }) => [inContainer(workspace, "app", "env", "OPENCODE_SERVER_PASSWORD")],
  },
  {
    says: /answered something else than was expected/,
    remedy: "let the route lead to OpenCode's own server, and pin OpenCode to a version that has been tried",
    look: ({ workspace }) => [route(workspace, "rules"), inContainer(workspace, "app", "image")],
  },
  {
    says: /not a git repository|detected dubious ownership/,
    remedy:
      "let workingDir be the clone, cloned by the same user as OpenCode's: test for .git, not for the directory (pitfalls 1 and 2)",
    look: ({ workspace }) => [inContainer(workspace, "app", "workingDir"), cloning(workspace)],
  },
  // Flux and Helm.
  {
    says: /MANIFEST_UNKNOWN|NAME_UNKNOWN/,
    remedy:
      "pin the chart to a version that was released, best the one that the cluster's other apps have, app-template 4.4.0 (pitfall 12)",
    look: ({ workspace }) => [chartVersion(workspace)],
  },
  {
    says: /kustomization path not found/,
    remedy: "let the path of the Flux Kustomization name a directory of the tree",
    look: ({ kustomization }) => [fluxKustomization(kustomization, "path")],
  },
  {
    says: /PersistentVolumeClaim[\s\S]*(immutable|Forbidden|exists and cannot be imported|invalid ownership)/,
    remedy:
      "make the claim outside of the HelmRelease (templates/volsync) and use it by existingClaim: Helm can then neither replace nor delete it (checklist: PVC not re-created)",
    look: ({ workspace }) => [existingClaim(workspace), claim(workspace)],
  },
  {
    says: /dry-run failed/,
    remedy: "write the object as the cluster's API takes it; what Flux says above names the field",
    look: ({ object, kustomization }) => (object ? [object] : [fluxKustomization(kustomization, "path")]),
  },
  {
    says: /substitut/i,
    remedy:
      "let postBuild.substitute give every variable of the files a value; a dollar sign of a script needs no braces after it",
    look: ({ kustomization }) => [fluxKustomization(kustomization, "postBuild")],
  },
  {
    says: /BuildFailed/,
    remedy:
      "let every kustomization.yaml name files that are there, and each file be an object of Kubernetes; what Flux says above names the file",
    look: ({ kustomization }) => [fluxKustomization(kustomization, "path")],
  },
  {
    says: /wait for each other/,
    remedy: "take one of them out of the other's dependsOn: Flux waits for both for ever (pitfall 5)",
    look: () => [fluxKustomization(undefined, "dependsOn")],
  },
  {
    says: /DependencyNotReady|dependency '[^']*' is not ready/,
    remedy:
      "let dependsOn name Flux Kustomizations (in flux-system) that exist, and mend the one that is not Ready first (pitfall 5)",
    look: ({ kustomization }) => [fluxKustomization(kustomization, "dependsOn")],
  },
  {
    says: /no matches for kind/,
    remedy: "write apiVersion and kind as the cluster has them; what Flux says above names the object",
    look: ({ kustomization }) => [fluxKustomization(kustomization, "path")],
  },
  {
    says: /values don't meet|execution error at|schema|error (rendering|validating)|template: |is invalid: |Required value/i,
    remedy:
      "write the values as the version of app-template that the chart is pinned to has them: other versions have other keys (pitfall 12)",
    look: ({ workspace }) => [inValues(workspace), chartVersion(workspace)],
  },
  {
    says: /(Install|Upgrade)Failed|context deadline exceeded/,
    isGeneral: true,
    remedy: "the release's pod does not become Ready: mend what its events and its containers say below",
    look: ({ workspace }) => [inController(workspace)],
  },
  {
    says: /Kustomization \S+/,
    isGeneral: true,
    remedy: "mend what Flux says above in the objects of this Kustomization",
    look: ({ kustomization }) => [fluxKustomization(kustomization)],
  },
];
