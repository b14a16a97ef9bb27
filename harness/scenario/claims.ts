import type { Coverage } from "./coverage.ts";
import { systems } from "./systems.ts";

/**
 * All that the project's documents want proved: the pitfalls by number, the lines of the "looks done but isn't"
 * checklist, the acceptance criteria, and the systems that a workspace leans on. A scenario's `covers` may name nothing else.
 */
export const claims = {
  pitfalls: [
    "files of the init container that OpenCode cannot read",
    "the repository is cloned at every restart",
    "the token in the pod's logs",
    "streams cut by the gateway's time limits",
    "the secret in the wrong namespace",
    "a volume that cannot follow its pod",
    "a key that Doppler lacks",
    "a subPath that is not there",
    "a route or certificate that the gateway refuses",
    "a secret with two writers",
    "a Copilot login that expires silently",
    "another version of app-template",
  ],
  checklist: [
    "Init container idempotency",
    "WebSocket support",
    "Certificate coverage",
    "Doppler variables",
    "Route stanza not ingress stanza",
    "PVC not re-created on redeploy",
    "Copilot auth survives restart",
    "No set -x in init container",
  ],
  acceptance: [
    "flux.opencode loads, password-protected",
    "ha.opencode loads, password-protected",
    "GitHub Copilot models are available in both workspaces",
    "Each working directory is the cloned private repo",
    "Deleting a pod preserves all sessions and code",
    "Repo is not re-cloned on pod restart",
    "All secrets stored in Kubernetes Secrets, never in committed manifests",
  ],
};

/** One thing that is to be proved, and the names of the scenarios that say they do. */
export interface Claim {
  kind: "pitfall" | "checklist" | "acceptance" | "system";
  what: string;
  coveredBy: string[];
  /** Of a system: what of it is real here, and what a stand-in. */
  part?: string;
}

/** Every claim in the documents' order, also those that no scenario covers. */
export function coverageOf(scenarios: readonly { name: string; covers: Coverage }[]): Claim[] {
  const by = (covers: (coverage: Coverage) => boolean | undefined) =>
    scenarios.filter((scenario) => covers(scenario.covers)).map(({ name }) => name);
  return [
    ...claims.pitfalls.map((title, index) => ({
      kind: "pitfall" as const,
      what: `${index + 1}: ${title}`,
      coveredBy: by(({ pitfalls }) => pitfalls.includes(index + 1)),
    })),
    ...claims.checklist.map((what) => ({
      kind: "checklist" as const,
      what,
      coveredBy: by(({ checklist }) => checklist?.includes(what)),
    })),
    ...claims.acceptance.map((what) => ({
      kind: "acceptance" as const,
      what,
      coveredBy: by(({ acceptance }) => acceptance?.includes(what)),
    })),
    ...systems.map(({ name, part }) => ({
      kind: "system" as const,
      what: name,
      coveredBy: by((coverage) => coverage.systems?.includes(name)),
      part,
    })),
  ];
}

/** What a scenario says it covers although no document asks for it: a misspelt line would count for nothing. */
export function unknownClaims({
  pitfalls,
  checklist = [],
  acceptance = [],
  systems: named = [],
}: Coverage): string[] {
  return [
    ...pitfalls.filter((number) => !claims.pitfalls[number - 1]).map((number) => `pitfall ${number}`),
    ...checklist.filter((line) => !claims.checklist.includes(line)),
    ...acceptance.filter((line) => !claims.acceptance.includes(line)),
    ...named.filter((name) => !systems.some((system) => system.name === name)),
  ];
}
