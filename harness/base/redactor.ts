const secrets = new Map<string, string>();

/** Forms in which a secret may turn up in text that we store. */
function formsOf(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  return [...new Set([secret, Buffer.from(secret).toString("base64"), encodeURIComponent(secret), json])];
}

/** From now on `redact` replaces this value, in its raw, base64, URL-encoded and JSON-escaped forms. */
export function addSecret(name: string, value: string): void {
  if (value.length < 8) throw new RangeError(`secret ${name} is too short to be told from ordinary text`);
  for (const form of formsOf(value)) secrets.set(form, name);
}

/** Replaces every known secret by its name. All that the harness prints or stores passes through here. */
export function redact(text: string): string {
  const longestFirst = [...secrets].sort(([a], [b]) => b.length - a.length);
  return longestFirst.reduce((clean, [form, name]) => clean.replaceAll(form, `[redacted ${name}]`), text);
}
