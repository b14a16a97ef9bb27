import type { Options } from "execa";
import type { Task } from "../base/index.ts";
import type { Engine } from "../engine/index.ts";

/** What a result depends on: a text as it is, or a file or folder by its content (tests left out). */
export type Input = { text: string } | { path: string };

/** One thing to prepare: a program, a download, an image, a volume. Its key is the hash of all that it depends on. */
export interface Component {
  /** Unique; names its key, its log file and its progress line. */
  readonly name: string;
  /** Names of components whose output it uses. */
  readonly needs: readonly string[];
  /** Names of components that must be there first, but do not change the result: no part of the key. */
  readonly tools?: readonly string[];
  readonly inputs: readonly Input[];
  /** `directory`: a folder in the cache; `image`: in the engine; `volume`: in the engine, with a folder as its receipt. */
  readonly output: "directory" | "image" | "volume";
  build(job: Job): Promise<void>;
}

/** What a component gets for its work. */
export interface Job {
  /** Empty at first. With output `directory` it becomes the result in one step at the end, else it is thrown away. */
  readonly directory: string;
  /** Where the result is: the final directory, the image's name, or the volume's name. */
  readonly output: string;
  readonly engine: Engine;
  readonly task: Task;
  readonly signal: AbortSignal;
  /** All components of this run that are being built, by name. */
  readonly building: ReadonlySet<string>;
  /** The result of a component in `needs`. */
  outputOf(name: string): string;
  /** Runs a command; what it prints goes to the component's log and its last line to the progress. */
  run(command: string, args: readonly string[], options?: Options): Promise<void>;
  /** The same with the docker client. */
  docker(args: readonly string[], options?: Options): Promise<void>;
}
