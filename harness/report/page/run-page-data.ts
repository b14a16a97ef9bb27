import type { TreeChange, Twin } from "../../check/index.ts";
import type { NamedWorkspace } from "../../diagnosis/index.ts";
import type { RunResult } from "../result.ts";
import type { Timeline } from "../timeline.ts";
import type { UnreadyObject } from "./unready-objects.ts";
import type { UnreadyPod } from "./unready-pods.ts";

/** One thing that the documents want proved, and the scenarios that say they do; `kind` is for instance `pitfall`. */
export interface CoveredClaim {
  kind: string;
  what: string;
  coveredBy: string[];
  /** Of a system: what of it is real here, and what a stand-in. */
  part?: string | undefined;
}

export interface FidelityLine {
  part: string;
  production: string;
  here: string;
  why: string;
  hides: string;
}

export interface EgressLine {
  who: string;
  name: string;
  isAnswered: boolean;
  count: number;
  /** It was asked for by its address, and refused. */
  isAddress?: true | undefined;
}

/** Memory and CPU of one pod. */
export interface PodUsage {
  namespace: string;
  pod: string;
  /** Of all its containers together; missing where one has none. */
  limitBytes?: number | undefined;
  samples: [at: number, bytes: number, millicores: number][];
}

/** How things stood at the end of the run. */
export interface Ending {
  /** By `workload/container`. */
  restarts: Record<string, number>;
  /** In DNS, as `name type targets`. */
  records: string[];
  /** By repository: those that the timeline was not told. */
  clones: Record<string, number>;
}

/** What became of the home's parts that no workspace is made of, and what a run of this tree cannot notice. */
export interface HomeParts {
  /** Kustomizations that no workspace needs: there, but suspended. */
  leftOut: string[];
  /** Files of the tree in whose place the home has its own. */
  kept: string[];
  blind: string[];
}

export interface Picture {
  /** The file's name without its ending: `opencode-flux-home`. */
  name: string;
  /** `data:image/png;base64,…` */
  source: string;
  width: number;
  height: number;
}

export interface Warning {
  /** ISO 8601, when it came last. */
  at: string;
  text: string;
}

/** What a failure has left behind. */
export interface Evidence {
  label: string;
  /** Where it is, from the run's directory: `evidence/<label>`, of a second world's start `world-2/evidence/<label>`. */
  folder: string;
  /** Names of the files, and their sizes in bytes. */
  files: { name: string; bytes: number }[];
  /** Events that are no good news, the youngest last. */
  warnings: Warning[];
  /** What was not as it should be: objects by their conditions, and pods. */
  objects: UnreadyObject[];
  pods: UnreadyPod[];
  /** The last lines of their containers. */
  logs: { of: string; text: string }[];
  /** The last lines of containers that run before the others, of all pods. */
  initLogs: { pod: string; container: string; text: string }[];
}

/** All that the page of a run shows, as it was read from results/<run>/; every text is redacted. */
export interface RunPageData {
  result: RunResult;
  timeline: Timeline | undefined;
  fidelity: FidelityLine[];
  egress: EgressLine[] | undefined;
  coverage: CoveredClaim[];
  usage: PodUsage[];
  ending: Ending | undefined;
  home: HomeParts | undefined;
  pictures: Picture[];
  /** Pictures that had no room, from the page: `pictures/opencode-flux-home.png`. */
  leftOut: string[];
  evidence: Evidence[];
  /** Those of the tree, as far as anything tells. */
  workspaces: NamedWorkspace[];
  /** How each of them differs from the one that is most like it. */
  twins: Twin[];
  /** How the tree differs from what it is to be merged into. */
  change: TreeChange | undefined;
  /** The files beside the page, from there; those of a second world are in a folder of its own. */
  files: string[];
}
