import { describePlace, type ManifestPlace, redact, type Whereabouts } from "../base/index.ts";
import { redactIn } from "./redact-in.ts";
import type { Failure } from "./result.ts";

/** Tells places of the manifests as a reader can open them. */
export type WhereIs = (places: readonly ManifestPlace[]) => Whereabouts[];

/** Without a tree to look them up in: by object and field. */
export const byName: WhereIs = (places) => places.map((place) => ({ told: describePlace(place) }));

/** So many of them are shown with their lines; who looks further has the file open. */
const mostExcerpts = 6;

/** The places as a failure stores them, redacted. */
export function whereOf(found: readonly Whereabouts[]): Pick<Failure, "where" | "excerpts"> {
  const excerpts = found.flatMap(({ told, excerpt }) => (excerpt ? [{ where: told, ...excerpt }] : []));
  return {
    where: found.map(({ told }) => redact(told)),
    ...(excerpts.length > 0 ? { excerpts: redactIn(excerpts.slice(0, mostExcerpts)) } : {}),
  };
}
