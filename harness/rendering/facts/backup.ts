import type { WorkspaceFacts } from "../workspace-facts.ts";
import type { Objects } from "./objects.ts";

type Backup = NonNullable<WorkspaceFacts["backup"]>;

interface SourceSpec {
  sourcePVC?: string;
  restic?: { repository?: string };
}

interface ClaimSpec {
  dataSourceRef?: { apiGroup?: string; kind?: string; name?: string };
}

/**
 * Who backs one of these claims up: a ReplicationSource with restic that names it. One that is called as the workload or
 * the claim is meant for it, too, whatever it names.
 */
export function backupOf(
  { namespace, name, claims }: { namespace: string; name: string; claims: readonly string[] },
  objects: Objects,
): Backup | undefined {
  const sources = objects.in("ReplicationSource", namespace).flatMap(({ metadata, spec }) => {
    const { sourcePVC, restic } = (spec ?? {}) as SourceSpec;
    return restic ? [{ name: metadata.name, claim: sourcePVC, secret: restic.repository ?? "" }] : [];
  });
  const source =
    sources.find(({ claim }) => claim !== undefined && claims.includes(claim)) ??
    sources.find((one) => [name, ...claims].includes(one.name));
  if (!source) return undefined;
  const claim = claims.find((one) => one === source.claim) ?? claims[0] ?? "";
  const destination = destinationOf(claim, namespace, objects);
  return { source: source.name, secret: source.secret, claim, ...(destination ? { destination } : {}) };
}

/** The ReplicationDestination that fills the claim when it is made. */
function destinationOf(claim: string, namespace: string, objects: Objects): string | undefined {
  const spec = objects.find("PersistentVolumeClaim", { namespace, name: claim })?.spec as
    | ClaimSpec
    | undefined;
  const { apiGroup, kind, name } = spec?.dataSourceRef ?? {};
  return apiGroup === "volsync.backube" && kind === "ReplicationDestination" ? name : undefined;
}
