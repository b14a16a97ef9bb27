import { escapeRegExp } from "../base/index.ts";
import type { WorkspaceFacts } from "../rendering/index.ts";

/*
 * The workspaces of the tree under test, so that what Kubernetes says of a pod or a host leads to the manifest that made
 * it. Known to the process once its world is; like the secrets of the redactor, a run has them once and for all.
 */
const known = new Map<string, WorkspaceFacts>();

export function knowWorkspaces(workspaces: readonly WorkspaceFacts[]): void {
  known.clear();
  for (const facts of workspaces) known.set(facts.name, facts);
}

/** Undefined for a name that no workspace has, and before a world is there. */
export function factsOf(workspace: string | undefined): WorkspaceFacts | undefined {
  return workspace === undefined ? undefined : known.get(workspace);
}

/** What a text may call a workspace. */
export interface NamedWorkspace {
  name: string;
  workload: { name: string };
  hosts: readonly { hostname: string }[];
}

/** The workspace that a text is about: by the name of its workload, the first that it names, or by its host. */
export function workspaceIn(
  text: string,
  among: Iterable<NamedWorkspace> = known.values(),
): string | undefined {
  const found = [...among].flatMap((facts) => {
    const words = [facts.workload.name, ...facts.hosts.map(({ hostname }) => hostname)];
    const places = words.map((word) => indexOfWord(text, word)).filter((index) => index >= 0);
    return places.length > 0
      ? [{ name: facts.name, at: Math.min(...places), length: facts.name.length }]
      : [];
  });
  return found.sort((a, b) => a.at - b.at || b.length - a.length)[0]?.name;
}

/** Names go on with `-<hash>` in pods; another word must not end in them. */
function indexOfWord(text: string, word: string): number {
  return new RegExp(`(?<![\\w.-])${escapeRegExp(word)}(?![A-Za-z0-9_])`).exec(text)?.index ?? -1;
}
