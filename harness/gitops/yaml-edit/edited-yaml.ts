import { isDeepStrictEqual } from "node:util";
import { parseAllDocuments } from "yaml";
import { manifestYaml } from "../go-yaml.ts";
import { nextSplice } from "./next-splice.ts";

/** More changes than a person makes in one edit: one that does not come to its end is a fault of ours. */
const maxSplices = 1000;

/**
 * A file of YAML in which one document is to be another: only what differs is written anew, so that comments, quotes and
 * forms of numbers (`0755`) elsewhere stay.
 *
 * @param index of the document in its file
 * @param wanted a map, as JSON has it
 */
export function editedYaml(text: string, index: number, wanted: Record<string, unknown>): string {
  let edited = text;
  for (let count = 0; count < maxSplices; count += 1) {
    const document = parseAllDocuments(edited, { ...manifestYaml, keepSourceTokens: true })[index];
    const node = document?.contents;
    if (!document || !node) break;
    const change = nextSplice({ text: edited, document }, node, wanted, { column: 0, start: node.range[0] });
    if (!change) {
      if (!isDeepStrictEqual(document.toJS(), wanted)) break;
      return edited;
    }
    edited = edited.slice(0, change.start) + change.text + edited.slice(change.end);
  }
  throw new Error(`an edit cannot be written into its document:\n${edited}`);
}
