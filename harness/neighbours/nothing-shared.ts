import { describePlace, HarnessError, type ManifestPlace } from "../base/index.ts";
import { claim, existingClaim, externalSecret, inContainer, route } from "../diagnosis/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import { type Belonging, type BelongingsStage, belongingsOf, type Thing } from "./belongings.ts";

/** What a workspace shares with another, and what to do about it; which of the two has what is not its own nobody knows. */
const mending: Record<Belonging, { remedy: string; look: (workspace: string) => ManifestPlace[] }> = {
  host: {
    remedy: "give each its own host: the Gateway sends all requests to the older route",
    look: (workspace) => [route(workspace, "hostnames")],
  },
  Secret: {
    remedy: "give each its own ExternalSecret and Secret: what changes one restarts the other too",
    look: (workspace) => [inContainer(workspace, "app", "env"), externalSecret(workspace, "target", "name")],
  },
  claim: {
    remedy: "give each its own claim: a ReadWriteOnce volume has one pod (pitfall 6)",
    look: (workspace) => [existingClaim(workspace)],
  },
  volume: {
    remedy: "give each claim a volume of its own: what fills one fills the other",
    look: (workspace) => [claim(workspace)],
  },
  password: {
    remedy: "give each its own key in Doppler: who has one password has both shells",
    look: (workspace) => [inContainer(workspace, "app", "env"), externalSecret(workspace, "data")],
  },
  token: {
    remedy: "give each a token for its one repository: who has one reads both",
    look: (workspace) => [externalSecret(workspace, "data")],
  },
  login: {
    remedy: "give each its own Copilot login: when one is withdrawn, or renewed by one, the other's is gone",
    look: (workspace) => [externalSecret(workspace, "data")],
  },
  repository: {
    remedy: "give each its own repository: the clone of one is the other's",
    look: (workspace) => [inContainer(workspace, "git-clone", "env")],
  },
  "backup Secret": {
    remedy: "let each ReplicationSource name the Secret of its own app (templates/volsync)",
    look: () => [{ kind: "ReplicationSource", field: ["spec", "restic", "repository"] }],
  },
  "backup repository": {
    remedy:
      "end the address with the app's name (RESTIC_REPOSITORY: …/$" +
      "{APP}): a restore takes the last snapshot there, whosever it is",
    look: () => [{ kind: "ExternalSecret", field: ["spec", "target", "template"] }],
  },
};

/**
 * No two of the workspaces have anything in common of what each should have for itself: hosts, Secrets, claims and volumes,
 * password, token and login by their values, repositories, backups. Returns what there was, one line a workspace.
 */
export async function expectNothingShared(
  workspaces: readonly DeployedWorkspace[],
  stage: BelongingsStage,
): Promise<string[]> {
  const all = await Promise.all(
    workspaces.map(async (workspace) => ({
      name: workspace.name,
      things: await belongingsOf(workspace, stage),
    })),
  );
  for (const [index, one] of all.entries()) {
    for (const other of all.slice(0, index)) {
      const found = sharedBy(other.things, one.things);
      if (found.length > 0) throw notTheirOwn(other.name, one.name, found);
    }
  }
  return all.map(({ name, things }) => `${name} has for itself: ${countedByKind(things)}`);
}

const order = Object.keys(mending) as Belonging[];

/** What both have, in the order above. */
export function sharedBy(some: readonly Thing[], others: readonly Thing[]): [Thing, Thing][] {
  const pairs = some.flatMap((thing) => {
    const same = others.find(({ kind, id }) => kind === thing.kind && id === thing.id);
    return same ? [[thing, same] as [Thing, Thing]] : [];
  });
  return pairs.sort(([a], [b]) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

function notTheirOwn(one: string, other: string, found: [Thing, Thing][]): HarnessError {
  const told = found.map(([thing, same]) => {
    const where = thing.told === same.told ? thing.told : `${thing.told}, ${same.told}`;
    return `one ${thing.kind} (${where})`;
  });
  const kinds = [...new Set(found.map(([{ kind }]) => kind))];
  const looked = kinds.flatMap((kind) => [other, one].flatMap(mending[kind].look));
  return new HarnessError(`${one} and ${other} have ${told.join(", ")}`, {
    code: "failed",
    remedy: kinds.map((kind) => mending[kind].remedy).join("; "),
    look: [...new Map(looked.map((place) => [describePlace(place), place])).values()],
  });
}

function countedByKind(things: readonly Thing[]): string {
  const byKind = Map.groupBy(things, ({ kind }) => kind);
  return order
    .flatMap((kind) => (byKind.has(kind) ? [`${byKind.get(kind)?.length} ${kind}`] : []))
    .join(", ");
}
