import { excerptOf, type Whereabouts } from "../../base/index.ts";
import type { CheckResult } from "../check-tree.ts";
import type { Finding } from "../finding.ts";
import { fileFrom } from "./place.ts";

const textOf = ({ tree, beside }: CheckResult["home"], file: string): string =>
  (tree.files.has(file) ? tree : beside).text(file);

/** The findings that have a place, as a failure shows its places: with the lines around it, and what is wrong there. */
export function toldPlaces(
  { home }: Pick<CheckResult, "home">,
  findings: readonly Finding[],
  directory: string,
): Whereabouts[] {
  return findings.flatMap((finding) => {
    const file = fileFrom(home, finding, directory);
    const { line, message, remedy } = finding;
    if (file === undefined || finding.file === undefined) return [];
    const why = `(the check: ${message}: ${remedy})`;
    if (line === undefined) return [{ told: `${file} ${why}` }];
    return [{ told: `${file}:${line} ${why}`, excerpt: excerptOf(textOf(home, finding.file), file, line) }];
  });
}
