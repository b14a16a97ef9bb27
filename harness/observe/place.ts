import type { V1Pod } from "@kubernetes/client-node";
import type { ManifestPlace } from "../base/index.ts";
import { type Cluster, containerStatuses } from "../cluster/index.ts";

/** Something that a person with read access can read, and what is known of it. */
export interface Place {
  /** As a message names it: `the log of container git-clone of pod opencode/opencode-flux-…`. */
  name: string;
  /** What a position in the text is, where there is a better word than its line: the field of an object. */
  wordFor?: (position: number) => string;
  /** A line of its text, from 1, where that tells how it came there. */
  lineAt?: (line: number) => Uint8Array;
  /** The pod whose it is, where it is a pod's and that is still there; and which of its containers run. */
  pod?: { namespace: string; name: string; running?: readonly string[] };
  /** For a file of a pod: its path on the volume, its mode and owner. */
  file?: {
    path: string;
    isOnClaim: boolean;
    /** The pod is VolSync's: it backs the volume up, or fills it. */
    isMovers: boolean;
    mode: number;
    owner: number;
  };
  /** For a variable of a process: its container, and the Secret entries that the pod's spec gives as this variable. */
  variable?: { name: string; container: string; entries: readonly string[] };
  /** For a file of a mounted Secret: the container that can read it, and where it is there. */
  mount?: { container: string; file: string };
  /** What to do when a secret is seen here. */
  remedy: string;
  /** Where in the manifests. */
  look?: readonly ManifestPlace[];
}

/** A pod as a place names it. */
export function nameOf(pod: V1Pod): NonNullable<Place["pod"]> {
  const { metadata } = pod;
  const running = containerStatuses(pod)
    .filter(({ state }) => state?.running)
    .map(({ name }) => name);
  return { namespace: metadata?.namespace ?? "", name: metadata?.name ?? "", running };
}

/** Takes the text of a place, chunk by chunk. */
export interface Reader {
  feed(chunk: Uint8Array): void;
  /** The text is complete. */
  end(): void;
}

/** Begins to read a place. */
export type Open = (place: Place) => Reader;

/** Whose secrets are searched for. */
export interface Watched {
  /** Where the workspaces are. */
  namespaces: readonly string[];
}

/** A kind of places, and how all of them are read. */
export type Source = (cluster: Cluster, open: Open, watched: Watched) => Promise<void>;

/** Reads a place whose text is at hand. */
export function readAll(open: Open, place: Place, text: string | Uint8Array): void {
  const reader = open(place);
  reader.feed(typeof text === "string" ? Buffer.from(text) : text);
  reader.end();
}
