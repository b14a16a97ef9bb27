/**
 * Whether a value of Doppler's stands in one of these entries of Secrets, as it is or with something around it; or decoded,
 * or field by field, as `extract` takes a JSON document apart.
 */
export function isHeld(value: string, entries: readonly string[]): boolean {
  const decoded = Buffer.from(value, "base64").toString();
  if (entries.some((entry) => entry.includes(value) || entry === decoded)) return true;
  const fields = fieldsOf(value);
  return fields.length > 0 && fields.every((field) => entries.includes(field));
}

/** The names of the entries that hold the value, or a field of it: whatever a template or `rewrite` calls them. */
export function namesOf(value: string, secret: Record<string, string>): string[] {
  const fields = fieldsOf(value);
  return Object.entries(secret)
    .filter(([, entry]) => isHeld(value, [entry]) || fields.includes(entry))
    .map(([name]) => name);
}

/** As External Secrets makes them: a text as it is, all else as JSON. None of what is no JSON object. */
function fieldsOf(value: string): string[] {
  try {
    const parsed: unknown = JSON.parse(value);
    if (typeof parsed !== "object" || parsed === null) return [];
    return Object.values(parsed).map((field) => (typeof field === "string" ? field : JSON.stringify(field)));
  } catch {
    return [];
  }
}
