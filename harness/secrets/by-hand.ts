import { retold } from "../base/index.ts";
import { externalSecret } from "../diagnosis/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { makerOf } from "./external-secret.ts";

const rightWithinMs = 30_000;
const handMade = Buffer.from("made by hand").toString("base64");

/**
 * Somebody makes a Secret of the same name by hand (`kubectl delete secret`, `kubectl create secret generic`), as the
 * requirements' first seed script did. External Secrets puts it right by itself: Doppler is the one source (pitfall 10).
 */
export async function expectPutRight(workspace: DeployedWorkspace, signal: AbortSignal): Promise<void> {
  const { cluster, namespace, name } = workspace;
  const selection = { apiVersion: "v1", kind: "Secret", namespace, name: makerOf(workspace).secret };
  const right = (await cluster.objects.find(selection))?.data as Record<string, string>;
  await cluster.objects.remove(selection);
  await cluster.objects.createOrApply({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { namespace, name: selection.name },
    data: Object.fromEntries(Object.keys(right).map((key) => [key, handMade])),
  } as object);
  const putRight = cluster.wait({
    what: `External Secrets puts the Secret of ${name} right`,
    ...selection,
    timeoutMs: rightWithinMs,
    signal,
    until: ([secret]) => {
      const data = (secret?.data ?? {}) as Record<string, string>;
      const wrong = Object.keys(right).filter((key) => data[key] !== right[key]);
      return wrong.length === 0 ? { ready: true } : { waiting: `${wrong.join(", ")} are not Doppler's` };
    },
  });
  await retold(putRight, {
    message: `a Secret of ${name} that was made by hand should be put right, and stays`,
    remedy:
      "creationPolicy: Owner, and no second writer: what is made by hand is to be in Doppler (pitfall 10)",
    look: [externalSecret(name, "target", "creationPolicy")],
  });
}
