/** How a secret may be written down. */
export type FormName = "as it is" | "base64" | "base64 for URLs" | "URL-encoded" | "JSON-escaped";

interface SecretForm {
  name: FormName;
  text: Buffer;
}

/**
 * Every way in which the secret may stand in a text. In base64 there are three, for the bytes before it decide how it
 * is aligned; only the characters that the secret alone decides are given, so that they are found inside of
 * `base64("user:secret")` too.
 */
export function secretForms(secret: Buffer): SecretForm[] {
  const forms: SecretForm[] = [{ name: "as it is", text: secret }];
  const add = (name: FormName, text: string) => {
    const bytes = Buffer.from(text);
    if (!forms.some((form) => form.text.equals(bytes))) forms.push({ name, text: bytes });
  };
  for (const alignment of [0, 1, 2]) {
    const text = alignedBase64(secret, alignment);
    add("base64", text);
    add("base64 for URLs", text.replaceAll("+", "-").replaceAll("/", "_"));
  }
  const plain = secret.toString("utf8");
  if (!Buffer.from(plain).equals(secret)) return forms; // no text: nobody URL-encodes or JSON-escapes it
  const encoded = encodeURIComponent(plain);
  add("URL-encoded", encoded);
  add(
    "URL-encoded",
    encoded.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
  );
  const json = JSON.stringify(plain).slice(1, -1);
  add("JSON-escaped", json);
  add("JSON-escaped", json.replaceAll(/[<>&]/g, asGoEscapes));
  return forms;
}

function alignedBase64(secret: Buffer, bytesBefore: number): string {
  const text = Buffer.concat([Buffer.alloc(bytesBefore), secret]).toString("base64");
  const bits = (bytesBefore + secret.length) * 8;
  return text.slice(Math.ceil((bytesBefore * 8) / 6), Math.floor(bits / 6));
}

/** Go's encoding/json, and with it every controller, escapes these three as well. */
function asGoEscapes(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
