import type { V1Secret } from "@kubernetes/client-node";
import { HarnessError, type Progress } from "../base/index.ts";
import type { Cluster } from "../cluster/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";
import { type Allowance, allowancesOf, hasAllowedPlace, isAllowed } from "./allowed-places.ts";
import { LeakIndex } from "./leak-index.ts";
import { LeakScan, type Sighting } from "./leak-scan.ts";
import type { Open, Place, Source } from "./place.ts";
import { type Secret, type Successor, secretsIn, secretsOf } from "./secret-values.ts";
import { shownLine } from "./shown-line.ts";

/** A secret that was seen, and where. */
interface Seen {
  place: Place;
  sighting: Sighting;
  /** The line that it stands in, without any secret. */
  line: string | undefined;
}

/** What a search has come to so far. */
interface Search {
  searched: Searched;
  leaks: Seen[];
  allowances: readonly Allowance[];
}

/** Whose places are read. */
interface SearchStage {
  readonly cluster: Cluster;
  /** Also those that the step does not look at: their secrets are where they may be, too. */
  readonly allWorkspaces: readonly { namespace: string; name: string; facts: WorkspaceFacts }[];
}

/** Whose secrets are learnt. */
interface LearnStage {
  readonly cluster: Cluster;
  /** Values that stand in Secret objects and are none: a domain, an address. */
  readonly publicValues?: readonly string[];
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
  /** How many times a secret was seen where the manifests give it to: proof that the search can see. */
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

  /**
   * Takes in the values of the cluster's Secret objects as they are now; the former ones are still searched for.
   *
   * @param successors may stand in their place now, where these entries may be
   */
  async learn(
    { cluster, publicValues = [] }: LearnStage,
    successors: readonly Successor[] = [],
  ): Promise<void> {
    const objects = (await cluster.objects.all({ apiVersion: "v1", kind: "Secret" })) as V1Secret[];
    const held = secretsIn(objects, publicValues);
    const others = secretsOf(successors).filter(({ bytes }) => !held.some((one) => one.bytes.equals(bytes)));
    const present = [...held, ...others];
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
   * Reads all places of the sources, side by side. Throws when a secret stands in one of them that the
   * manifests do not give it to; the message names the secret and the place, and shows nothing of the value. Throws also when a
   * source has found no place to look in: the search would prove nothing.
   */
  async expectNothingIn(sources: Source[], stage: SearchStage, { progress }: SearchContext): Promise<void> {
    const found = await this.readEach(sources, stage);
    expectPlaces(sources, found);
    progress.note(told(sumOf(found)));
  }

  /**
   * The same for sources with places where secrets may be. Throws also when none was seen there by each source that
   * the manifests name such a place for.
   */
  async expectOnlyAllowedIn(
    sources: Source[],
    stage: SearchStage,
    { progress }: SearchContext,
  ): Promise<void> {
    const found = await this.readEach(sources, stage);
    expectAllowed(sources, found, allowancesIn(stage));
    expectPlaces(sources, found);
    progress.note(told(sumOf(found)));
  }

  /** Reads all places of the sources; throws when a secret is seen that may not be there. */
  async read(sources: Source[], stage: SearchStage): Promise<Searched> {
    return sumOf(await this.readEach(sources, stage));
  }

  /** The same, source by source. */
  async readEach(sources: Source[], stage: SearchStage): Promise<Searched[]> {
    const { cluster, allWorkspaces } = stage;
    const allowances = allowancesIn(stage);
    const namespaces = [...new Set(allWorkspaces.map(({ namespace }) => namespace))];
    const leaks: Seen[] = [];
    const found = await Promise.all(
      sources.map(async (source) => {
        const searched: Searched = { places: [], bytes: 0, allowed: 0 };
        await source(cluster, this.#readerFor({ searched, leaks, allowances }), { namespaces });
        return searched;
      }),
    );
    if (leaks.length > 0) throw leaked(leaks, new Set(allWorkspaces.map(({ name }) => name)));
    return found;
  }

  /** The words around a secret say which command has shown it. */
  #lineOf({ lineAt }: Place, { line, isSplit }: Sighting): string | undefined {
    return lineAt && !isSplit ? shownLine(lineAt(line), this.#index) : undefined;
  }

  #readerFor({ searched, leaks, allowances }: Search): Open {
    return (place) => {
      const scan = new LeakScan(this.#index);
      searched.places.push(place.name);
      return {
        feed: (chunk) => {
          searched.bytes += chunk.length;
          scan.feed(chunk);
        },
        end: () => {
          for (const sighting of scan.sightings()) {
            if (isAllowed(allowances, sighting.secret, place)) searched.allowed += 1;
            else leaks.push({ place, sighting, line: this.#lineOf(place, sighting) });
          }
        },
      };
    };
  }
}

function allowancesIn({ allWorkspaces }: SearchStage): Allowance[] {
  return allowancesOf(allWorkspaces.map(({ facts }) => facts));
}

function sumOf(found: Searched[]): Searched {
  return {
    places: found.flatMap(({ places }) => places),
    bytes: found.reduce((sum, { bytes }) => sum + bytes, 0),
    allowed: found.reduce((sum, { allowed }) => sum + allowed, 0),
  };
}

/** Each source has found places to look in. */
function expectPlaces(sources: Source[], found: Searched[]): void {
  const empty = sources.filter((_, index) => found[index]?.places.length === 0);
  if (empty.length === 0) return;
  const names = empty.map(({ name }) => name || "a source").join(", ");
  throw new HarnessError(`the search found no place to look in among: ${names}`, {
    code: "environment",
    remedy:
      "nothing was proved of these: see that the cluster runs, and that harness/observe reads it where it is",
  });
}

/** Each source that has a place for a secret has seen one there, and one of them at least. */
function expectAllowed(sources: Source[], found: Searched[], allowances: readonly Allowance[]): void {
  const blind = sources.flatMap((source, index) => {
    const searched = found[index];
    return searched?.allowed === 0 && hasAllowedPlace(allowances, source) ? [{ source, searched }] : [];
  });
  const all = sumOf(found);
  if (blind.length === 0 && (all.allowed > 0 || allowances.length === 0)) return;
  const where = blind.map(({ source, searched }) => `${told(searched)} of ${source.name}`);
  throw new HarnessError(
    `no secret was seen even where the manifests say that it is, in ${where.join(", and in ") || told(all)}`,
    {
      code: "failed",
      remedy:
        "see that each container gets the Secrets that its manifest names, by variable or by mount, and that auth.json is where OpenCode looks for it, mode 600",
    },
  );
}

/** How much was read, in one line. */
function told({ places, bytes, allowed }: Searched): string {
  const size = `${(bytes / 1e6).toFixed(1)} MB`;
  return `${places.length} places, ${size}${allowed > 0 ? `; secrets stand in them ${allowed} times, where they may` : ""}`;
}

const shownAtMost = 20;

/** @param workspaces their names: what a place of the platform shows is not mended in a manifest */
function leaked(leaks: Seen[], workspaces: ReadonlySet<string>): HarnessError {
  // The longest stretch tells most; the same secret is often there in pieces and in two forms.
  const worst = leaks.toSorted((a, b) => b.sighting.length - a.sighting.length);
  const [first] = worst as [Seen];
  const { secret } = first.sighting;
  const lines = [...new Set(worst.map(lineOf))];
  const look = (first.place.look ?? []).filter(({ name }) => name === undefined || workspaces.has(name));
  const more = lines.length > shownAtMost ? [`and ${lines.length - shownAtMost} more`] : [];
  return new HarnessError(`${first.place.name} shows ${secret.name}`, {
    code: "failed",
    details: [...lines.slice(0, shownAtMost), ...more].join("\n"),
    remedy: first.place.remedy,
    ...(look.length > 0 ? { look } : {}),
  });
}

/** Where and how much of it, never what; of a log also what stands around it. */
function lineOf({ place, sighting, line: shown }: Seen): string {
  const { secret, form, offset, length, line, position, isSplit } = sighting;
  const where = place.wordFor?.(position) ?? `line ${line}`;
  const split = isSplit ? ", split over lines" : "";
  return `${place.name}, ${where}: ${secret.name}: ${length} characters from offset ${offset}, ${form}${split}${shown === undefined ? "" : `\n  ${shown}`}`;
}
