import type { V1Container } from "@kubernetes/client-node";
import type { WorkspaceFacts } from "../workspace-facts.ts";
import type { Objects } from "./objects.ts";
import { programOf } from "./program.ts";
import { readableSecrets } from "./readable-secrets.ts";
import { containersOf, type Workload } from "./workload.ts";

type Clone = WorkspaceFacts["clones"][number];

const cloning = /\bgit\b[^\n]*\s(?:clone|fetch|remote\s+add)\b|\bgh\s+repo\s+clone\b|\bgit-sync\b/;
const address =
  /(https?:\/\/|ssh:\/\/|git@)(?:(?!https?:\/\/|ssh:\/\/)[^\n]){0,200}?github\.com(?::\d+(?=\/))?[/:]([\w.-]+)\/([\w.-]+?)(?:\.git)?\/?(?=["'\s;)]|$)/gm;
const withGh = /\bgh\s+repo\s+clone\s+["']?([\w.-]+\/[\w.-]+)/g;

/** What the containers of a workload clone from github.com, each repository of a container once. */
export function clonesOf(workload: Workload, objects: Objects): Clone[] {
  return containersOf(workload).flatMap((container) => clonesBy(workload, container, objects));
}

function clonesBy(workload: Workload, container: V1Container, objects: Objects): Clone[] {
  const { text, variables } = programOf(workload, container, objects);
  const isGitSync = /git-sync/.test(container.image ?? "");
  if (!isGitSync && !cloning.test(text)) return [];
  const inScript = addressesIn(text);
  // A loop over a list that the environment holds.
  const found = inScript.length > 0 ? inScript : addressesIn(Object.values(variables).join("\n"));
  const credentials = readableSecrets(workload, container).map(({ secret, key }) => ({
    secret,
    ...(key === undefined ? {} : { key }),
  }));
  return found.map((clone) => ({ ...clone, container: container.name, credentials }));
}

function addressesIn(text: string): Pick<Clone, "repository" | "transport">[] {
  const urls = [...text.matchAll(address)].map(([, scheme = "", owner, name]) => ({
    repository: `${owner}/${name}`,
    transport: scheme.startsWith("http") ? ("https" as const) : ("ssh" as const),
  }));
  const byGh = [...text.matchAll(withGh)].map(([, repository = ""]) => ({
    repository,
    transport: "https" as const,
  }));
  return [...new Map([...urls, ...byGh].map((clone) => [clone.repository, clone])).values()];
}
