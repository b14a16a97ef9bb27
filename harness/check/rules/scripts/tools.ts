import { posix } from "node:path";
import { officialImage } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { mountsOf } from "../../reading/mounted-files.ts";
import { key, type Needle } from "../../reading/place.ts";
import { cloneLine, placeInScript, scriptOf, shebangOf } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

/** Scripts of ConfigMaps that are run by their own name need the mode for it. */
function notExecutable(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) =>
    mountsOf(inspected, workspace).flatMap(
      ({ container, path, subPath, of, mode: others, modes, volume }) => {
        const [program = ""] = container.command ?? [];
        const isIt = subPath ? program === path : program.startsWith(`${path.replace(/\/$/, "")}/`);
        const mode = modes[subPath || posix.relative(path, program)] ?? others;
        if (!isIt || (mode & 0o111) !== 0) return [];
        return {
          message: `container ${container.name} of ${workspace.facts.name} runs ${program} of ${of}, which is mounted with mode 0${mode.toString(8)}: it may not be executed`,
          remedy: `let defaultMode be 0755, or run it as [/bin/sh, ${program}]`,
          ...workspace.at(key("persistence"), key(volume), key("defaultMode")),
        };
      },
    ),
  );
}

/** A file that the kernel is to run says by whom. */
function withoutInterpreter(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) =>
    workspace.containers.flatMap(({ container }) => {
      const [program = ""] = container.command ?? [];
      const text = scriptOf(inspected, workspace, container);
      if (text === undefined || text.startsWith("#!")) return [];
      return {
        message: `container ${container.name} of ${workspace.facts.name} runs ${program}, whose first line does not say by which program: nobody can execute it`,
        remedy: `begin it with #!/bin/sh, or run it as [/bin/sh, ${program}]`,
        ...workspace.at(key(container.name), program),
      };
    }),
  );
}

function missingTools(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) =>
    workspace.containers.flatMap(({ container, program: { text } }) => {
      const { name, image = "", command: [program = ""] = [] } = container;
      if (!officialImage.test(image) || /\bapk\b[^\n]*\sadd\b/.test(text)) return [];
      const isBash =
        /(^|\/)bash$/.test(program) || /\bbash\b/.test(shebangOf(inspected, workspace, container));
      const isGit =
        !/\bcommand\s+-v\s+git\b/.test(text) &&
        /(^|[\s;&|(])git\s+(-\w+\s+\S+\s+)*(clone|pull|fetch)\b/m.test(text);
      const place = (needle: Needle) => placeInScript(inspected, workspace, name, needle);
      const who = `container ${name} of ${workspace.facts.name}`;
      const bash = {
        message: `${who} needs bash, which ${image} does not have`,
        remedy: "write the script for /bin/sh",
        ...place(/\bbash\b/),
      };
      const git = {
        message: `${who} needs git, which ${image} does not have`,
        remedy: "clone in a container of docker.io/alpine/git",
        ...place(cloneLine),
      };
      return [...(isBash ? [bash] : []), ...(isGit ? [git] : [])];
    }),
  );
}

/** Whether what is called can be run. */
export const toolRules = [
  rule({
    id: "not-executable",
    title: "scripts that are run may be",
    isBlocker: true,
    find: (inspected) => [...notExecutable(inspected), ...withoutInterpreter(inspected)],
  }),
  rule({ id: "tool-missing", title: "images have what scripts call", isBlocker: true, find: missingTools }),
];
