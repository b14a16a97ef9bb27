import { objectStoreAddress } from "../base/index.ts";
import type { ExternalSecret } from "../rendering/index.ts";

/** A value that is one key of the store's, with what stands around it. */
const ofOneKey = /^([^{]*)\{\{-?\s*\.(\w+)\s*-?\}\}([^{]*)$/;

/** What is called so is no address, and no name of an account. */
const isOfSecret = /SECRET|PASSWORD/i;

/**
 * Values for the keys from which trees put together where restic's repository is, for a world that is read off the tree: what
 * comes of them leads to the object store that there is. An address that stands in Git is as it is.
 */
export function repositoryValues(writers: readonly ExternalSecret[]): Record<string, string> {
  return Object.fromEntries(writers.map(repositoryValue).filter((value) => value !== undefined));
}

/** Two keys of Doppler: the name of an account of the object store, and its secret. */
export interface AccountKeys {
  access: string;
  secret: string;
}

/** The accounts with which a tree's backups log in; a tree that takes the one key for the other has no account for it. */
export function accountKeysOf(writers: readonly ExternalSecret[]): AccountKeys[] {
  return writers.flatMap((writer) => {
    const access = wholeKey(writer, "AWS_ACCESS_KEY_ID");
    const secret = wholeKey(writer, "AWS_SECRET_ACCESS_KEY");
    if (access === undefined || secret === undefined || access === secret) return [];
    return looksSwapped(access, secret) ? [] : [{ access, secret }];
  });
}

/** Whether the names of an account's two keys look as if each stood in the other's place. */
export function looksSwapped(access: string, secret: string): boolean {
  return isOfSecret.test(access) && !isOfSecret.test(secret);
}

function repositoryValue(writer: ExternalSecret): [key: string, value: string] | undefined {
  const made = madeOf(writer, "RESTIC_REPOSITORY");
  if (!made || isOfSecret.test(made.key)) return undefined;
  const { before, key, after } = made;
  const { host, hostname } = new URL(objectStoreAddress);
  // Nothing stands behind it that says a bucket, or a port before one.
  const isLast = !/^[/:]/.test(after);
  const bucket = isLast ? "/volsync" : "";
  if (before === "s3:") return [key, `${objectStoreAddress}${bucket}`];
  if (before === "s3:http://") return [key, after.startsWith(":") ? hostname : `${host}${bucket}`];
  if (before !== "") return undefined;
  // What nothing is added to is one workspace's alone.
  return [key, `s3:${objectStoreAddress}/volsync${isLast ? `/${key.toLowerCase()}` : ""}`];
}

function wholeKey(writer: ExternalSecret, name: string): string | undefined {
  const made = madeOf(writer, name);
  return made && made.before === "" && made.after === "" ? made.key : undefined;
}

/** What a key of the Secret is made of, where that is one key of Doppler. */
function madeOf(
  { spec: { target, data } }: ExternalSecret,
  name: string,
): { before: string; key: string; after: string } | undefined {
  const brought = (secretKey: string) => data.find((one) => one.secretKey === secretKey)?.remoteRef.key;
  const written = target?.template?.data?.[name];
  if (written === undefined) {
    const key = brought(name);
    return key === undefined ? undefined : { before: "", key, after: "" };
  }
  const [, before = "", word, after = ""] = ofOneKey.exec(String(written).trim()) ?? [];
  return word === undefined ? undefined : { before, key: brought(word) ?? word, after };
}
