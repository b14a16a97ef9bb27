const most = 4;

/** The first of names that a home may have dozens of, each once. */
export function someNames(names: Iterable<string>): string {
  const all = [...new Set(names)];
  const others = all.length - most;
  return `${all.slice(0, most).join(", ")}${others > 0 ? ` and ${others} more` : ""}`;
}
