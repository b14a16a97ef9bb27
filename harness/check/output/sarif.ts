import { rules } from "../all-rules.ts";
import type { CheckResult } from "../check-tree.ts";
import { fileFrom } from "./place.ts";

/** SARIF 2.1.0, as GitHub's code scanning takes it; files as seen from the repository's root. */
export function sarif(result: CheckResult, root: string) {
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "opencode-harness",
            rules: rules.map(({ id, title, pitfalls }) => ({
              id,
              shortDescription: { text: title },
              properties: { tags: pitfalls.map((number) => `pitfall-${number}`) },
            })),
          },
        },
        results: result.findings.map((finding) => ({
          ruleId: finding.id,
          level: finding.severity,
          message: { text: withoutLinks(`${finding.message}. To mend it: ${finding.remedy}.`) },
          locations: locationsOf(fileFrom(result.home, finding, root), finding.line),
        })),
      },
    ],
  };
}

/** None for a file that is in no repository of the owner's. */
function locationsOf(uri: string | undefined, startLine = 1) {
  return uri === undefined || uri.startsWith("../")
    ? []
    : [{ physicalLocation: { artifactLocation: { uri: addressOf(uri) }, region: { startLine } } }];
}

/** One name that is no address would have the whole file refused. */
const addressOf = (path: string): string => path.split("/").map(encodeURIComponent).join("/");

/** `[text](address)` in a message is a link, whoever wrote it. */
const withoutLinks = (text: string): string => text.replaceAll("](", "] (");
