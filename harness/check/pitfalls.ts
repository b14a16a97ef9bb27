import type { Finding } from "./finding.ts";
import type { Inspected } from "./reading/inspected.ts";

/** What can be said of one pitfall of the documents without a cluster. */
export interface PitfallVerdict {
  number: number;
  title: string;
  /** `unseen`: the tree has nothing by which it could be judged. */
  verdict: "holds" | "broken" | "unseen";
  /** What a run in a cluster shows beyond this. */
  inCluster: string;
  findings: Finding[];
}

interface Pitfall {
  title: string;
  inCluster: string;
  /** Whether there is anything in the tree to judge it by. */
  isSeen(inspected: Inspected): boolean;
}

const some = (has: (facts: Inspected["workspaces"][number]["facts"]) => boolean) => (inspected: Inspected) =>
  inspected.workspaces.some(({ facts }) => has(facts));

const pitfalls: Pitfall[] = [
  {
    title: "OpenCode can read what init containers write",
    inCluster: "owner and mode of auth.json on the volume (persistence)",
    isSeen: some(({ uid, claims }) => uid !== undefined && claims.length > 0),
  },
  {
    title: "a repository is cloned once, and whole",
    inCluster: "clones on the wire, and those that are interrupted (persistence)",
    isSeen: some(({ clones }) => clones.length > 0),
  },
  {
    title: "the token is nowhere to be seen",
    inCluster: "logs, processes, files and events (redaction)",
    isSeen: some(({ clones }) => clones.length > 0),
  },
  {
    title: "no stream is cut",
    inCluster: "streams held for 75 seconds (websocket)",
    isSeen: some(({ hosts }) => hosts.length > 0),
  },
  {
    title: "Secrets are made where pods look for them, in time",
    inCluster: "that External Secrets makes them (persistence)",
    isSeen: some(({ externalSecrets }) => externalSecrets.length > 0),
  },
  {
    title: "the volume follows the pod",
    inCluster: "drains, lost nodes, attachments (drain, crash)",
    isSeen: some(({ claims }) => claims.length > 0),
  },
  {
    title: "Doppler has every key",
    inCluster: "the real Doppler: outside.yaml says what should be there",
    isSeen: ({ home, workspaces }) =>
      home.blind.length === 0 && workspaces.some(({ facts }) => facts.externalSecrets.length > 0),
  },
  {
    title: "init containers and OpenCode see the same directories",
    inCluster: "what lies on the volume (persistence)",
    isSeen: some(({ claims }) => claims.some(({ mounts }) => mounts.some(({ subPath }) => subPath !== ""))),
  },
  {
    title: "the Gateway takes the routes, and has a certificate for them",
    inCluster: "that the certificate is issued and served (ingress)",
    isSeen: some(({ hosts }) => hosts.length > 0),
  },
  {
    title: "every Secret has one writer",
    inCluster: "that a rotation arrives (redaction)",
    isSeen: some(({ externalSecrets }) => externalSecrets.length > 0),
  },
  {
    title: "a new login reaches OpenCode",
    inCluster: "when a login expires, and the models that are offered (ingress, redaction)",
    isSeen: some(({ login }) => login !== undefined),
  },
  {
    title: "the values are those of the chart's version",
    inCluster: "the real chart: ours renders in its place",
    isSeen: ({ home }) => home.rendered.releases.some(({ isRendered }) => isRendered),
  },
];

/** A warning alone breaks nothing. */
export function pitfallVerdicts(inspected: Inspected, findings: readonly Finding[]): PitfallVerdict[] {
  return pitfalls.map(({ title, inCluster, isSeen }, index) => {
    const number = index + 1;
    const own = findings.filter((finding) => finding.pitfalls.includes(number));
    const isBroken = own.some(({ severity }) => severity === "error");
    const verdict = isBroken ? "broken" : isSeen(inspected) ? "holds" : "unseen";
    return { number, title, verdict, inCluster, findings: own };
  });
}
