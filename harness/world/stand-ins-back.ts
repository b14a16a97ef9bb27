import type { World } from "./world.ts";

/**
 * The stand-ins of the internet as the next tree is to find them: nobody has asked them anything, nothing fails, and what
 * the tree before had them keep is gone. What they were filled with at the start stays.
 */
export async function putStandInsBack({
  github,
  doppler,
  copilot,
  dns,
}: Pick<World, "github" | "doppler" | "copilot" | "dns">): Promise<void> {
  await Promise.all([
    ...[github, doppler, copilot, dns].flatMap((standIn) => [standIn.forgetRequests(), standIn.fault()]),
    copilot.forgetPlans(),
    copilot.expire(),
    // With `policy: upsert-only` external-dns takes no record back itself, and the next tree would be blamed for it.
    dns.forgetRecords(),
  ]);
}
