import { FormFinder, headLength } from "./form-finder.ts";
import { secretForms } from "./secret-forms.ts";

/** Every form of every secret, with the secret's name. */
const known = new FormFinder();

/** Forms in which a secret may turn up in text that we store: also in the base64 of a longer text, as in a Basic login. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const [base64, hex] = [bytes.toString("base64"), bytes.toString("hex")];
  const whole = [base64, hex, hex.toUpperCase(), ...secretForms(bytes).map(({ text }) => text.toString())];
  // A Secret of Kubernetes shows in base64 what may be base64 already.
  const again = secretForms(Buffer.from(base64)).map(({ text }) => text.toString());
  return [...whole, ...again, ...linesOf(base64, 76), ...linesOf(base64, 64)];
}

/** As base64 and openssl write it down, in lines; what is short could be anybody's. */
function linesOf(base64: string, length: number): string[] {
  if (base64.length <= length) return [];
  const lines = Array.from({ length: Math.ceil(base64.length / length) }, (_, index) =>
    base64.slice(index * length, (index + 1) * length),
  );
  return lines.filter((line) => line.length >= 16);
}

/** From now on `redact` replaces this value, in its raw, base64, hexadecimal, URL-encoded and JSON-escaped forms. */
export function addSecret(name: string, value: string): void {
  if (value.length < headLength)
    throw new RangeError(`secret ${name} is too short to be told from ordinary text`);
  // The name may be anybody's too: in JSON, in a page and as a replacement it stands for itself.
  const shown = name.replaceAll(/[^\w .,'-]/g, "_");
  for (const form of formsOf(value)) known.add(form, shown);
}

/**
 * The same for a private key in PEM: as a whole, and each of its lines, for a key is often written down with another
 * indentation or without its line ends.
 */
export function addPrivateKey(name: string, keyPem: string): void {
  const lines = keyPem.split("\n").filter((line) => line !== "" && !line.startsWith("-----"));
  const wholes = [keyPem, keyPem.trimEnd(), lines.join("")];
  for (const text of [...wholes, ...lines.filter((line) => line.length >= 16)]) addSecret(name, text);
}

/** Base64 as it is written down in lines: what a secret stands in may begin anywhere, and so its lines end anywhere in it. */
const blocks = /(?<![\w+/-])[\w+/-]{60,}(?:\r?\n[ \t]*[\w+/-]{60,})*\r?\n[ \t]*[\w+/-]+={0,2}/g;

/** Replaces every known secret by its name. All that the harness prints or stores passes through here. */
export function redact(text: string): string {
  const clean = replaced(text);
  if (!clean.includes("\n")) return clean;
  return clean.replaceAll(blocks, (block) => {
    const joined = block.replaceAll(/\s+/g, "");
    const cleanBlock = replaced(joined);
    return cleanBlock === joined ? block : cleanBlock;
  });
}

function replaced(text: string): string {
  let clean = "";
  let end = 0;
  for (const found of known.find(text)) {
    clean += `${text.slice(end, found.from)}[redacted ${found.name}]`;
    end = found.to;
  }
  return end === 0 ? text : clean + text.slice(end);
}
