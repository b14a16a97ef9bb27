import { z } from "zod";

/** A key of a Kubernetes Secret of the workspace's namespace. */
const secretKey = z.object({
  secret: z.string(),
  /** Missing where the whole Secret is taken (`envFrom`, a volume without `items`) and no key of it is named. */
  key: z.string().optional(),
});

const hostFact = z.object({
  hostname: z.string(),
  /** The HTTPRoute that leads this host to the workspace's Service. */
  route: z.object({ namespace: z.string(), name: z.string() }),
  /** The Gateways that the route hangs on; `sectionName` where the route names a listener. */
  gateways: z.array(
    z.object({ namespace: z.string(), name: z.string(), sectionName: z.string().optional() }),
  ),
});

const mountFact = z.object({
  container: z.string(),
  path: z.string(),
  /** "" for the volume's root. */
  subPath: z.string(),
  readOnly: z.boolean(),
});

const claimFact = z.object({
  /** Name of the PersistentVolumeClaim; of a StatefulSet's template with the ordinal 0, as it is in the cluster. */
  name: z.string(),
  mounts: z.array(mountFact),
});

const cloneFact = z.object({
  /** `owner/name` on github.com. */
  repository: z.string(),
  transport: z.enum(["https", "ssh"]),
  /** The init container (or container) that clones. */
  container: z.string(),
  /** Secret keys that this container may read: the credentials of the clone are among them. */
  credentials: z.array(secretKey),
});

const loginFact = z.object({
  /** A container writes auth.json, or the Secret is mounted in its place, or OPENCODE_AUTH_CONTENT holds it. */
  how: z.enum(["written", "mounted", "environment"]),
  /** The container that puts auth.json onto the volume; missing where none does. */
  container: z.string().optional(),
  /** The Secret's key that holds auth.json. */
  source: secretKey.optional(),
});

const passwordFact = z.object({
  /** The Secret's key; missing where the value stands in the manifest, which is a finding of its own. */
  source: secretKey.optional(),
  /** OPENCODE_SERVER_USERNAME where it is set, else OpenCode's default `opencode`. */
  userName: z.string(),
  /** The Secret's key that may hold the user's name; where it is not there, `userName` counts. */
  userNameSource: secretKey.optional(),
});

const backupFact = z.object({
  /** The ReplicationSource that backs the claim up, with restic. */
  source: z.string(),
  /** Secret with the repository's address, its password and the object store's keys. */
  secret: z.string(),
  claim: z.string(),
  /** The ReplicationDestination that a new claim is filled from; missing where it would be empty. */
  destination: z.string().optional(),
});

/**
 * What a tree says of one OpenCode workspace: a workload that runs `opencode web` or `opencode serve`. Found in what Flux
 * and Helm make of the tree, so names are those of the live objects. JSON, since it crosses to the process that runs steps.
 */
export const workspaceFacts = z.object({
  /** How messages and steps call it: the workload's name, or `namespace/name` where two share that. */
  name: z.string(),
  namespace: z.string(),
  workload: z.object({ kind: z.enum(["Deployment", "StatefulSet"]), name: z.string() }),
  /** `spec.selector.matchLabels` of the workload. */
  selector: z.record(z.string(), z.string()),
  /** The container that runs OpenCode. */
  container: z.string(),
  /** In the order in which they run. */
  initContainers: z.array(z.string()),
  sidecars: z.array(z.string()),
  image: z.string(),
  command: z.enum(["web", "serve"]),
  port: z.number(),
  /** Undefined where the workload leaves it to the image. */
  uid: z.number().optional(),
  gid: z.number().optional(),
  fsGroup: z.number().optional(),
  /** The container's workingDir, if the manifest names one. */
  workingDirectory: z.string().optional(),
  /** Where OpenCode keeps sessions and auth.json, by XDG_DATA_HOME and HOME of the manifest; undefined where neither is set. */
  dataDirectory: z.string().optional(),
  /** The Services that select its pods; the first is the one that its hosts lead to. */
  services: z.array(z.object({ name: z.string(), ports: z.array(z.number()) })),
  hosts: z.array(hostFact),
  claims: z.array(claimFact),
  /** Undefined: anybody who reaches it has a shell. */
  password: passwordFact.optional(),
  clones: z.array(cloneFact),
  login: loginFact.optional(),
  /** Missing where nothing is backed up, or not by VolSync with restic. */
  backup: backupFact.optional(),
  /** What each of its containers may read of Secrets, and where. */
  held: z.array(
    z.object({
      container: z.string(),
      secret: z.string(),
      /** Missing where the whole Secret is taken. */
      key: z.string().optional(),
      /** The environment variable; missing of `envFrom`, which makes one of each key. */
      variable: z.string().optional(),
      /** The file, or the directory where the whole Secret is mounted. */
      path: z.string().optional(),
    }),
  ),
  /** Path of the tree's document for a lost node, where it has one. */
  runbook: z.string().optional(),
  /** Path of the tree's document for a lost volume, where it has one. */
  volumeDocument: z.string().optional(),
  /** Path of the tree's document for a login that has expired, where it has one. */
  loginDocument: z.string().optional(),
  /** Path of the script with which a person stores a login, where the tree has it. */
  seedScript: z.string().optional(),
  /** Who makes public records of its hosts; missing where the home has no external-dns. */
  publicDns: z
    .object({
      /** The annotations without which external-dns passes a route by. */
      annotations: z.record(z.string(), z.string()),
      /** Hosts that the owner publishes; missing where he does not say. */
      published: z.array(z.string()).optional(),
    })
    .optional(),
  /** What made it: the HelmRelease if there is one, and the Flux Kustomization. */
  release: z
    .object({
      namespace: z.string(),
      name: z.string(),
      controller: z.string(),
      /** The HelmRelease has a list of its own: what is to be one more goes to its end. */
      hasPostRenderers: z.boolean().optional(),
    })
    .optional(),
  kustomization: z.object({ namespace: z.string(), name: z.string() }),
  /** The Flux Kustomizations that it waits for. */
  dependsOn: z.array(z.object({ namespace: z.string(), name: z.string() })),
  /** ExternalSecrets of its namespace whose Secrets it uses, each with the stores' keys (`find` as its path or pattern). */
  externalSecrets: z.array(
    z.object({
      name: z.string(),
      secret: z.string(),
      store: z.object({ kind: z.string(), name: z.string() }),
      keys: z.array(z.string()),
      finds: z.array(z.object({ path: z.string().optional(), regexp: z.string().optional() })),
    }),
  ),
});

export type WorkspaceFacts = z.infer<typeof workspaceFacts>;
export type SecretKey = z.infer<typeof secretKey>;
