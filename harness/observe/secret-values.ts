import { createPrivateKey, type JsonWebKey } from "node:crypto";
import type { V1Secret } from "@kubernetes/client-node";
import ssh2 from "ssh2";
import { publicKeys } from "./public-keys.ts";

/** A random value that only those may see who need it. */
export interface Secret {
  /** As a message names it: `GITHUB_PAT of Secret opencode/opencode-flux-secret`. */
  name: string;
  /** The entries of Secret objects that hold it: `namespace/name key`. */
  holders: string[];
  bytes: Buffer;
  /** It was the value of these entries and is not any more. */
  isFormer: boolean;
}

/** Shorter values cannot be told from ordinary text. */
const leastLength = 12;

/**
 * The random values in the cluster's Secret objects. What stands around them is not secret: the structure of a JSON
 * document, the public half of a key, a path behind a value. Helm's stored releases hold none; they are searched.
 */
export function secretsIn(objects: readonly V1Secret[], publicValues: readonly string[] = []): Secret[] {
  const found = new Map<string, Secret>();
  for (const { metadata, type, data } of objects) {
    if (type === "helm.sh/release.v1") continue;
    const object = `${metadata?.namespace}/${metadata?.name}`;
    for (const [key, encoded] of Object.entries(data ?? {})) {
      if (publicKeys.some((known) => known.key === key && (known.object ?? object) === object)) continue;
      for (const { part, bytes } of valuesIn(Buffer.from(encoded, "base64"))) {
        if (bytes.length < leastLength || isPublic(bytes.toString(), publicValues)) continue;
        const id = bytes.toString("hex");
        const known = found.get(id);
        if (known) known.holders.push(`${object} ${key}`);
        else {
          const name = `${part ? `${part} in ` : ""}${key} of Secret ${object}`;
          found.set(id, { name, holders: [`${object} ${key}`], bytes, isFormer: false });
        }
      }
    }
  }
  return [...found.values()];
}

/** A value that has taken an entry's place elsewhere than in the Secret: a login that OpenCode has renewed in auth.json. */
export interface Successor {
  /** The entry: `namespace/name key`. */
  holder: string;
  content: string;
}

/** The random values in these, which may be where those of their entries may be. */
export function secretsOf(successors: readonly Successor[]): Secret[] {
  return successors.flatMap(({ holder, content }) =>
    valuesIn(Buffer.from(content))
      .filter(({ bytes }) => bytes.length >= leastLength)
      .map(({ part, bytes }) => ({
        name: `${part ? `${part} in ` : ""}what came in place of ${holder}`,
        holders: [holder],
        bytes,
        isFormer: false,
      })),
  );
}

/** What everybody may see, alone or with names around it: the address of a repository with the application's name behind. */
function isPublic(text: string, publicValues: readonly string[]): boolean {
  const known = publicValues.filter((value) => value !== "" && text.includes(value));
  const rest = known.reduce((left, value) => left.replaceAll(value, " "), text);
  return known.length > 0 && !rest.split(/[/:@\s]+/).some(looksRandom);
}

interface Value {
  /** Which part of the entry it is, where it is not the whole. */
  part?: string;
  bytes: Buffer;
}

function valuesIn(content: Buffer): Value[] {
  const text = content.toString("utf8");
  if (!Buffer.from(text).equals(content)) return [{ bytes: content }];
  const json = jsonIn(text);
  if (json !== undefined) return stringsIn(json, []);
  if (text.includes("PRIVATE KEY-----")) return numbersOf(text);
  const pieces = text.split(/[/:@?&\s]+/).filter((piece) => piece.length >= 20 && looksRandom(piece));
  return (pieces.length > 0 ? pieces : [text.trim()]).map((piece) => ({ bytes: Buffer.from(piece) }));
}

function jsonIn(text: string): object | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function stringsIn(value: unknown, path: string[]): Value[] {
  if (typeof value === "string") {
    return looksRandom(value) ? [{ part: path.join("."), bytes: Buffer.from(value) }] : [];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => stringsIn(inner, [...path, key]));
}

/** Names, words and addresses are no secrets. */
function looksRandom(text: string): boolean {
  return text.length >= leastLength && /\d/.test(text) && /[A-Za-z]/.test(text) && !/\s|:\/\//.test(text);
}

/** The numbers that make a key private; its structure and its public half stand in every certificate. */
const privateNumbers = ["d", "p", "q", "dp", "dq", "qi"] as const satisfies (keyof JsonWebKey)[];

function numbersOf(pem: string): Value[] {
  const key = keyIn(pem);
  if (!key) return linesOfKeysIn(pem);
  return privateNumbers.flatMap((part) => {
    const bytes = Buffer.from(key[part] ?? "", "base64url");
    return [{ part, bytes }, ...pemLinesOf(pem, bytes).map((line) => ({ part, bytes: line }))];
  });
}

/** Undefined for a key that cannot be opened: one with a passphrase. */
function keyIn(pem: string): JsonWebKey | undefined {
  try {
    return createPrivateKey(inPkcs(pem)).export({ format: "jwk" });
  } catch {
    return undefined;
  }
}

/** OpenSSH has a format of its own, in which keys of a kind have much in common. */
function inPkcs(pem: string): string {
  if (!pem.includes("BEGIN OPENSSH PRIVATE KEY")) return pem;
  const key = ssh2.utils.parseKey(pem);
  return key instanceof Error ? pem : key.getPrivatePEM();
}

/**
 * The base64 of the private keys in a PEM text, line by line. A first line of several names format and cipher, and is the
 * same in many keys; certificates beside the key are no secret.
 */
function linesOfKeysIn(pem: string): Value[] {
  const keys = [...pem.matchAll(/-----BEGIN ([A-Z ]*PRIVATE KEY)-----([\s\S]*?)-----END \1-----/g)];
  if (keys.length === 0) return [{ bytes: Buffer.from(pem.trim()) }];
  return keys.flatMap(([, , body = ""]) => {
    const lines = body.split(/\s*\n\s*/).filter((line) => /^[A-Za-z0-9+/=]+$/.test(line));
    return lines
      .slice(lines.length > 1 ? 1 : 0)
      .map((line) => ({ part: "a line", bytes: Buffer.from(line) }));
  });
}

/** The lines of the PEM text that hold nothing but the number: their base64 is what a Secret object shows of the key. */
function pemLinesOf(pem: string, number: Buffer): Buffer[] {
  const lines = pem.split("\n").filter((line) => line !== "" && !line.includes("-----"));
  const start = Buffer.from(lines.join(""), "base64").indexOf(number);
  if (start < 0) return [];
  const [first, last] = [Math.ceil((start * 8) / 6), Math.floor(((start + number.length) * 8) / 6)];
  let at = 0;
  return lines.flatMap((line) => {
    const [from, to] = [Math.max(first - at, 0), Math.min(last - at, line.length)];
    at += line.length;
    return to - from >= leastLength ? [Buffer.from(line.slice(from, to))] : [];
  });
}
