/** What kind of failure it is; the command line turns it into the exit code. */
export type ErrorCode = "usage" | "environment" | "failed" | "interrupted";

/** Exit codes of every command, as the README lists them. */
export const exitCodes: Record<ErrorCode, number> = { failed: 1, usage: 2, environment: 3, interrupted: 130 };

/**
 * A place in the manifests, named by its object; whoever reports the failure finds file and line in the tree under test.
 * A field that is not there stands for the nearest one above it that is.
 */
export interface ManifestPlace {
  kind: string;
  /** As it stands in the file, for instance `opencode-flux` or `${APP}`; every object of the kind if not given. */
  name?: string;
  /** Way to the field from the object's root: `["spec", "values", "persistence"]`. */
  field?: readonly (string | number)[];
  /** What is at fault, if it stands below the field: the first of these words that does is shown there, comments apart. */
  words?: readonly string[];
}

/** Lines of a file around the one that is meant. */
export interface Excerpt {
  /** As the user can open it. */
  file: string;
  /** The one that is meant, counted from 1. */
  line: number;
  firstLine: number;
  lines: string[];
}

/** Where a place of the manifests stands: in words, `manifests/…/helmrelease.yaml:57 (HelmRelease …)`, and as text. */
export interface Whereabouts {
  told: string;
  excerpt?: Excerpt;
}

/** A place by its names: `HelmRelease opencode-flux, spec.values.persistence`. */
export function describePlace({ kind, name, field = [] }: ManifestPlace): string {
  const object = name === undefined ? `every ${kind}` : `${kind} ${name}`;
  return field.length > 0 ? `${object}, ${field.join(".")}` : object;
}

export interface ErrorOptions {
  code: ErrorCode;
  /** What the reader can do about it, one sentence. */
  remedy?: string;
  /** The last lines of a log, a diff, the object as last seen: shown below the message. */
  details?: string;
  /** Where in the manifests the reader should look. */
  look?: readonly ManifestPlace[];
  /** Such places, by who has found them already. */
  found?: readonly Whereabouts[];
  cause?: unknown;
}

/** The one error class of the harness: one plain sentence that names the object, and what to do. */
export class HarnessError extends Error {
  readonly code: ErrorCode;
  readonly remedy: string | undefined;
  readonly details: string | undefined;
  readonly look: readonly ManifestPlace[] | undefined;
  readonly found: readonly Whereabouts[] | undefined;

  constructor(message: string, options: ErrorOptions) {
    super(message, { cause: options.cause });
    this.name = "HarnessError";
    this.code = options.code;
    this.remedy = options.remedy;
    this.details = options.details;
    this.look = options.look;
    this.found = options.found;
  }
}

/** The message of anything that was thrown; of a request that failed also why, which fetch puts into the cause. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === "fetch failed" && error.cause instanceof Error
    ? `${error.message}: ${reasonOf(error.cause)}`
    : error.message;
}

/** Of several addresses that were tried Node says nothing but a code. */
function reasonOf(cause: Error): string {
  return cause.message || String((cause as NodeJS.ErrnoException).code ?? cause.name);
}

/**
 * The same failure with what to do about it, and where, if the place that failed could not know; other errors as they
 * are.
 */
export async function withRemedy<T>(
  work: Promise<T>,
  remedy: string,
  places?: readonly ManifestPlace[],
): Promise<T> {
  return work.catch((error: unknown) => {
    if (!(error instanceof HarnessError) || error.code !== "failed" || error.remedy) throw error;
    const { message, code, details, look = places, cause } = error;
    throw new HarnessError(message, {
      code,
      remedy,
      cause,
      ...(details ? { details } : {}),
      ...(look ? { look } : {}),
    });
  });
}

/** What a failure means to its reader: a sentence in place of the one that only says what was waited for. */
export interface Retelling {
  message: string;
  remedy: string;
  look: readonly ManifestPlace[];
}

/** A failure of the manifests in the words of somebody who knows what was at stake, with its own words below; other errors as they are. */
export async function retold<T>(work: Promise<T>, { message, remedy, look }: Retelling): Promise<T> {
  return work.catch((cause: unknown) => {
    if (!(cause instanceof HarnessError) || cause.code !== "failed") throw cause;
    const details = [cause.message, cause.details].filter(Boolean).join("\n");
    throw new HarnessError(message, { code: "failed", details, remedy, look, cause });
  });
}
