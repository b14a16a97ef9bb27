import type { CheckResult } from "../check-tree.ts";
import type { Finding } from "../finding.ts";
import { fileFrom } from "./place.ts";

/** A paragraph for each finding, without colours: place, what is wrong, what to do. */
export function paragraphs(
  { home }: Pick<CheckResult, "home">,
  findings: readonly Finding[],
  directory: string,
): string[] {
  return findings.map((finding) => {
    const file = fileFrom(home, finding, directory);
    const place =
      file === undefined ? [] : [`${file}${finding.line === undefined ? "" : `:${finding.line}`}`];
    return [...place, finding.message, finding.remedy].join("\n");
  });
}
