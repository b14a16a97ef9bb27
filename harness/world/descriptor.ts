import { z } from "zod";
import { workspaceFacts } from "../rendering/index.ts";

const fluxName = z.object({ namespace: z.string(), name: z.string() });

/**
 * results/<run>/world.json: what another process needs to use a running world. No secret stands in it; the
 * kubeconfig and the tokens are files of their own with mode 0600.
 */
export const worldDescriptor = z.object({
  runId: z.string(),
  kubeconfigFile: z.string(),
  /** PEM file of the harness's CA. */
  caFile: z.string(),
  /** The published tree, path to content, as JSON. */
  treeFile: z.string(),
  nodes: z.array(z.object({ name: z.string(), role: z.enum(["server", "agent"]), containerId: z.string() })),
  gateway: z.object({ host: z.string(), httpsPort: z.number(), httpPort: z.number() }),
  /** URLs of the stand-ins' control listeners. */
  control: z.object({ github: z.string(), doppler: z.string(), copilot: z.string(), dns: z.string() }),
  /** File (0600) with the token for them. */
  controlTokenFile: z.string(),
  /** Where github.com's stand-in takes a push from this machine. */
  githubUrl: z.string(),
  /** `owner/name` of the tree under test on it. */
  repository: z.string(),
  /** How Flux gets at the tree: its GitRepository, and the Kustomizations that bring others. */
  flux: z.object({ source: fluxName, parents: z.array(fluxName) }),
  /** What the tree says of its workspaces. */
  workspaces: z.array(workspaceFacts),
  /** File (0600) with the token for it. */
  gitTokenFile: z.string(),
  /** Values that stand in Secrets and are none: what outside.yaml says openly, and the name that goes with a git token. */
  publicValues: z.array(z.string()),
  /** File (0600) with every secret of the run; see stored-secrets.ts. */
  secretsFile: z.string(),
  /** The container of the house's object store. */
  objectStoreId: z.string(),
  /** The images of the browser and of an operator's own machine, in the engine. */
  browserImage: z.string(),
  operatorImage: z.string(),
  dockerHost: z.string().optional(),
});

export type WorldDescriptor = z.infer<typeof worldDescriptor>;
