import type { Fault } from "../../finding.ts";
import { type Inspected, titleOf } from "../../reading/inspected.ts";
import { key, type Place, placeIn } from "../../reading/place.ts";
import { parsedSettings, type Told, toldSettings } from "../../reading/told-settings.ts";
import { rule } from "../../rule.ts";
import { isRandom, secretName } from "./literal-secrets.ts";

interface Leaf {
  path: string[];
  text: string;
}

function leavesOf(value: unknown, path: string[] = []): Leaf[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => leavesOf(inner, [...path, name]));
}

const named = /^(authorization|token|api_?key|secret|password)$/i;
const carrying = /^(headers|environment)$/i;

/** OpenCode, Flux or a shell puts the value there. */
const isReference = (text: string): boolean => /\{(env|file):|\$\{|\$\w/.test(text);

/** What somebody writes where a value is to come. */
const isPlaceholder = (text: string): boolean => /^(x+|\*+|[A-Z_]+|your.*|change.?me.*)$/i.test(text);

/** A word for a header's sake (`Bearer none`) is shorter, and a path is no key though it may look made by chance. */
function isCredential({ path, text }: Leaf): boolean {
  const name = path.at(-1) ?? "";
  const isNamed = named.test(name) || secretName.test(name);
  if (isReference(text) || !(isNamed || path.some((step) => carrying.test(step)))) return false;
  const [, behind] = /^\s*(?:Bearer|Basic)\s+(\S+)\s*$/i.exec(text) ?? [];
  if (behind !== undefined) return /^[\w.~+/=-]{8,}$/.test(behind) && !isPlaceholder(behind);
  if (/^\.{0,2}\//.test(text)) return false;
  return isRandom(text) || (isNamed && /^[\w.~+/=-]{16,}$/.test(text) && /\d/.test(text));
}

/** Files of settings that a script may bring to where OpenCode looks for them. */
function carriedSettings({ of, concernsUs, placeOf }: Inspected): Told[] {
  return of("ConfigMap")
    .filter(concernsUs)
    .flatMap((one) => {
      const { data } = one.object as { data?: Record<string, string> | null };
      return Object.entries(data ?? {})
        .filter(([name]) => /opencode\.jsonc?$/.test(name))
        .map(([name, content]) => ({
          settings: parsedSettings(content),
          of: `${name} of ${titleOf(one)}`,
          at: (field: string) => placeOf(one, key("data"), field),
        }));
    });
}

/** The line on which a value stands in Git; none for what Flux puts there from elsewhere. */
function placeOfText({ home: { tree } }: Inspected, text: string, likely: Place): Place | undefined {
  const holds = (file: string | undefined) => tree.files.get(file ?? "")?.content.includes(text) === true;
  const file = holds(likely.file) ? likely.file : [...tree.files.keys()].find(holds);
  return file === undefined ? undefined : placeIn(tree, file, [text]);
}

function inSettings(inspected: Inspected): Fault[] {
  const told = inspected.workspaces.flatMap((workspace) => toldSettings(workspace, inspected));
  return [...told, ...carriedSettings(inspected)].flatMap(({ settings, of, at }) =>
    leavesOf(settings)
      .filter(isCredential)
      .flatMap(({ path, text }) => {
        const place = placeOfText(inspected, text, at(path.at(-1) ?? ""));
        if (!place) return [];
        return {
          message: `${path.join(".")} in ${of} is a credential: Git has it, the pod's objects, and every agent`,
          remedy:
            "write {env:NAME} or {file:/path} there, let that come from a Secret, and make a new credential",
          ...place,
        };
      }),
  );
}

/** What OpenCode's settings say that nobody should read. */
export const settingsSecretRules = [
  rule({
    id: "credential-in-settings",
    title: "OpenCode's settings hold no credential",
    pitfalls: [3],
    find: inSettings,
  }),
];
