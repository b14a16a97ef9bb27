import { printable } from "../../base/index.ts";
import type { CheckResult } from "../check-tree.ts";
import { fileFrom } from "./place.ts";

/** GitHub's workflow commands, a line for each finding; files as seen from the repository's root. */
export function annotations(result: CheckResult, root: string): string {
  return result.findings
    .map((finding) => {
      const file = fileFrom(result.home, finding, root);
      // A file of the small home that the tree is laid into is in no repository of the owner's.
      const isThere = file !== undefined && !file.startsWith("../");
      const properties = [
        ...(isThere ? [`file=${property(file)}`] : []),
        ...(isThere && finding.line !== undefined ? [`line=${finding.line}`] : []),
        `title=${property(finding.id)}`,
      ];
      return `::${finding.severity} ${properties.join(",")}::${escaped(`${finding.message}\n${finding.remedy}`)}\n`;
    })
    .join("");
}

/** As GitHub's toolkit escapes what a command says. */
const escaped = (text: string) =>
  printable(text).replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const property = (text: string) => escaped(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
