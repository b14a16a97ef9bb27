import { randomBytes } from "node:crypto";
import type { AccountKeys } from "../home/index.ts";
import type { ObjectStoreOptions } from "../internet/index.ts";
import type { Credentials } from "./credentials.ts";

/** In Doppler: MinIO's root user, and the account of those who take this project's own volsync template. */
const root: AccountKeys = { access: "MINIO_ROOT_USER", secret: "MINIO_ROOT_PASSWORD" };
const ours: AccountKeys = { access: "VOLSYNC_MINIO_ACCESS_KEY", secret: "VOLSYNC_MINIO_SECRET_KEY" };

/**
 * The object store's accounts, as Doppler has them; a home without any has a root user whom nobody knows. `others` are
 * those beside: one that has the name of an account which is there is no other.
 */
export function objectStoreAccounts(
  { dopplerSecrets }: Pick<Credentials, "dopplerSecrets">,
  others: readonly AccountKeys[],
): Pick<ObjectStoreOptions, "root" | "accounts"> {
  const account = (keys: AccountKeys) => ({
    access: dopplerSecrets[keys.access] ?? "",
    secret: dopplerSecrets[keys.secret] ?? "",
  });
  const isThere = ({ access, secret }: { access: string; secret: string }) => access !== "" && secret !== "";
  const all = new Map<string, AccountKeys>();
  for (const keys of [root, ours, ...others]) if (!all.has(keys.access)) all.set(keys.access, keys);
  const [first = { access: "", secret: "" }, ...more] = [...all.values()].map(account);
  const nobody = { access: "nobody", secret: randomBytes(24).toString("hex") };
  return { root: isThere(first) ? first : nobody, accounts: more.filter(isThere) };
}
