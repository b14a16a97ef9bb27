import type { V1Secret } from "@kubernetes/client-node";
import { HarnessError, type Progress } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import { isAllowed } from "./allowed-places.ts";
import { LeakIndex } from "./leak-index.ts";
import { LeakScan, type Sighting } from "./leak-scan.ts";
import type { Open, Place, Source } from "./place.ts";
import { type Secret, secretsIn } from "./secret-values.ts";

/** A secret that was seen, and where. */
interface Seen {
  place: Place;
  sighting: Sighting;
}

/** Whose places are read. */
interface SearchStage {
  readonly cluster: Cluster;
}

/** Told how much was read. */
interface SearchContext {
  progress: Pick<Progress, "note">;
}

/** What a search has read. */
export interface Searched {
  /** Names of all places. */
  places: string[];
  bytes: number;
  /** How many times a secret was seen where manifests/README.md allows it: proof that the search can see. */
  allowed: number;
}

/**
 * Searches for every secret that the cluster has had since the search began: whole, or any twelve characters of it.
 *
 * Not searched: the memory of processes, and those that live only while nobody looks; what is compressed, as git's objects
 * are, and the older parts of a pod's log once the kubelet has put them aside (`.gz`, after 10 MiB); the writable layers of containers (their root is read-only here); the blocks of a disk that no file has any more;
 * tokens of service accounts, which are the cluster's own. Not searched for: values of fewer than twelve characters.
 */
export class LeakSearch {
  #secrets: Secret[] = [];
  #index = new LeakIndex([]);

  /** How many values are searched for. */
  get size(): number {
    return this.#secrets.length;
  }

  /** Takes in the values of the cluster's Secret objects as they are now; the former ones are still searched for. */
  async learn(cluster: Cluster): Promise<void> {
    const objects = (await cluster.objects.all({ apiVersion: "v1", kind: "Secret" })) as V1Secret[];
    const present = secretsIn(objects);
    const isPresent = ({ bytes }: Secret) => present.some((secret) => secret.bytes.equals(bytes));
    const former = this.#secrets
      .filter((secret) => !isPresent(secret))
      .map((secret) =>
        secret.isFormer ? secret : { ...secret, name: `the former ${secret.name}`, isFormer: true },
      );
    this.#secrets = [...present, ...former];
    this.#index = new LeakIndex(this.#secrets);
  }

  /**
   * Reads all places of the sources, side by side. Throws when a secret stands in one of them that manifests/README.md
   * does not allow there; the message names the secret and the place, and shows nothing of the value.
   */
  async expectNothingIn(
    sources: Source[],
    { cluster }: SearchStage,
    { progress }: SearchContext,
  ): Promise<void> {
    progress.note(told(await this.read(sources, cluster)));
  }

  /**
   * The same for sources with places where secrets may be. Throws also when none was seen there: the search would prove
   * nothing.
   */
  async expectOnlyAllowedIn(
    sources: Source[],
    { cluster }: SearchStage,
    { progress }: SearchContext,
  ): Promise<void> {
    const searched = await this.read(sources, cluster);
    if (searched.allowed > 0) return progress.note(told(searched));
    throw new HarnessError(
      `no secret was seen even where manifests/README.md says that it is, in ${told(searched)}`,
      {
        code: "failed",
        remedy:
          "see that the server password is in the environment of `app`, and auth.json at opencode-data/auth.json on the volume; a layout of your own belongs into harness/observe/allowed-places.ts",
      },
    );
  }

  /** Reads all places of the sources; throws as expectNothingIn does. */
  async read(sources: Source[], cluster: Cluster): Promise<Searched> {
    const searched: Searched = { places: [], bytes: 0, allowed: 0 };
    const leaks: Seen[] = [];
    const open: Open = (place) => {
      const scan = new LeakScan(this.#index);
      searched.places.push(place.name);
      return {
        feed: (chunk) => {
          searched.bytes += chunk.length;
          scan.feed(chunk);
        },
        end: () => {
          for (const sighting of scan.sightings()) {
            if (isAllowed(sighting.secret, place)) searched.allowed += 1;
            else leaks.push({ place, sighting });
          }
        },
      };
    };
    await Promise.all(sources.map((source) => source(cluster, open)));
    if (leaks.length > 0) throw leaked(leaks);
    return searched;
  }
}

/** How much was read, in one line. */
function told({ places, bytes, allowed }: Searched): string {
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  return `${places.length} places, ${size}${allowed > 0 ? `; secrets stand in them ${allowed} times, where they may` : ""}`;
}

const shownAtMost = 20;

function leaked(leaks: Seen[]): HarnessError {
  // The longest stretch tells most; the same secret is often there in pieces and in two forms.
  const worst = leaks.toSorted((a, b) => b.sighting.length - a.sighting.length);
  const [first] = worst as [Seen];
  const { secret } = first.sighting;
  const lines = [...new Set(worst.map(lineOf))];
  const more = lines.length > shownAtMost ? [`and ${lines.length - shownAtMost} more`] : [];
  return new HarnessError(`${first.place.name} shows ${secret.name}`, {
    code: "failed",
    details: [...lines.slice(0, shownAtMost), ...more].join("\n"),
    remedy: first.place.remedy,
    ...(first.place.look ? { look: first.place.look } : {}),
  });
}

/** Where and how much of it, never what. */
function lineOf({ place, sighting }: Seen): string {
  const { secret, form, offset, length, line, position, isSplit } = sighting;
  const where = place.wordFor?.(position) ?? `line ${line}`;
  const split = isSplit ? ", split over lines" : "";
  return `${place.name}, ${where}: ${secret.name}: ${length} characters from offset ${offset}, ${form}${split}`;
}
