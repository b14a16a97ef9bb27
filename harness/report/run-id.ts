import { randomBytes } from "node:crypto";

/** "20261121-1203-persistence-ab12": sorts by time (UTC), says what ran, differs from every other. */
export function createRunId(what: string, now = new Date()): string {
  const [date = "", time = ""] = now.toISOString().split("T");
  const minute = time.slice(0, 5).replace(":", "");
  return `${date.replaceAll("-", "")}-${minute}-${what}-${randomBytes(2).toString("hex")}`;
}
