import { posix } from "node:path";
import { escapeRegExp, innermostMount, isAtOrBelow } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { claimSpecOf } from "../../reading/claims.ts";
import { type Inspected, type InspectedWorkspace, ownedNamed } from "../../reading/inspected.ts";
import {
  keptDirectories,
  type PlaceOnVolume,
  placeOnVolume,
  settingsDirectory,
} from "../../reading/kept-places.ts";
import { key, type Needle } from "../../reading/place.ts";
import { repositoryOf } from "../../reading/replications.ts";
import { rule } from "../../rule.ts";

/** A workspace that the base has, too: it lives, with a volume that has work on it. */
export interface Living {
  was: InspectedWorkspace;
  is: InspectedWorkspace;
  before: Inspected;
  after: Inspected;
}

/** What `find` has to say of each of them; without a base nobody knows what lives. */
export const eachLiving =
  (find: (living: Living) => Fault[]) =>
  (after: Inspected): Fault[] => {
    const { before } = after;
    if (!before) return [];
    return after.workspaces.flatMap((is) => {
      const was = before.workspaces.find(
        ({ workload: { namespace, name } }) =>
          namespace === is.workload.namespace && name === is.workload.name,
      );
      return was ? find({ was, is, before, after }) : [];
    });
  };

const nameOf = ({ claim, path }: PlaceOnVolume) =>
  `${path === "" ? "the root" : `subPath ${path}`} of claim ${claim}`;

/** Whether the new claim is filled from the old one, or from a snapshot that its owner has made. */
function isFilledFrom({ after, is }: Living, claim: string, old: string): boolean {
  const found = ownedNamed(after, "PersistentVolumeClaim", { namespace: is.facts.namespace, name: claim });
  const { dataSource, dataSourceRef = dataSource } = found ? claimSpecOf(found) : {};
  const { kind, name } = dataSourceRef ?? {};
  return kind === "VolumeSnapshot" || (kind === "PersistentVolumeClaim" && name === old);
}

/** Whether OpenCode's container still sees a place of a volume, wherever it is mounted. */
const isSeen = ({ facts, app }: InspectedWorkspace, { claim, path }: PlaceOnVolume): boolean =>
  facts.claims
    .filter(({ name }) => name === claim)
    .flatMap(({ mounts }) => mounts)
    .some(
      ({ container, subPath }) => container === app.name && isAtOrBelow(`/${path}`, posix.join("/", subPath)),
    );

/** The line that says where the directory lies now. */
function wayTo(
  { app }: InspectedWorkspace,
  directory: string,
  old: PlaceOnVolume,
  now?: PlaceOnVolume,
): Needle[] {
  const mount = innermostMount(app.volumeMounts, directory);
  if (!mount) return [];
  if (now && now.claim !== old.claim) return [key("persistence"), /\b(existingClaim|claimName):/];
  const path = new RegExp(`[pP]ath: *["']?${escapeRegExp(mount.mountPath)}["']?([\\s,}]|$)`);
  return [key("persistence"), path, ...(mount.subPath === undefined ? [] : [key("subPath")])];
}

/** OpenCode begins anew where it finds nothing: the pod is Ready, and the work is gone from sight. */
function movedData(living: Living): Fault[] {
  const { was, is } = living;
  const all = (workspace: InspectedWorkspace) => [
    ...keptDirectories(workspace),
    ...[settingsDirectory(workspace)].flatMap((directory) =>
      directory === undefined ? [] : [{ what: "settings", directory }],
    ),
  ];
  const now = all(is);
  return all(was).flatMap(({ what, directory }) => {
    const old = placeOnVolume(was, directory);
    const to = now.find((one) => one.what === what);
    if (!old || !to) return [];
    const place = placeOnVolume(is, to.directory);
    // What lies on no claim any more has a finding of its own, but for settings (data-not-kept).
    if (!place && what !== "settings") return [];
    if (place && posix.join(place.claim, place.path) === posix.join(old.claim, old.path)) return [];
    // Another directory is worked in, and the one before is still there.
    if (what === "code" && to.directory !== directory && isSeen(is, old)) return [];
    if (place && place.path === old.path && isFilledFrom(living, place.claim, old.claim)) return [];
    return {
      message: `what ${is.facts.name} has of ${what} is not found: it is at ${nameOf(old)}, and OpenCode looks ${place ? `at ${nameOf(place)}` : `in ${to.directory}, which is on no claim`}`,
      remedy: "leave claim and subPath as they are, or move what is on the volume before the merge",
      ...is.at(...wayTo(is, to.directory, old, place)),
    };
  });
}

/** Restic begins a new repository where there is none: what the old one has kept is not what a lost volume is filled with. */
function movedBackups({ was, is, before, after }: Living): Fault[] {
  const addressOf = (inspected: Inspected, { facts: { namespace, backup } }: InspectedWorkspace) =>
    repositoryOf(inspected, namespace, backup?.secret);
  const [old, now] = [addressOf(before, was), addressOf(after, is)];
  if (!old || !now || old.address === now.address) return [];
  return [
    {
      message: `the backups of ${is.facts.name} that are there are not found: they are in ${old.address}, and the next go to ${now.address}: a volume that is lost before comes back empty`,
      remedy: "leave the address as it is, or copy the repository before the merge (restic copy)",
      ...after.placeOf(now.made, key("template"), key("RESTIC_REPOSITORY")),
    },
  ];
}

/** What the change means for work that is there; asked with `--base` alone. */
export const livingVolumeRules = [
  rule({
    id: "living-data-moved",
    title: "what is on a volume is found after the merge",
    severity: "warning",
    find: eachLiving(movedData),
  }),
  rule({
    id: "living-backups-moved",
    title: "backups that were made are found after the merge",
    severity: "warning",
    find: eachLiving(movedBackups),
  }),
];
