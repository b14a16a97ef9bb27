import type { Warning } from "./run-page-data.ts";

/** What a failure is about. */
export interface About {
  /** When its step began: milliseconds since 1970. */
  since?: number | undefined;
  workspace?: string | undefined;
  /** The workspace that a text is about. */
  workspaceOf(text: string): string | undefined;
}

/**
 * Warnings of the cluster that may have to do with a failure, and the rest: a cluster that starts warns of much that passes,
 * and a workspace of what is another's. Where none came while the step ran, those of its workspace from before may tell.
 */
export function nearWarnings(
  warnings: readonly Warning[],
  { since, workspace, workspaceOf }: About,
): { near: Warning[]; far: Warning[] } {
  if (since === undefined && workspace === undefined) return { near: [...warnings], far: [] };
  const isInTime = ({ at }: Warning) => since !== undefined && Date.parse(at) >= since;
  const ofWhom = new Map(warnings.map((one) => [one, workspaceOf(one.text)]));
  const isOfAnother = (one: Warning) =>
    workspace !== undefined && (ofWhom.get(one) ?? workspace) !== workspace;
  const inTime = warnings.filter((one) => isInTime(one) && !isOfAnother(one));
  const own = warnings.filter((one) => workspace !== undefined && ofWhom.get(one) === workspace);
  const near = [inTime, own].find((some) => some.length > 0) ?? [];
  return { near, far: warnings.filter((one) => !near.includes(one)) };
}
