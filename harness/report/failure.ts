import { cacheDir, HarnessError, messageOf, printable, redact } from "../base/index.ts";
import type { Failure } from "./result.ts";
import { byName, type WhereIs, whereOf } from "./where.ts";

/**
 * A failure as it is stored and shown: redacted, without the fields that are not known.
 * @param whereIs tells the places in the manifests; by object and field only, if not given
 */
export function failureOf(error: unknown, whereIs: WhereIs = byName): Failure {
  if (error instanceof SuppressedError) return withCleanUp(failureOf(error.suppressed, whereIs), error.error);
  if (!(error instanceof HarnessError)) return failureOfOther(error);
  return {
    message: shown(error.message),
    ...(error.details === undefined ? {} : { details: shown(error.details) }),
    ...(error.remedy === undefined ? {} : { remedy: shown(error.remedy) }),
    ...(error.look === undefined ? {} : whereOf(whereIs(error.look))),
    ...(error.found === undefined ? {} : whereOf(error.found)),
    code: error.code,
  };
}

/** It may have words of a pod or of a manifest in it. */
const shown = (text: string): string => printable(redact(text));

/** What no room of the harness has foreseen is a failure of the surroundings: disk, ports, the engine. */
function failureOfOther(error: unknown): Failure {
  const errno = errnoOf(error);
  const remedy = Object.hasOwn(remedies, errno) ? remedies[errno] : undefined;
  const stack = error instanceof Error && remedy === undefined ? { details: shown(error.stack ?? "") } : {};
  return {
    message: shown(messageOf(error)),
    ...(remedy === undefined ? {} : { remedy: remedy() }),
    ...stack,
    code: "environment",
  };
}

/** The engine's API tells a full disk in words only. */
function errnoOf(error: unknown): string {
  if (/no space left on device/i.test(messageOf(error))) return "ENOSPC";
  return (error as NodeJS.ErrnoException | undefined)?.code ?? "";
}

const remedies: Record<string, () => string> = {
  ENOSPC: () =>
    `the disk is full: make room where the results, ${cacheDir()} and the container engine keep their data`,
  EADDRINUSE: () => "another program has the port: stop it, or npm run down for a cluster that was kept",
  EDQUOT: () =>
    `this user's part of the disk is full: make room, or set OPENCODE_HARNESS_CACHE to a directory on another disk (now ${cacheDir()})`,
  EROFS: () =>
    `nothing can be written there: results go into the checkout, all else into ${cacheDir()}, which OPENCODE_HARNESS_CACHE moves`,
  ENOTDIR: () =>
    `a file is where a directory should be: move it away, or set OPENCODE_HARNESS_CACHE to another place than ${cacheDir()}`,
  ELOOP: () => "links lead to each other there: take them away",
  ENAMETOOLONG: () =>
    `a path is too long for this machine: set OPENCODE_HARNESS_CACHE to a shorter one than ${cacheDir()}`,
  EMFILE: () => "this process has too many files open: raise the limit (ulimit -n), then run it again",
  ENFILE: () => "this machine has too many files open: end what has them, then run it again",
  EACCES: () => "give this user access to the file that is named",
  EPERM: () => "give this user access to the file that is named",
};

/** The first error is the one that counts; trouble while cleaning up after it is told below. */
function withCleanUp(failure: Failure, cleanUp: unknown): Failure {
  const note = shown(`while cleaning up: ${messageOf(cleanUp)}`);
  return { ...failure, details: failure.details === undefined ? note : `${failure.details}\n${note}` };
}
