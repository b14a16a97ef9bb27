import { posix } from "node:path";
import type { WorkspaceFacts } from "../rendering/index.ts";
import { mountedSecrets } from "./mount-places.ts";
import type { Place, Source } from "./place.ts";
import { processes } from "./process-places.ts";
import type { Secret } from "./secret-values.ts";
import { volumes } from "./volume-places.ts";

type Held = WorkspaceFacts["held"][number];

/** One place where the tree lets a secret be, as far as the search comes there. */
export interface Allowance {
  /** Which source reads that place, and must see the secret there. */
  source: Source;
  permits(secret: Secret, place: Place): boolean;
  /** It need not be there when somebody looks. */
  isOfMoment?: true;
}

/**
 * Where a secret may be seen: with the containers that the tree, unedited, gives it to, in the variable or file that it
 * says; and auth.json where OpenCode looks for it, for OpenCode's user alone. Of manifests/ that is the table in its README.
 * The data of Secret objects and the memory of processes are not read at all; mounted Secrets are read as each container
 * sees them. A value that was rotated away may be nowhere.
 */
export function allowancesOf(workspaces: readonly WorkspaceFacts[]): Allowance[] {
  return workspaces.flatMap((facts) => [
    ...facts.held.map((held) => (held.path === undefined ? inVariable(facts, held) : inMount(facts, held))),
    ...onVolume(facts),
    ...withMovers(facts),
    ...whileCloning(facts),
  ]);
}

export function isAllowed(allowances: readonly Allowance[], secret: Secret, place: Place): boolean {
  return !secret.isFormer && allowances.some((allowance) => allowance.permits(secret, place));
}

/** Whether a secret may be among the places of the source: a search that sees none there proves nothing. */
export function hasAllowedPlace(allowances: readonly Allowance[], source: Source): boolean {
  return allowances.some((allowance) => allowance.source === source && !allowance.isOfMoment);
}

function inMount(facts: WorkspaceFacts, held: Held): Allowance {
  return {
    source: mountedSecrets,
    permits: (secret, { mount, pod }) =>
      mount?.container === held.container &&
      // A whole Secret has a file for each key.
      (held.key === undefined
        ? posix.dirname(mount.file) === held.path
        : posix.normalize(mount.file) === held.path) &&
      isPodOf(facts, pod) &&
      isOf(secret, facts, held),
  };
}

function inVariable(facts: WorkspaceFacts, held: Held): Allowance {
  return {
    source: processes,
    permits: (secret, { variable, pod }) =>
      variable?.container === held.container &&
      (held.variable ?? variable.name) === variable.name &&
      isPodOf(facts, pod) &&
      isOf(secret, facts, held) &&
      secret.holders.some((holder) => variable.entries.includes(holder)),
  };
}

/** VolSync's movers have the repository's keys while they run, and a copy of the volume, for its owner and group. */
function withMovers(facts: WorkspaceFacts): Allowance[] {
  const { backup, login, uid = 0 } = facts;
  if (!backup) return [];
  const keys: Allowance = {
    source: processes,
    permits: (secret, { variable }) =>
      variable?.container === "restic" &&
      /^(RESTIC|AWS)_/.test(variable.name) &&
      isOf(secret, facts, { secret: backup.secret }) &&
      secret.holders.some((holder) => variable.entries.includes(holder)),
  };
  const path = loginFile(facts);
  const source = login?.source;
  if (path === undefined || !source) return [keys];
  const copy: Allowance = {
    source: volumes,
    permits: (secret, { file }) =>
      file?.path === path &&
      file.isOnClaim &&
      file.isMovers &&
      file.mode === (file.mode & 0o660) &&
      file.owner === uid &&
      isOf(secret, facts, source),
  };
  return [keys, copy];
}

function onVolume(facts: WorkspaceFacts): Allowance[] {
  const { login, uid = 0 } = facts;
  const path = loginFile(facts);
  if (login?.how !== "written" || !login.source || path === undefined) return [];
  const { source } = login;
  return [
    {
      source: volumes,
      permits: (secret, { file, pod }) =>
        file?.path === path &&
        file.isOnClaim &&
        file.mode === 0o600 &&
        file.owner === uid &&
        isPodOf(facts, pod) &&
        isOf(secret, facts, source),
    },
  ];
}

/** A .netrc beside the volume, as long as the container runs that clones with it (pitfall 3: write, use, remove). */
function whileCloning(facts: WorkspaceFacts): Allowance[] {
  const { clones, uid = 0 } = facts;
  return clones.map(({ container, credentials }) => ({
    source: volumes,
    isOfMoment: true,
    permits: (secret, { file, pod }) =>
      posix.basename(file?.path ?? "") === ".netrc" &&
      file?.isOnClaim === false &&
      file.mode === 0o600 &&
      file.owner === uid &&
      isPodOf(facts, pod) &&
      pod?.running?.includes(container) === true &&
      credentials.some((key) => isOf(secret, facts, key)),
  }));
}

/** Where auth.json is on the claim: what OpenCode has at its data directory, as the innermost mount leads there. */
function loginFile({ claims, container, dataDirectory }: WorkspaceFacts): string | undefined {
  if (dataDirectory === undefined) return undefined;
  const isAbove = (path: string) => dataDirectory === path || dataDirectory.startsWith(`${path}/`);
  const [mount] = claims
    .flatMap(({ mounts }) => mounts)
    .filter((one) => one.container === container && isAbove(one.path))
    .sort((one, other) => other.path.length - one.path.length);
  return mount && posix.join(mount.subPath, posix.relative(mount.path, dataDirectory), "auth.json");
}

function isPodOf({ namespace, workload }: WorkspaceFacts, pod: Place["pod"]): boolean {
  return pod?.namespace === namespace && pod.name.startsWith(`${workload.name}-`);
}

function isOf(
  { holders }: Secret,
  { namespace }: WorkspaceFacts,
  { secret, key }: Pick<Held, "secret" | "key">,
): boolean {
  const entry = `${namespace}/${secret} `;
  return holders.some((holder) =>
    key === undefined ? holder.startsWith(entry) : holder === `${entry}${key}`,
  );
}
