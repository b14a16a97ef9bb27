import { randomBytes } from "node:crypto";
import type { ObjectStoreOptions } from "../internet/index.ts";
import type { Credentials } from "./credentials.ts";

/** In Doppler: MinIO's root user, and the account of those who take this project's own volsync template. */
const [rootKeys, ...more] = [
  { access: "MINIO_ROOT_USER", secret: "MINIO_ROOT_PASSWORD" },
  { access: "VOLSYNC_MINIO_ACCESS_KEY", secret: "VOLSYNC_MINIO_SECRET_KEY" },
] as const;

/** The object store's accounts, as Doppler has them; a home without any has a root user whom nobody knows. */
export function objectStoreAccounts({
  dopplerSecrets,
}: Pick<Credentials, "dopplerSecrets">): Pick<ObjectStoreOptions, "root" | "accounts"> {
  const account = (keys: { access: string; secret: string }) => ({
    access: dopplerSecrets[keys.access] ?? "",
    secret: dopplerSecrets[keys.secret] ?? "",
  });
  const root = account(rootKeys);
  const nobody = { access: "nobody", secret: randomBytes(24).toString("hex") };
  const isThere = ({ access }: { access: string }) => access !== "";
  return { root: isThere(root) ? root : nobody, accounts: more.map(account).filter(isThere) };
}
