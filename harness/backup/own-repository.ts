import type { V1Secret } from "@kubernetes/client-node";
import { HarnessError } from "../base/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { backupFacts } from "./backup-facts.ts";

/** No two workspaces are backed up into one repository: a restore takes the newest backup, whosever that is. */
export async function expectOwnRepositories(workspaces: readonly DeployedWorkspace[]): Promise<void> {
  const addresses = await Promise.all(workspaces.map(addressOf));
  const shared = sharedIn(addresses);
  if (!shared) return;
  const [first, other] = shared.map((index) => workspaces[index]);
  throw new HarnessError(
    `${first?.name} and ${other?.name} are backed up into one repository: a restore takes the newest backup, whosever that is`,
    {
      code: "failed",
      // biome-ignore lint/suspicious/noTemplateCurlyInString: Flux substitutes it.
      remedy: "end the repository's address with the workspace's name: …/${APP}",
      look: first ? [{ kind: "ExternalSecret", field: ["spec", "target", "template", "data"] }] : [],
    },
  );
}

/** The places of two that are the same. */
export function sharedIn(addresses: readonly string[]): [number, number] | undefined {
  const plain = addresses.map((address) => address.replace(/\/+$/, ""));
  const other = plain.findIndex((address, index) => plain.indexOf(address) !== index);
  return other < 0 ? undefined : [plain.indexOf(plain[other] ?? ""), other];
}

async function addressOf(workspace: DeployedWorkspace): Promise<string> {
  const { secret: name } = backupFacts(workspace);
  const { cluster, namespace } = workspace;
  const secret = await cluster.objects.find({ apiVersion: "v1", kind: "Secret", namespace, name });
  const encoded = (secret as V1Secret | undefined)?.data?.RESTIC_REPOSITORY;
  if (encoded) return Buffer.from(encoded, "base64").toString();
  throw new HarnessError(`Secret ${namespace}/${name} should say where ${workspace.name} is backed up`, {
    code: "failed",
    remedy: "let its ExternalSecret make the key RESTIC_REPOSITORY",
    look: [{ kind: "ExternalSecret", field: ["spec", "target", "template", "data"] }],
  });
}
