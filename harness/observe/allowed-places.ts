import { mountedSecrets } from "./mount-places.ts";
import type { Place, Source } from "./place.ts";
import { processes } from "./process-places.ts";
import type { Secret } from "./secret-values.ts";
import { volumes } from "./volume-places.ts";

/** One line of the table in manifests/README.md, "Where secrets may be", as far as the search comes there. */
export interface Allowance {
  /** How the line begins; its reason stands there too. */
  line: string;
  /** Which source reads that place, and must see the secret there. */
  source: Source;
  permits(secret: Secret, place: Place): boolean;
}

/**
 * Where a secret may be seen, as narrow as the table. The data of Secret objects and the memory of processes are not read
 * at all; mounted Secrets are read as each container sees them. A value that was rotated away may be nowhere.
 */
export const allowances: readonly Allowance[] = [
  {
    line: "| GitHub PAT | `/secrets/github/pat` in `git-clone`",
    source: mountedSecrets,
    permits: (secret, { mount }) =>
      mount?.container === "git-clone" && mount.file === "/secrets/github/pat" && isKey(secret, "GITHUB_PAT"),
  },
  {
    line: "| auth.json | `/secrets/copilot/auth.json` in `seed-auth`",
    source: mountedSecrets,
    permits: (secret, { mount }) =>
      mount?.container === "seed-auth" &&
      mount.file === "/secrets/copilot/auth.json" &&
      isKey(secret, "COPILOT_AUTH_JSON"),
  },
  {
    line: "| server password | environment of the `app` container's processes",
    source: processes,
    permits: (secret, { variable }) =>
      variable?.name === "OPENCODE_SERVER_PASSWORD" &&
      variable.container === "app" &&
      isEntryOf(secret, variable.entries),
  },
  {
    line: "| auth.json | `/secrets/copilot/auth.json` in `seed-auth`; `opencode-data/auth.json` on the volume, mode 600",
    source: volumes,
    permits: (secret, { file }) =>
      file?.path === "opencode-data/auth.json" &&
      file.isOnClaim &&
      file.mode === 0o600 &&
      file.owner === 1000 &&
      isEntryOf(secret, file.entries),
  },
  {
    line: "| auth.json, password of the backup | VolSync's encrypted restic repository; Secret `opencode-<workspace>-volsync-secret`; while a backup or a restore runs, the environment of its mover (`restic`)",
    source: processes,
    permits: (secret, { variable }) =>
      variable?.container === "restic" &&
      /^(RESTIC|AWS)_/.test(variable.name) &&
      isEntryOf(secret, variable.entries),
  },
  {
    line: "| auth.json, password of the backup | VolSync's encrypted restic repository; Secret `opencode-<workspace>-volsync-secret`; while a backup or a restore runs, the environment of its mover (`restic`) and its copy of the volume, for owner and group",
    source: volumes,
    permits: (secret, { file }) =>
      file?.path === "opencode-data/auth.json" &&
      file.isOnClaim &&
      file.isMovers &&
      file.mode === (file.mode & 0o660) &&
      file.owner === 1000 &&
      isKey(secret, "COPILOT_AUTH_JSON"),
  },
];

export function isAllowed(secret: Secret, place: Place): boolean {
  return !secret.isFormer && allowances.some((allowance) => allowance.permits(secret, place));
}

/** Whether the table has a place for a secret among those of the source: a search that sees none there proves nothing. */
export function hasAllowedPlace(source: Source): boolean {
  return allowances.some((allowance) => allowance.source === source);
}

function isKey({ holders }: Secret, key: string): boolean {
  return holders.some((holder) => holder.endsWith(` ${key}`));
}

function isEntryOf({ holders }: Secret, entries: readonly string[]): boolean {
  return holders.some((holder) => entries.includes(holder));
}

/** Entries of Secret objects that are no secret. */
export const publicKeys: readonly { object?: string; key: string; why: string }[] = [
  { key: "tls.crt", why: "certificates are shown to everybody who connects" },
  { key: "ca.crt", why: "certificates are shown to everybody who connects" },
];
