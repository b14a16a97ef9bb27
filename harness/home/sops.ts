import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { armor, Encrypter } from "age-encryption";
import { type Document, isMap, isScalar, parseAllDocuments, visit } from "yaml";

/**
 * SOPS' YAML format (getsops/sops, README "Encrypted file format"): each value of AES-256-GCM with the way to it as
 * additional data, the data key encrypted for an age recipient, and a MAC over all values. Only encryption, and only what
 * a Kubernetes Secret has: `data` and `stringData` of text. It is Flux's real decryption that reads it.
 */
const encryptedFields = ["data", "stringData"] as const;

/** Whether the file is one that SOPS has encrypted: its keys are readable, its values are not. */
export function isSopsFile(text: string): boolean {
  return /^sops:/m.test(text) && /ENC\[AES256_GCM/.test(text);
}

/** Names a value of the file: the Secret, and the key in it. */
export interface SopsKey {
  secret: string;
  key: string;
}

/** The file as its owner sees it, with these values; `sops` is gone. Values of `data` go in as base64. */
export function withValues(text: string, valueFor: (key: SopsKey) => string): string {
  const documents = objectsIn(text);
  for (const document of documents) putValues(document, valueFor);
  return documents.map(String).join("---\n");
}

function putValues(document: Document, valueFor: (key: SopsKey) => string): void {
  document.delete("sops");
  const secret = String(document.getIn(["metadata", "name"]) ?? "");
  for (const field of encryptedFields) {
    const map = document.get(field);
    if (!isMap(map)) continue;
    for (const { key } of map.items) {
      const value = valueFor({ secret, key: String(key) });
      map.set(key, field === "data" ? Buffer.from(value).toString("base64") : value);
    }
  }
}

/** SOPS has each document of a file for itself; one that is empty, as after a last `---`, says nothing. */
function objectsIn(text: string): Document[] {
  const documents = parseAllDocuments(text);
  if (!Array.isArray(documents)) return [];
  for (const document of documents) document.directives.docStart = null;
  return documents.filter(({ contents }) => isMap(contents));
}

/** Encrypts the plain file for the recipient (`age1…`), as `sops encrypt` does. Flux opens each object by itself. */
export async function encrypt(plain: string, recipient: string, now = new Date()): Promise<string> {
  const sealed = objectsIn(plain).map((document) => sealedDocument(document, recipient, now));
  return (await Promise.all(sealed)).join("---\n");
}

async function sealedDocument(document: Document, recipient: string, now: Date): Promise<string> {
  const dataKey = randomBytes(32);
  const mac = createHash("sha512");
  visitText(document, (value, path) => {
    mac.update(value);
    return isEncrypted(path) ? sealed(value, dataKey, `${path.join(":")}:`) : value;
  });
  const lastModified = now.toISOString().replace(/\.\d+Z$/, "Z");
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  document.set("sops", {
    age: [{ recipient, enc: armor.encode(await encrypter.encrypt(dataKey)) }],
    encrypted_regex: `^(${encryptedFields.join("|")})$`,
    lastmodified: lastModified,
    mac: sealed(mac.digest("hex").toUpperCase(), dataKey, lastModified),
    version: "3.11.0",
  });
  return String(document);
}

function isEncrypted(path: readonly string[]): boolean {
  return path.some((key) => (encryptedFields as readonly string[]).includes(key));
}

/** Calls back for each text of the document, with the keys that lead to it, and puts the answer in its place. */
function visitText(document: Document, replace: (value: string, path: string[]) => string): void {
  visit(document, {
    Scalar(key, node, ancestors) {
      if (key === "key" || node.value === null) return;
      const path = ancestors.flatMap((parent) =>
        "key" in parent && isScalar(parent.key) ? [String(parent.key.value)] : [],
      );
      node.value = replace(String(node.value), path);
    },
  });
}

function sealed(value: string, key: Buffer, additional: string): string {
  const iv = randomBytes(32);
  const cipher = createCipheriv("aes-256-gcm", key, iv);
  cipher.setAAD(Buffer.from(additional));
  const data = Buffer.concat([cipher.update(value, "utf8"), cipher.final()]);
  const [shown, shownIv, tag] = [data, iv, cipher.getAuthTag()].map((bytes) => bytes.toString("base64"));
  return `ENC[AES256_GCM,data:${shown},iv:${shownIv},tag:${tag},type:str]`;
}
