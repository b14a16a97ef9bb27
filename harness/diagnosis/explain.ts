import { HarnessError } from "../base/index.ts";
import { type KnownTrouble, knownTroubles, type Subject } from "./known-troubles.ts";
import { workspaceIn } from "./known-workspaces.ts";

/**
 * What Flux, Kubernetes or a container said, with what to do about it and where: a failure of the work that comes without a
 * remedy gets that, and the places, of the first known trouble in its text. Others stay as they are.
 */
export async function explain<T>(work: Promise<T>): Promise<T> {
  return work.catch((error: unknown) => {
    throw explained(error);
  });
}

export function explained(error: unknown): unknown {
  if (!(error instanceof HarnessError) || error.code !== "failed" || error.remedy) return error;
  const { code, details, cause } = error;
  const about = subjectOf(error);
  const gathered = partAbout(about, details ?? "");
  // The message is about what failed; what was gathered for it may be about its neighbours too.
  const trouble =
    knownTroubles.find(({ says, isGeneral }) => !isGeneral && says.test(error.message)) ??
    knownTroubles.find(({ says }) => says.test(`${error.message}\n${gathered}`));
  if (!trouble) return error;
  return new HarnessError(error.message + wordsOf(trouble, error.message, gathered), {
    code,
    cause,
    remedy: trouble.remedy,
    look: error.look ?? trouble.look(about),
    ...(details === undefined ? {} : { details }),
  });
}

/** The line by which the trouble is known, where the message does not have it. */
function wordsOf({ says }: KnownTrouble, message: string, gathered: string): string {
  const line = says.test(message)
    ? undefined
    : gathered.split("\n").find((candidate) => says.test(candidate));
  return line === undefined ? "" : `; ${line.trim()}`;
}

function subjectOf({ message, details = "" }: HarnessError): Subject & { pod: string | undefined } {
  const [, container, pod] = /container (\S+) of pod ([^\s:]+)/.exec(message) ?? [];
  const [, kustomization] = /Kustomization (?:\S+\/)?([^\s:]+):/.exec(message) ?? [];
  const [, kind, name] = /([A-Z]\w+)\/(?:\S+\/)?(\S+) dry-run failed/.exec(message) ?? [];
  const workspace = workspaceIn(message) ?? workspaceIn(details);
  return {
    workspace,
    container: container ?? "app",
    pod,
    kustomization,
    object: kind && name ? { kind, name } : undefined,
  };
}

/**
 * Where one container is what failed: without the logs of others, and without what probes say of one that has ended.
 */
function partAbout(
  { pod, container }: { pod: string | undefined; container: string },
  details: string,
): string {
  if (pod === undefined) return details;
  const sections = details.split(/^(?=log of )/m);
  return sections
    .filter((section) => !section.startsWith("log of ") || section.startsWith(`log of ${pod}/${container}:`))
    .join("")
    .replaceAll(/^.*probe failed.*(connection refused|EOF|reset by peer).*\n?/gm, ""); // it is not there to answer
}
