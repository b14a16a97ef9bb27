import { createHash } from "node:crypto";
import { posix } from "node:path";
import { Remembered } from "../base/index.ts";
import type { Tree } from "../gitops/index.ts";
import type { BuildDirectories } from "./build-directories.ts";
import { withClusterExternalSecrets } from "./cluster-external-secrets.ts";
import { kustomizationFile } from "./kustomization-file.ts";
import {
  isFluxKustomization,
  type KustomizationObject,
  kustomizationObject,
} from "./kustomization-object.ts";
import { lineOf } from "./line-of.ts";
import { placeInWords } from "./place-in-words.ts";
import { type PostBuilt, postBuild } from "./post-build.ts";
import type { RenderOptions } from "./render-options.ts";
import type { ObjectName, RenderedKustomization, RenderProblem } from "./rendered-tree.ts";
import { objectsOfResourceSets } from "./resource-sets.ts";
import { placeholder, type SecretValue } from "./sops.ts";
import { anyKey, type Sources, variablesOf } from "./variables.ts";
import { WebhookSettings } from "./webhook-settings.ts";

/** Of all trees of this process that know the same values behind SOPS; what is made of an object is never changed. */
const withoutSops = new Remembered<PostBuilt[]>(1000);
const withSops = new WeakMap<SecretValue, Remembered<PostBuilt[]>>();

function postBuilt(secretValue: SecretValue | undefined): Remembered<PostBuilt[]> {
  if (!secretValue) return withoutSops;
  const known = withSops.get(secretValue) ?? new Remembered<PostBuilt[]>(1000);
  withSops.set(secretValue, known);
  return known;
}

/** A home has three or four levels, and some hundred Kustomizations. */
const mostLevels = 32;
const mostKustomizations = 2_000;

export interface Walked {
  kustomizations: RenderedKustomization[];
  problems: RenderProblem[];
}

interface Reached {
  object: KustomizationObject;
  appliedBy?: ObjectName;
}

type Rendered = RenderedKustomization & { problems: RenderProblem[] };

/** Walks from the entry through everything that Kustomizations apply; builds are done once for all walks. */
export class KustomizationWalk {
  readonly #tree: Tree;
  readonly #directories: BuildDirectories;
  readonly #options: RenderOptions;
  readonly #webhook: WebhookSettings;

  constructor(tree: Tree, directories: BuildDirectories, options: RenderOptions) {
    this.#webhook = new WebhookSettings(tree);
    this.#tree = tree;
    this.#directories = directories;
    this.#options = options;
  }

  /** @param sources what can be substituted from */
  async from(sources: Sources): Promise<Walked> {
    const done = new Map<string, Rendered>();
    let level: Reached[] = this.#options.entry.map((object) => ({ object }));
    for (let depth = 0; level.length > 0; depth += 1) {
      if (depth >= mostLevels || done.size >= mostKustomizations) {
        tellEndless(done, level);
        break;
      }
      const fresh = level.filter((reached) => isFirst(done, reached));
      const rendered = await Promise.all(fresh.map((reached) => this.#render(reached, sources)));
      for (const kustomization of rendered) done.set(keyOf(kustomization), kustomization);
      level = rendered.flatMap((parent) => this.#children(parent));
    }
    const all = [...done.values()];
    return {
      kustomizations: withClusterExternalSecrets(
        all.map(({ problems: _, ...kustomization }) => kustomization),
      ),
      problems: all.flatMap(({ problems }) => problems),
    };
  }

  async #render({ object: applied, appliedBy }: Reached, sources: Sources): Promise<Rendered> {
    const object = this.#webhook.put(applied);
    const { name, namespace = "" } = object.metadata;
    const path = posix
      .join("/", object.spec.path ?? "")
      .slice(1)
      .replace(/\/$/, "");
    const rendered: Rendered = {
      namespace,
      name,
      object,
      path,
      ...(appliedBy ? { appliedBy } : {}),
      objects: [],
      problems: [],
    };
    const elsewhere = this.#whyNotBuilt(object);
    if (elsewhere !== undefined) return { ...rendered, problem: elsewhere };
    await this.#build(rendered, sources);
    return rendered;
  }

  /** That it is as it is meant; none of these is an error. */
  #whyNotBuilt(object: KustomizationObject): string | undefined {
    if (object.spec.suspend) return "it is suspended";
    const source = sourceOf(object);
    const isOurs = this.#options.entry.some((entry) => sourceOf(entry) === source);
    return isOurs ? undefined : `its source is ${source}, which is not this tree`;
  }

  async #build(rendered: Rendered, sources: Sources): Promise<void> {
    const { object, path } = rendered;
    const file = this.#fileOf(rendered);
    if (!file) return;
    const built = await this.#directories.build(file, this.#options.signal);
    if ("failure" in built) {
      const place = placeInWords(built.failure, this.#tree, path) ?? { file: file.path };
      const kind = this.#lacksElsewhere(built.failure, path) ? "remote" : "kustomize";
      const why =
        kind === "remote" ? "not built here, for it needs what is elsewhere" : "kustomize build failed";
      stop(rendered, { kind, message: `${why}: ${built.failure}`, ...place });
      return;
    }
    const { values: own, missing, isOpen } = variablesOf(object, sources);
    const { [anyKey]: _, ...put } = this.#webhook.valuesIn(sources);
    const known = { ...put, ...own };
    const values = isOpen || this.#webhook.isThere ? withUnknown(known, built.text) : known;
    const [source] = missing;
    if (source === undefined) {
      this.#take(rendered, this.#postBuild(built.text, rendered, values));
      const { objects, problems } = await objectsOfResourceSets(rendered.objects, this.#options.signal);
      rendered.objects.push(...objects);
      for (const problem of problems) note(rendered, problem);
      return;
    }
    const message = `substitute from '${source}' error: nothing that Flux applies from this tree makes it in namespace ${rendered.namespace}`;
    stop(rendered, { kind: "missing", message, ...this.#ownPlace(rendered) });
  }

  /** Whether a build fails for what was left out, since it is elsewhere: a patch of that, or a file that is fetched. */
  #lacksElsewhere(words: string, path: string): boolean {
    if (/file sources: \[[^\]]*https?:\/\//.test(words)) return true;
    const hasLeftOut = this.#options.remote?.some((file) => file.startsWith(`${path}/`));
    return (
      hasLeftOut === true && /no matches for Id|failed to find unique target|no resource matches/.test(words)
    );
  }

  #fileOf(rendered: Rendered) {
    const { path, object } = rendered;
    try {
      const file = kustomizationFile(this.#tree, path, object);
      if (!file) {
        const message = `kustomization path not found: the tree has no directory ${path}`;
        stop(rendered, { kind: "kustomize", message, ...this.#ownPlace(rendered) });
        return undefined;
      }
      for (const field of file.unknownFields) {
        const message = `kustomize knows no field ${field}, and Flux drops it without a word`;
        note(rendered, {
          kind: "ignored",
          message,
          file: file.path,
          ...lineOf(this.#tree, file.path, `${field}:`),
        });
      }
      return file;
    } catch (error) {
      stop(rendered, { kind: "kustomize", message: (error as Error).message, ...this.#ownPlace(rendered) });
      return undefined;
    }
  }

  #take(rendered: Rendered, objects: PostBuilt[]): void {
    const failed = objects.find(({ failure }) => failure !== undefined);
    if (failed?.failure !== undefined) {
      const { file, failure: message } = failed;
      stop(rendered, { kind: "substitution", message, ...(file ? { file } : {}) });
      return;
    }
    for (const { blanked, file, object } of objects) {
      for (const variable of blanked) {
        note(rendered, {
          kind: "blanked",
          variable,
          message: `\${${variable}} in ${object.kind} ${object.metadata.name} has no value and no default, so that Flux puts nothing in its place`,
          ...(file === undefined
            ? {}
            : { file, ...lineOf(this.#tree, file, new RegExp(`(?<!\\$)\\$\\{#?${variable}\\b`)) }),
        });
      }
    }
    rendered.objects = objects.map(({ object, file, by }) => ({ object, by, ...(file ? { file } : {}) }));
  }

  #postBuild(text: string, { path, object }: Rendered, values: Record<string, string>): PostBuilt[] {
    const { commonMetadata, decryption, postBuild: settings } = object.spec;
    const { secretValue } = this.#options;
    const make = () => postBuild(text, path, object, values, secretValue);
    const read = JSON.stringify([text, path, commonMetadata, decryption, settings, values]);
    return postBuilt(secretValue).get(createHash("sha256").update(read).digest("hex"), make);
  }

  #children(parent: Rendered): Reached[] {
    const appliedBy = { namespace: parent.namespace, name: parent.name };
    return parent.objects.flatMap(({ object, file }) => {
      if (!isFluxKustomization(object)) return [];
      const parsed = kustomizationObject.safeParse(object);
      if (parsed.success) return [{ object: inNamespace(parsed.data, parent.namespace), appliedBy }];
      const [issue] = parsed.error.issues;
      const message = `Kustomization ${object.metadata.name}: ${issue?.path.join(".")}: ${issue?.message}`;
      note(parent, { kind: "kustomize", message, ...(file ? { file } : {}) });
      return [];
    });
  }

  /** Where the Kustomization itself stands in the tree. */
  #ownPlace({ name }: Rendered): { file?: string; line?: number } {
    const [own] = this.#tree
      .objects("Kustomization")
      .filter(({ object }) => object.metadata?.name === name && isFluxKustomization(object));
    return own ? { file: own.path, ...lineOf(this.#tree, own.path, name) } : {};
  }
}

/** One that applies itself under ever new names would otherwise never end. */
function tellEndless(done: Map<string, Rendered>, [first]: Reached[]): void {
  const parent = first?.appliedBy && done.get(keyOf(first.appliedBy));
  if (!first || !parent) return;
  const message = `${done.size} Kustomizations apply each other, the last ${first.object.metadata.name}: no end is seen`;
  note(parent, { kind: "kustomize", message });
}

/** Of a store that may have every variable, those that the text asks for; a default stands for itself. */
function withUnknown(known: Record<string, string>, text: string): Record<string, string> {
  const asked = [...text.matchAll(/(?<!\$)\$\{#?(\w+)(?!:?[-=])/g)].map(([, name = ""]) => name);
  const unknown = asked.filter((name) => /^[_a-zA-Z]/.test(name) && !Object.hasOwn(known, name));
  return { ...Object.fromEntries(unknown.map((name) => [name, placeholder(name)])), ...known };
}

function isFirst(done: Map<string, Rendered>, { object, appliedBy }: Reached): boolean {
  const { name, namespace = "" } = object.metadata;
  const known = done.get(keyOf({ namespace, name }));
  // One of the entry that another one applies too.
  if (known && !known.appliedBy && appliedBy && appliedBy.name !== name) known.appliedBy = appliedBy;
  return !known;
}

function inNamespace(object: KustomizationObject, namespace: string): KustomizationObject {
  return { ...object, metadata: { namespace, ...object.metadata } };
}

function sourceOf({ metadata, spec }: KustomizationObject): string {
  const { kind, name, namespace = metadata.namespace } = spec.sourceRef;
  return `${kind} ${namespace}/${name}`;
}

const keyOf = ({ namespace, name }: ObjectName): string => `${namespace}/${name}`;

function note({ namespace, name, problems }: Rendered, problem: Omit<RenderProblem, "kustomization">): void {
  problems.push({ ...problem, kustomization: { namespace, name } });
}

function stop(rendered: Rendered, problem: Omit<RenderProblem, "kustomization">): void {
  rendered.problem = problem.message;
  note(rendered, problem);
}
