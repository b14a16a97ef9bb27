import { filesWithHostKeys, type Home, pinnedImages, sealedFiles } from "../../home/index.ts";
import type { FidelityEntry } from "../../platform/index.ts";
import type { LedgerSources } from "./sources.ts";

/** What became of the home's parts. */
export function homeLedger(
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

/** Of every maker: Kubernetes' own and those of its networks. */
function networkPolicies({ ofWorkspaces }: Home["needs"]): string[] {
  return ofWorkspaces
    .flatMap(({ objects }) => objects.map(({ object }) => object))
    .filter(({ kind }) => kind?.endsWith("NetworkPolicy"))
    .map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
}
