import { posix } from "node:path";
import { escapeRegExp } from "../../../base/index.ts";
import { officialImage } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { eachWorkspace, type InspectedWorkspace, variablesOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

const variable = "BUN_PTY_LIB";

/** OpenCode 1.18 has a library for glibc inside, and its image is Alpine (manifests/README.md, Terminals). */
const ofGlibc = /:v?1\.(\d|1[0-8])\./;

function terminals(workspace: InspectedWorkspace): Fault[] {
  const { facts, app, at } = workspace;
  const library = variablesOf(workspace)[variable];
  const { image = "" } = app;
  if (library === undefined) {
    const misspelt = app.env?.find(
      ({ name, value }) => /^BUN_?PTY/i.test(name) || /librust_pty/.test(value ?? ""),
    );
    if (misspelt) {
      return [
        {
          message: `${facts.name} gives the library for terminals as ${misspelt.name}, which nobody reads: no terminal opens`,
          remedy: `write ${variable}`,
          ...at(key(facts.container), key(misspelt.name)),
        },
      ];
    }
    const isSetOtherwise = app.env?.some(({ name }) => name === variable) || app.envFrom?.length;
    if (isSetOtherwise || !officialImage.test(image) || !ofGlibc.test(image)) return [];
    return [
      {
        message: `${facts.name} has no ${variable}: the library for terminals in ${image} is for glibc, its system is Alpine, and no terminal opens`,
        remedy: `bring librust_pty_musl.so of npm's bun-pty, and name it in ${variable}`,
        severity: "warning",
        ...at(key(facts.container), key("env")),
      },
    ];
  }
  const why = whyNotThere(workspace, library);
  if (why === undefined) return [];
  return [
    {
      message: `${variable} of ${facts.name} names ${library}, ${why}: no terminal opens`,
      remedy: "let it be the path at which OpenCode's container sees what an init container has fetched",
      ...at(key(facts.container), key(variable)),
    },
  ];
}

/** Of a file on a claim: whether an init container speaks of its directory and its name. Of others the image knows. */
function whyNotThere({ facts, containers }: InspectedWorkspace, library: string): string | undefined {
  const isBelow = (path: string) => library.startsWith(`${path.replace(/\/$/, "")}/`);
  const own = facts.claims.flatMap(({ mounts }) =>
    mounts.filter(({ container }) => container === facts.container),
  );
  const mount = own
    .filter(({ path }) => isBelow(path))
    .toSorted((one, other) => other.path.length - one.path.length)[0];
  const helpers = containers.filter(({ isInit }) => isInit).map(({ program }) => program.text);
  const bringing = helpers.filter((text) => text.includes(posix.basename(library)));
  if (!mount) {
    const isBrought = helpers.some((text) => /librust_pty\w*\.so/.test(text));
    return isBrought ? "where nothing is mounted" : undefined;
  }
  if (bringing.length === 0) return "which no init container brings";
  const directory = posix.join(mount.subPath, posix.dirname(posix.relative(mount.path, library)));
  const last = posix.basename(directory);
  const isSpokenOf = bringing.some((text) =>
    new RegExp(`(^|[\\s/"'])${escapeRegExp(last)}(?![\\w.-])`, "m").test(text),
  );
  return isSpokenOf || directory === "."
    ? undefined
    : `and what brings it says nothing of ${directory} on the volume`;
}

/** What OpenCode needs for its terminals. */
export const terminalRules = [
  rule({ id: "no-terminals", title: "the library for terminals is there", find: eachWorkspace(terminals) }),
];
