import type { V1Container, V1Secret } from "@kubernetes/client-node";
import { HarnessError } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import { inContainer } from "../diagnosis/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";

const passwordVariable = "OPENCODE_SERVER_PASSWORD";

/** The password that the workload gives OpenCode, as it stands or from a Secret. Throws where it gives none. */
export async function serverPassword(
  { name: workspace, namespace, workload }: WorkspaceFacts,
  container: V1Container,
  cluster: Pick<Cluster, "objects">,
): Promise<string> {
  const variable = container.env?.find(({ name }) => name === passwordVariable);
  if (variable?.value) return variable.value;
  const reference = variable?.valueFrom?.secretKeyRef;
  const names = reference?.name
    ? [reference.name]
    : (container.envFrom ?? []).map(({ secretRef }) => secretRef?.name);
  for (const name of names) {
    if (!name) continue;
    const secret = (await cluster.objects.find({
      apiVersion: "v1",
      kind: "Secret",
      namespace,
      name,
    })) as V1Secret | undefined;
    const encoded = secret?.data?.[reference?.key ?? passwordVariable];
    if (encoded) return Buffer.from(encoded, "base64").toString();
  }
  throw new HarnessError(`the ${workload.kind} ${workload.name} gives its container no ${passwordVariable}`, {
    code: "failed",
    remedy: `take ${passwordVariable} from the workspace's Secret: without it anybody on the network has the shell (security mistakes)`,
    look: [inContainer(workspace, "app", "env", passwordVariable)],
  });
}
