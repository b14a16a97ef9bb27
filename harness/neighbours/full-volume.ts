import { HarnessError, mark } from "../base/index.ts";
import { claim } from "../diagnosis/index.ts";
import { type DeployedWorkspace, runBeside } from "../workspace/index.ts";

const fillers = [".filled-by-the-harness", ".filled-by-the-harness-to-the-last-byte"];

/**
 * Takes what is left of the volume: one extent without content, as large as fits, and then bytes until there is no room.
 * Ends with what one more write says.
 */
const fill = `
size=$(df --output=avail --block-size=1M . | tail -n 1)
while [ "$size" -gt 0 ] && ! fallocate --length "$size"M ${fillers[0]} 2>/dev/null; do size=$((size - 16)); done
cat /dev/zero > ${fillers[1]} 2>/dev/null || true
printf x | dd of=${fillers[1]}.probe 2>&1 || true
`;

/** A volume that has not a byte left. Disposing gives the room back. */
export interface FullVolume extends AsyncDisposable {
  /** What a write of its user is told. */
  refusal: string;
}

/**
 * Fills the volume of a workspace's data to the last byte, as the workspace's own user.
 * @throws HarnessError `failed` where it is no volume with an end: filling it would fill its node, for everybody.
 */
export async function fillVolume(workspace: DeployedWorkspace): Promise<FullVolume> {
  const directory = await (await workspace.user()).directory();
  await expectEnd(workspace);
  mark(`the volume of ${workspace.name} is filled`);
  const remove = `rm -f ${fillers.join(" ")} ${fillers[1]}.probe`;
  const told = await runBeside(workspace, directory, fill);
  const full = {
    refusal: told.split("\n")[0] ?? "",
    [Symbol.asyncDispose]: async () => {
      mark(`there is room on the volume of ${workspace.name} again`);
      await runBeside(workspace, directory, remove);
    },
  };
  if (/No space left on device/.test(told)) return full;
  await full[Symbol.asyncDispose]();
  throw new HarnessError(`the volume of ${workspace.name} does not get full`, {
    code: "environment",
    details: told,
  });
}

/** None of its volumes is a directory of the node; of one on other machines somebody else sees the end. */
async function expectEnd({ cluster, name, namespace, facts }: DeployedWorkspace): Promise<void> {
  for (const { name: claimName } of facts.claims) {
    const claimed = await cluster.objects.find({
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      namespace,
      name: claimName,
    });
    const volume = await cluster.objects.find({
      apiVersion: "v1",
      kind: "PersistentVolume",
      name: claimed?.spec?.volumeName ?? "",
    });
    if (volume?.spec && !volume.spec.hostPath && !volume.spec.local) continue;
    throw new HarnessError(
      `the claim ${claimName} of ${name} has no volume with an end: who fills it fills the disk of its node, for every neighbour`,
      {
        code: "failed",
        remedy:
          "name no storageClassName: a volume of ceph-block has the size that the claim asks for (pitfall 6)",
        look: [claim(name)],
      },
    );
  }
}
