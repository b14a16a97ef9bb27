import { closest } from "../../../base/index.ts";
import { type OwnedObject, objectsOf } from "../../../home/index.ts";
import type { RenderedTree } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { placeOfField } from "../../reading/field-place.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { rule } from "../../rule.ts";
import { type Judged, type Trouble, validate } from "../../schemas/validate.ts";
import { ofOtherVersions } from "./home-versions.ts";

/** Of a rendered tree, each object is judged once. */
const judged = new WeakMap<object, Judged>();

function judge({ object }: OwnedObject): Judged {
  const known = judged.get(object) ?? validate(object);
  judged.set(object, known);
  return known;
}

function troublesOf(inspected: Inspected, what: Trouble["what"]): Fault[] {
  const told = inspected.all.flatMap((one) => {
    const verdict = judge(one);
    if ("kind" in verdict) return [];
    return verdict.troubles
      .filter((trouble) => trouble.what === what && !isMadeUp(inspected, one, trouble))
      .filter(({ path }) => one.by.release !== undefined || !isText(path))
      .filter((trouble) => !forkOf(one, trouble) || inspected.concernsUs(one))
      .map((trouble) => ({
        one,
        sign: `${one.object.kind} ${fieldOf(trouble.path)}`,
        runsHere: nameOf(verdict.from),
        fault: {
          ...faultOf(inspected, one, { ...trouble, from: verdict.from }),
          ...ofFork(one, trouble, verdict.from),
        },
      }));
  });
  return what === "unknown field" ? ofOtherVersions(inspected, told) : told.map(({ fault }) => fault);
}

/** What of Flux's own objects must be texts has a rule of its own (metadata-no-text). */
const isText = ([first, second]: Trouble["path"]): boolean =>
  first === "metadata" && (second === "labels" || second === "annotations");

/** What a fork has that homes run in place of the original: right there, and nothing that runs here. */
const forks = [{ kinds: /^Replication(Source|Destination)$/, field: "spec.kopia", of: "VolSync with Kopia" }];

const forkOf = ({ object }: OwnedObject, { path }: Trouble) =>
  forks.find(({ kinds, field }) => kinds.test(object.kind) && field === fieldOf(path));

function ofFork(one: OwnedObject, trouble: Trouble, from: string): Partial<Fault> {
  const fork = forkOf(one, trouble);
  if (!fork) return {};
  const { object } = one;
  return {
    message: `${object.kind} ${object.metadata.name} is for a fork, ${fork.of} (${fork.field}): what it does is not looked at`,
    remedy: `nothing to mend where the home runs the fork; what runs here is ${nameOf(from)}`,
    severity: "warning",
    isBlocker: false,
  };
}

function faultOf(inspected: Inspected, one: OwnedObject, trouble: Trouble & { from: string }): Fault {
  const { what, path, words, known, from } = trouble;
  const { kind, metadata } = one.object;
  const field = fieldOf(path);
  const guess = what === "missing field" ? undefined : closest(String(path.at(-1)), known);
  const messages = {
    "unknown field": `${kind} ${metadata.name} has an unknown field ${field}`,
    "missing field": `${kind} ${metadata.name} lacks the field ${field}`,
    "wrong value": `${kind} ${metadata.name}: ${field} ${words}`,
  };
  const remedies = {
    "unknown field":
      guess === undefined ? `remove it: ${nameOf(from)} has no such field` : `did you mean ${guess}?`,
    "missing field": `add it: ${nameOf(from)} does not take the object without`,
    "wrong value": `write what ${nameOf(from)} takes`,
  };
  // Helm sends what it has rendered without asking for strictness: the API server then drops such a field.
  const isDropped = what === "unknown field" && one.by.release !== undefined;
  return {
    message: messages[what],
    remedy: `${remedies[what]}${isDropped ? "; the API server drops the field without a word" : ""}`,
    ...placeOfField(inspected, one, what === "missing field" ? path.slice(0, -1) : path),
    ...(isDropped ? { isBlocker: false } : {}),
    ...(inspected.leadsToOurs(one.owner) ? {} : { severity: "warning" as const }),
  };
}

/** `spec.rules[0].backendRefs`. */
function fieldOf(path: Trouble["path"]): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./, "");
}

/** `k8s.io/kubernetes v1.35.0` as people call it. */
const nameOf = (from: string): string => from.replace(/^.*\/(?=[a-z][^/]* v)/, "").replace("/v8", "");

/** What stands behind SOPS has another value here than at home. */
function isMadeUp({ home }: Inspected, { object }: OwnedObject, { what, path }: Trouble): boolean {
  if (what !== "wrong value") return false;
  const value = path.reduce<unknown>(
    (at, step) => (at as Record<string, unknown> | undefined)?.[step],
    object,
  );
  const text = JSON.stringify(value) ?? "";
  // What outside.yaml gives is the owner's own value.
  const given = new Set(Object.keys(home.outside.sops));
  return [...home.sops.all].some(
    ([name, secret]) => !given.has(name.split("/").at(-1) ?? "") && text.includes(secret),
  );
}

/** Kinds that the platform has in other versions than an object asks for. */
function otherVersions(inspected: Inspected): Fault[] {
  const told = inspected.all.flatMap((one) => {
    const verdict = judge(one);
    if (!("kind" in verdict) || verdict.kind.state !== "other version") return [];
    const { kind, metadata, apiVersion } = one.object;
    const { versions, from } = verdict.kind;
    const fault: Fault = {
      message: `${kind} ${metadata.name} asks for ${apiVersion}, which ${nameOf(from)} does not serve`,
      remedy: `write ${versions.join(" or ")}`,
      ...placeOfField(inspected, one, ["apiVersion"]),
      ...(inspected.leadsToOurs(one.owner) ? {} : { severity: "warning" as const }),
    };
    return { one, sign: `${kind} ${apiVersion}`, runsHere: nameOf(from), fault };
  });
  return ofOtherVersions(inspected, told);
}

/** What no schema is known of, and was therefore not looked at. */
export interface UnjudgedKind {
  apiVersion: string;
  kind: string;
  count: number;
}

/** Kinds of the tree that the platform has not: of their objects nothing is said. */
export function unjudgedKinds(rendered: RenderedTree): UnjudgedKind[] {
  const without = objectsOf(rendered).filter((one) => {
    const verdict = judge(one);
    return "kind" in verdict && verdict.kind.state === "unknown";
  });
  const groups = Map.groupBy(without, ({ object: { apiVersion, kind } }) => `${apiVersion} ${kind}`);
  return [...groups.entries()].sort().map(([name, { length: count }]) => {
    const [apiVersion = "", kind = ""] = name.split(" ");
    return { apiVersion, kind, count };
  });
}

/** What the API server would refuse of single objects, by the schemas of the platform's versions. */
export const schemaRules = [
  rule({
    id: "unknown-field",
    title: "every field is one that its kind has",
    isBlocker: true,
    find: (inspected) => troublesOf(inspected, "unknown field"),
  }),
  rule({
    id: "missing-field",
    title: "no field is missing that its kind must have",
    isBlocker: true,
    find: (inspected) => troublesOf(inspected, "missing field"),
  }),
  rule({
    id: "wrong-value",
    title: "every value is one that its field takes",
    isBlocker: true,
    find: (inspected) => troublesOf(inspected, "wrong value"),
  }),
  rule({
    id: "version-not-served",
    title: "every kind is asked for in a version that is served",
    isBlocker: true,
    find: otherVersions,
  }),
];
