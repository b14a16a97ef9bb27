import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** What YAML folds is one line: of a script whose first words are `set -eu`, and a comment, nothing is left. */
function foldedScripts({ home: { tree }, workspaces, of }: Inspected): Fault[] {
  const files = new Set([
    ...workspaces.map(({ object }) => object.file),
    ...of("ConfigMap").map(({ file }) => file),
  ]);
  return [...files].flatMap((file) => {
    if (file === undefined || !tree.files.has(file)) return [];
    const lines = tree.text(file).split("\n");
    return lines.flatMap((line, index) => {
      const first = lines[index + 1]?.trim() ?? "";
      if (!/(^\s*-|:)\s+>[-+]?\d?\s*$/.test(line) || !/^(set -|#!)/.test(first)) return [];
      if (isWholeInOneLine(blockFrom(lines.slice(index + 1)))) return [];
      return {
        message: `a script is folded (${line.trim()}): all its lines become one, and what follows the first # is a comment`,
        remedy: "write | in place of >",
        file,
        line: index + 1,
      };
    });
  });
}

/** The lines of a block: those as far in as its first, or farther. */
function blockFrom(lines: readonly string[]): string[] {
  const margin = /^\s*/.exec(lines[0] ?? "")?.[0] ?? "";
  const end = lines.findIndex((line) => line.trim() !== "" && !line.startsWith(margin));
  return lines.slice(0, end < 0 ? undefined : end).map((line) => line.trim());
}

/** Whether a script is the same with its lines put together: each ends with what parts commands, and none is a comment. */
function isWholeInOneLine(block: readonly string[]): boolean {
  const lines = block.filter((line) => line !== "");
  const goesOn = /(;|&&|\|\|?|\\|\b(then|do|else))$/;
  return lines.every(
    (line, index) => !line.startsWith("#") && (index === lines.length - 1 || goesOn.test(line)),
  );
}

/** 0400 without its 0, which is 0620. */
const asOctal = new Set([400, 440, 444, 600, 640, 644, 700, 744, 750, 755]);

function decimalModes({ workspaces }: Inspected): Fault[] {
  return workspaces.flatMap(({ facts, workload, at }) =>
    (workload.pod.volumes ?? []).flatMap(({ name, secret, configMap }) => {
      const mode = (secret ?? configMap)?.defaultMode;
      if (mode === undefined || !asOctal.has(mode)) return [];
      return {
        message: `${facts.name} mounts ${secret?.secretName ?? configMap?.name} with defaultMode ${mode}, which as octal is 0${mode.toString(8)}`,
        remedy: `write 0${mode}, or ${Number.parseInt(String(mode), 8)}`,
        ...at(key("persistence"), key(name), key("defaultMode")),
      };
    }),
  );
}

/** What YAML makes of scripts and modes otherwise than they look. */
export const asWrittenRules = [
  rule({ id: "script-folded", title: "scripts keep their lines", find: foldedScripts }),
  rule({ id: "mode-decimal", title: "modes are octal", pitfalls: [1], find: decimalModes }),
];
