import { isCompared, lastCompared, versionFor } from "../../fixtures/charts/app-template/versions.ts";
import { messageOf } from "../base/index.ts";
import { type Cluster, nodeMonitor, poolDir } from "../cluster/index.ts";
import { digest, fluxRevision } from "../gitops/index.ts";
import {
  type Entry,
  filesWithHostKeys,
  fluxEntryOf,
  type Home,
  pinnedImages,
  sealedFiles,
} from "../home/index.ts";
import { type PreparedImages, pinned } from "../images/index.ts";
import { type EgressEntry, egressLedger, parseEgress } from "../internet/index.ts";
import { type FidelityEntry, type KeylessInputs, platformLedger } from "../platform/index.ts";
import type { Ending, Ledgers } from "./started-world.ts";
import type { World } from "./world.ts";

type LedgerCluster = Pick<Cluster, "log"> & { objects: Pick<Cluster["objects"], "all"> };

export interface LedgerSources {
  cluster: LedgerCluster;
  images: Pick<PreparedImages, "source" | "node" | "components">;
  inputs: KeylessInputs;
  home: Pick<Home, "tree" | "rendered" | "kept" | "blind" | "isWhole" | "needs">;
  entry: Pick<Entry, "replaced" | "leftOut">;
  /** Who had an address, pods that are gone included. */
  whoHad: (ip: string) => string | undefined;
  world: Pick<World, "tree"> & {
    cluster: { objects: Pick<Cluster["objects"], "find"> };
  };
  ending: () => Promise<Ending>;
  /** Told what could not be found out. */
  note: (text: string) => void;
}

/**
 * What differs from production, who asked for names outside, and which tree was proved. What cannot be found out is
 * missing, and a note says why: the others are no less true.
 */
export async function ledgersOf({
  cluster,
  images,
  inputs,
  home,
  entry,
  whoHad,
  world,
  ending: askEnding,
  note,
}: LedgerSources): Promise<Ledgers> {
  const known = <T>(what: string, work: Promise<T>): Promise<T | undefined> =>
    work.catch((error: unknown) => {
      note(`${what} incomplete: ${messageOf(error)}`);
      return undefined;
    });
  const [ending, egress, tree] = await Promise.all([
    known("state at the end", askEnding()),
    known("egress ledger", egressOf(cluster, whoHad)),
    known("applied revision", appliedRevision(world, home)),
  ]);
  const fidelity = [
    ...nodeLedger(images),
    ...internetLedger,
    ...platformLedger(inputs),
    ...homeLedger(home, entry, images),
    ...imageLedger(images),
    ...chartLedger(images, home),
  ];
  const { kept, blind } = home;
  const told = { leftOut: entry.leftOut, kept, blind };
  return {
    fidelity,
    home: told,
    ...(ending ? { ending } : {}),
    ...(egress ? { egress } : {}),
    ...(tree ? { tree } : {}),
  };
}

async function appliedRevision(
  world: LedgerSources["world"],
  { rendered }: LedgerSources["home"],
): Promise<{ published: string; applied: string }> {
  const published = fluxRevision(await digest(await world.tree()));
  const parent = await world.cluster.objects.find({
    apiVersion: "kustomize.toolkit.fluxcd.io/v1",
    kind: "Kustomization",
    ...(fluxEntryOf(rendered).parents.at(-1) ?? { namespace: "flux-system", name: "cluster-apps" }),
  });
  return { published, applied: (parent?.status?.lastAppliedRevision as string | undefined) ?? "nothing" };
}

async function egressOf(cluster: LedgerCluster, whoHad: LedgerSources["whoHad"]): Promise<EgressEntry[]> {
  const pods = await cluster.objects.all({ apiVersion: "v1", kind: "Pod" });
  const coreDns = pods.filter(({ metadata }) => metadata?.labels?.["k8s-app"] === "kube-dns");
  const logs = await Promise.all(
    coreDns.map(({ metadata }) =>
      cluster.log({ namespace: "kube-system", pod: metadata?.name ?? "", container: "coredns" }),
    ),
  );
  const who = (clientIp: string) => whoHad(clientIp) ?? `${clientIp} (a node, or a pod of a moment)`;
  return egressLedger(parseEgress(logs.join("\n")), who);
}

/** Of every maker: Kubernetes' own and those of its networks. */
function networkPolicies({ ofWorkspaces }: Home["needs"]): string[] {
  return ofWorkspaces
    .flatMap(({ objects }) => objects.map(({ object }) => object))
    .filter(({ kind }) => kind?.endsWith("NetworkPolicy"))
    .map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
}

/** What became of the home's parts. */
function homeLedger(
  { tree, kept, isWhole, needs }: LedgerSources["home"],
  { replaced }: LedgerSources["entry"],
  { source }: Pick<LedgerSources["images"], "source">,
): FidelityEntry[] {
  const named = (how: string) => replaced.filter((one) => one.how === how).map(({ what }) => what);
  const entries: FidelityEntry[] = [];
  const tell = (what: string[], entry: Omit<FidelityEntry, "here">) => {
    if (what.length > 0) entries.push({ ...entry, here: what.join("; ") });
  };
  tell(named("stand-in"), {
    part: "parts of the home that stand-ins have taken the place of",
    production: "charts and issuers as the home has them",
    why: "their charts are not to be had, or they need an outside; the platform that they install runs without them",
    hides: "values of these releases, and whether they install at all",
  });
  tell(named("adapted"), {
    part: "parts of the home that were adapted",
    production: "as they stand in the home",
    why: "they must run in containers, without a load balancer",
    hides: "the fields that were changed",
  });
  tell(named("left out"), {
    part: "objects of the home that were left out",
    production: "as they stand in the home",
    why: "no workspace needs them, or their kind is not served here",
    hides: "what they do in production",
  });
  const pinned = pinnedImages(needs).map(({ name, tagged }) => tagged ?? name);
  tell(source === "packages" ? networkPolicies(needs) : [], {
    part: "network policies",
    production: "enforced by the home's network",
    why: "the network of nodes that are made here knows none",
    hides: "traffic that a policy shuts out, or lets through; check says when one forgets the gateway",
  });
  tell(filesWithHostKeys(tree), {
    part: "host keys of github.com",
    production: "those that GitHub publishes",
    why: "nobody has their private halves: the stand-in's own stand in their place in what is published",
    hides: "nothing, unless GitHub changes its keys",
  });
  tell(source === "packages" ? pinned : [], {
    part: "images that are pinned by digest",
    production: "exactly the image of this digest",
    why: "images that are made here have other digests: the nodes know them by the pinned name too",
    hides: "a digest that no registry has, or that is another image's than the tag's",
  });
  tell(kept, {
    part: "files that the home has already",
    production: "the owner keeps the home's own (manifests/README.md)",
    why: "a tree is laid into the home as its owner would copy it",
    hides: "a mistake in those files of the tree under test",
  });
  tell(sealedFiles(tree), {
    part: "files of SOPS",
    production: "the owner's values",
    why: "the owner's age key is not here: the values are made for this run",
    hides: "a value that is wrong, and a file that the owner's key cannot open",
  });
  if (!isWhole) {
    entries.push({
      part: "the home cluster",
      production: "the owner's repository",
      here: "fixtures/home: a small one in the same layout",
      why: "the tree under test is no whole repository",
      hides: "what the owner's gateways, policies and stores do otherwise",
    });
  }
  return entries;
}

function nodeLedger({ source, node }: LedgerSources["images"]): FidelityEntry[] {
  const ownNode =
    source === "packages"
      ? [
          {
            part: "node image",
            production: "Talos Linux 1.12 with Kubernetes 1.35",
            here: `upstream Kubernetes 1.35 in a container (${node}), in the shape of k3s`,
            why: "no registry answers that has rancher/k3s",
            hides: "what Talos, k3s or another CNI than plain routes does differently",
          },
        ]
      : [
          {
            part: "node image",
            production: "Talos Linux 1.12 with Kubernetes 1.35",
            here: `k3s in a container (${node})`,
            why: "the nodes must start in seconds",
            hides: "what Talos does differently, its network and its storage drivers",
          },
        ];
  return [
    ...ownNode,
    {
      part: "machines",
      production: "three machines, each control plane and worker",
      here: `one server that runs the platform only, two agents for the workspaces; one kernel, one disk (${poolDir})`,
      why: "agents are to be drained and killed while the platform stays",
      hides: "the loss of a control plane, network partitions, a disk that fails",
    },
    {
      part: "how soon a node counts as lost",
      production: "NotReady after 50 s without a word, its pods told to end 300 s later",
      here: `NotReady after ${nodeMonitor.graceSeconds} s, its pods told to end ${nodeMonitor.tolerationSeconds} s later (flags of the control plane)`,
      why: "a lost node must be seen as one within seconds",
      hides:
        "how long a workspace is away before anybody can notice; nodes that fall silent for less than a minute",
    },
  ];
}

const internetLedger: FidelityEntry[] = [
  {
    part: "github.com",
    production: "GitHub",
    here: "git's own programs behind TLS with a token for each repository, and behind SSH with deploy keys that only read; every request is recorded",
    why: "nothing leaves the machine",
    hides: "rate limits, LFS, GitHub's own outages and messages",
  },
  {
    part: "api.doppler.com",
    production: "Doppler",
    here: "a stand-in of its secrets API with values made for this run",
    why: "nothing leaves the machine",
    hides: "scopes of tokens, audit, the exact texts of errors",
  },
  {
    part: "api.githubcopilot.com",
    production: "GitHub Copilot",
    here: "a stand-in of what OpenCode asks (models, chat completions, responses as server-sent events), for the run's own logins; it answers with who asked",
    why: "nothing leaves the machine, and the logins of the run are made up",
    hides:
      "what models say; Claude's models, which have an endpoint of their own; quotas; the texts of refusals; GitHub's own rules for logins",
  },
  {
    part: "registry.npmjs.org",
    production: "npm's registry",
    here: "a stand-in that serves the one archive which the manifests fetch, as npm published it",
    why: "nothing leaves the machine",
    hides: "npm's own outages; a package that was withdrawn",
  },
  {
    part: "the user's browser",
    production: "Chrome, Safari or Firefox on a laptop or phone of the home network, names from its DNS",
    here: "Debian's Chromium without a screen, in a container on the cluster's network; the harness's CA in its user's list of authorities; names lead to a node's port of the gateway",
    why: "a machine without a screen, and production URLs that must lead into the run",
    hides:
      "what other browsers do; DNS and the load balancer's address; certificate transparency, which a browser asks of public authorities only",
  },
  {
    part: "trust",
    production: "public certificate authorities",
    here: "every container of a pod finds the run's own CA in place of its image's trust store: a mount and two variables (NODE_EXTRA_CA_CERTS, SSL_CERT_FILE) that containerd adds; images are left as they are",
    why: "the stand-ins answer under production names",
    hides:
      "an image whose trust store lacks the public authorities; a program that reads neither its system's store nor these variables",
  },
];

/** Our own images stand for no published one; what they stand for is told above. */
function imageLedger({ source, components }: LedgerSources["images"]): FidelityEntry[] {
  const upstream = components.filter(({ reference }) => !reference.includes("opencode-harness/"));
  if (source !== "packages") return byTag(upstream.map((component) => component.source));
  return upstream.map(({ reference, source: madeFrom }) => ({
    part: `image ${reference}`,
    production: reference,
    here: `made from: ${madeFrom}`,
    why: "no registry answers",
    hides: "what else is in the published image, and how it was built",
  }));
}

/** What a registry has under a tag today need not be what it had yesterday. */
function byTag(references: string[]): FidelityEntry[] {
  const open = references.filter((reference) => pinned(reference) === reference);
  if (open.length === 0) return [];
  return [
    {
      part: "images taken by their tag",
      production: "the digests that the cluster has pulled",
      here: open.join(", "),
      why: "nobody has noted their digests yet (harness/images/digests.ts)",
      hides: "that a tag has been moved since",
    },
  ];
}

/** Our own chart, once for each version of app-template that the workspaces ask for. */
function chartLedger(
  { source }: LedgerSources["images"],
  { rendered }: LedgerSources["home"],
): FidelityEntry[] {
  if (source !== "packages") return [];
  const asked = rendered.releases.filter(({ isRendered }) => isRendered).map(({ chart }) => chart?.version);
  const versions = new Set(asked.map(versionFor).filter((version) => version !== undefined));
  return [...versions].sort().map((version) => ({
    part: `chart app-template ${version}`,
    production: `oci://ghcr.io/bjw-s-labs/helm/app-template:${version}`,
    why: "no registry answers",
    ...(isCompared(version)
      ? {
          here: "our own chart as this version; the released one rendered the same of all values that were compared",
          hides: "values of a kind that was not among them",
        }
      : {
          here: `our own chart as ${lastCompared} was; keys that came since are refused`,
          hides: `what app-template renders otherwise since ${lastCompared}`,
        }),
  }));
}
