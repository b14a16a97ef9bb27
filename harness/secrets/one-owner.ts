import { HarnessError, retold } from "../base/index.ts";
import type { AnyObject } from "../cluster/index.ts";
import { externalSecret } from "../diagnosis/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { externalSecretKind, makerOf, untilSynced } from "./external-secret.ts";

const syncedWithinMs = 30_000;

/**
 * The workspace's Secret is made by one ExternalSecret, which says that it is as Doppler has it. A second one for the same
 * Secret is refused by the first one's ownership, or they overwrite each other (pitfall 10).
 */
export async function expectOneOwner(workspace: DeployedWorkspace, signal: AbortSignal): Promise<void> {
  const { name, namespace, cluster } = workspace;
  const { secret } = makerOf(workspace);
  const all = await cluster.objects.all({ ...externalSecretKind, namespace });
  // One that merges into a Secret, or makes none, owns nothing.
  const owns = ({ spec }: AnyObject) => !["Merge", "None"].includes(spec?.target?.creationPolicy ?? "Owner");
  const makers = all.filter((one) => owns(one) && (one.spec?.target?.name ?? one.metadata?.name) === secret);
  if (makers.length > 1) {
    const names = makers.map(({ metadata }) => metadata?.name).join(" and ");
    throw new HarnessError(
      `Secret ${namespace}/${secret} should have one owner, and the ExternalSecrets ${names} all make it`,
      {
        code: "failed",
        remedy: "one ExternalSecret for each Secret, and nothing else that writes to it (pitfall 10)",
        look: makers.map(({ metadata }) => ({
          kind: "ExternalSecret",
          name: metadata?.name ?? "",
          field: ["spec", "target"],
        })),
      },
    );
  }
  const synced = untilSynced(
    workspace,
    `${name}'s ExternalSecret has made its Secret`,
    ({ isReady }) => isReady,
    {
      signal,
      timeoutMs: syncedWithinMs,
    },
  );
  await retold(synced, {
    message: `the ExternalSecret of ${name} should make its Secret, and does not`,
    remedy:
      "creationPolicy: Owner makes the Secret, Merge waits for one that somebody else makes (pitfalls 7 and 10)",
    look: [externalSecret(name, "target", "creationPolicy")],
  });
}
