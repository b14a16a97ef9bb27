import { escapeRegExp } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { eachWorkspace, type Inspected, type InspectedWorkspace, specOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** Of a reference: https://github.com/distribution/reference (repositories have no capitals, digests 64 letters). */
const repository =
  /^(?:[\w.-]+(?::\d+)?\/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*$/;

function refused({ facts, containers, at }: InspectedWorkspace): Fault[] {
  return containers.flatMap(({ container: { name, image = "" } }) => {
    const [named = "", digest] = image.split("@");
    const plain = named.replace(/:[\w][\w.-]{0,127}$/, "");
    const isShort = digest !== undefined && !/^sha256:[0-9a-f]{64}$/.test(digest);
    if (image === "" || image.includes("$") || (repository.test(plain) && !isShort)) return [];
    return {
      message: `the kubelet refuses image ${image} of container ${name} of ${facts.name}: ${isShort ? "its digest is not of 64 letters" : "it is no image's name"}`,
      remedy: isShort
        ? "take the whole digest, as the registry says it"
        : "write host/owner/name in small letters, without https://",
      ...at(key(name), key("image")),
    };
  });
}

/** A tag that YAML reads as a number loses its last zero: 1.20 is 1.2. */
function numbers(inspected: Inspected): Fault[] {
  return inspected
    .of("HelmRelease")
    .filter(inspected.concernsUs)
    .flatMap((release) => {
      const { values } = specOf<{ values?: unknown }>(release);
      return tagsIn(values).map((tag) => ({
        message: `HelmRelease ${release.object.metadata.name} has the image tag ${tag} without quotes: YAML takes it for a number, and 1.20 becomes 1.2`,
        remedy: "write the tag in quotes",
        ...inspected.placeOf(release, new RegExp(`^\\s*tag: ${escapeRegExp(String(tag))}`)),
      }));
    });
}

function tagsIn(value: unknown): number[] {
  if (typeof value !== "object" || value === null) return [];
  const { repository: of, tag } = value as { repository?: unknown; tag?: unknown };
  const own = typeof of === "string" && typeof tag === "number" && !Number.isInteger(tag) ? [tag] : [];
  return [...own, ...Object.values(value).flatMap(tagsIn)];
}

/** How images are called. */
export const imageNameRules = [
  rule({
    id: "image-refused",
    title: "images have names that a kubelet takes",
    isBlocker: true,
    find: eachWorkspace(refused),
  }),
  rule({ id: "tag-number", title: "tags are texts", find: numbers }),
];
