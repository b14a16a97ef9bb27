import type { Needs } from "./needs.ts";

/** An image that a workspace pins by its digest. */
export interface PinnedImage {
  /** As containerd calls it: with its registry, without the tag. `ghcr.io/owner/name@sha256:…` */
  name: string;
  /** The same image by its tag, `ghcr.io/owner/name:1.2.3`; missing where the manifest names none. */
  tagged?: string;
}

const pinned = /^([\w./:-]+?)(?::([\w.-]+))?@(sha256:[0-9a-f]{64})$/;

/** Every image by digest in what the workspaces are made of, once. */
export function pinnedImages({ ofWorkspaces }: Pick<Needs, "ofWorkspaces">): PinnedImage[] {
  const texts = ofWorkspaces.flatMap(({ objects }) => objects.flatMap(({ object }) => textsIn(object)));
  const found = texts.flatMap((text) => {
    const [, repository, tag, digest] = pinned.exec(text) ?? [];
    if (repository === undefined) return [];
    const full = withRegistry(repository);
    return { name: `${full}@${digest}`, ...(tag === undefined ? {} : { tagged: `${full}:${tag}` }) };
  });
  return [...new Map(found.map((image) => [image.name, image])).values()];
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Docker's own registry need not be named (distribution's reference.ParseDockerRef). */
function withRegistry(repository: string): string {
  const [first = ""] = repository.split("/");
  if (repository.includes("/") && /[.:]|^localhost$/.test(first)) return repository;
  return `docker.io/${repository.includes("/") ? repository : `library/${repository}`}`;
}
