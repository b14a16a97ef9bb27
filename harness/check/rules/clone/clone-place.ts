import { escapeRegExp } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { clonings, placesOfClone, withoutQuoted } from "../../reading/clone-commands.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { named, scriptsIn, withoutFunctions } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";
import { clearingFunctions } from "./cleared.ts";

const promised = /without\s+(?:a\s+)?[`"']?\.git\b[^.]*\b(?:moved|renamed|set aside|put aside)\b/i;

/** The document whose words say that what is no clone is moved away. */
const promiseIn = ({ home: { tree, beside } }: Inspected): string | undefined =>
  [...beside.files, ...tree.files].find(
    ([file, { content }]) => file.endsWith(".md") && promised.test(content.toString()),
  )?.[0];

/** `mv` of a directory onto one that is there puts it inside: what stands in the clone's place is asked for first. */
function intoWhatIsThere(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const { made, end } = placesOfClone(script.text) ?? {};
    if (!script.isClone || end === undefined || made === end) return [];
    const text = withoutQuoted(script.text)
      .replaceAll(/["{}]/g, "")
      .replaceAll(/^\s*#.*$/gm, "");
    const place = `${escapeRegExp(end)}/?(?:\\*|\\.\\[!\\.\\]\\*)?(?=[\\s;&|)\\]]|$)`;
    const isAsked = new RegExp(`(?:\\s-[defs]|\\bls\\s+-\\w+|\\bfind)\\s+${place}`, "m").test(text);
    const isCleared = new RegExp(`\\b(?:mv|rm|rmdir)\\s+(?:-\\S+\\s+)*${place}`, "m").test(text);
    // A function is given its place: under which name that was asked for before stands where it is called.
    const isInFunction = clonings(withoutFunctions(script.text)).length === 0;
    const isAskedByCaller = isInFunction && /\s-[defs]\s+\$\w+(?=[\s\]])|\bmv\s+(\S+)\s+\1\S/.test(text);
    const isGiven = clearingFunctions(script.text).some((name) =>
      new RegExp(`^\\s*${escapeRegExp(name)}\\s+${place}`, "m").test(text),
    );
    if (isAsked || isCleared || isAskedByCaller || isGiven) return [];
    const promise = promiseIn(inspected);
    const [tail = ""] = /[./][\w-]*$/.exec(made ?? "") ?? [];
    return {
      message: `${named(script)} moves its clone to ${end}, whatever stands there: into a directory without .git mv puts it inside, OpenCode starts without its repository${promise === undefined ? "" : ` (${promise} says that such a directory is moved away)`}`,
      remedy: `move it aside first: if [ -e "${end}" ]; then mv "${end}" "${end}.without-git.$(date +%s)"; fi`,
      ...(promise === undefined ? { severity: "warning" as const } : {}),
      ...script.at(new RegExp(`^\\s*mv\\s.*${escapeRegExp(tail)}`)),
    };
  });
}

/** What stands in the place of a clone before that is made. */
export const clonePlaceRules = [
  rule({
    id: "clone-inside",
    title: "a clone takes its place, and goes into nothing that is there",
    pitfalls: [2],
    find: intoWhatIsThere,
  }),
];
