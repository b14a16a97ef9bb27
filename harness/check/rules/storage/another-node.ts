import type { Fault } from "../../finding.ts";
import { eachWorkspace, type InspectedWorkspace } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

/** Always, which is also Kubernetes' default: each start goes through every file of the volume, and makes auth.json readable for the group again (manifests/README.md). */
function changedAlways({ facts, workload: { pod }, at }: InspectedWorkspace): Fault[] {
  const { fsGroup, fsGroupChangePolicy } = pod.securityContext ?? {};
  const policy = fsGroupChangePolicy ?? "Always";
  if (fsGroup === undefined || policy !== "Always" || facts.claims.length === 0) return [];
  return [
    {
      message: `${fsGroupChangePolicy ? "" : "without fsGroupChangePolicy "}the kubelet gives every file of ${facts.name}'s volume to group ${fsGroup} at each start: that takes minutes where there are many, and lets the group read auth.json`,
      remedy: "write fsGroupChangePolicy: OnRootMismatch",
      severity: "warning",
      ...at(fsGroupChangePolicy ? key("fsGroupChangePolicy") : /^\s*(- )?fsGroup:|[{,]\s*fsGroup:/),
    },
  ];
}

function neverPulled({ facts, containers, at }: InspectedWorkspace): Fault[] {
  return containers
    .filter(({ container }) => container.imagePullPolicy === "Never")
    .map(({ container: { name } }) => ({
      message: `container ${name} of ${facts.name} is never pulled: on a node that has not its image it does not start`,
      remedy: "write IfNotPresent, or leave it out",
      ...at(key(name), /[pP]ullPolicy:/),
    }));
}

/** Whether it is one image and no other: a digest, or a tag with a version of two numbers at least, a day or a commit. */
const isPinned = (image: string): boolean =>
  image.includes("@sha256:") || /\d\.\d|\d{8}|[0-9a-f]{7}/.test(image.split(/[:/]/).at(-1) ?? "");

/** Whoever follows a tag that moves has to ask; of one that stays, a node that has the image knows all. */
function pulledAlways({ facts, containers, at }: InspectedWorkspace): Fault[] {
  return containers
    .filter(
      ({ container: { imagePullPolicy, image = "" } }) => imagePullPolicy === "Always" && isPinned(image),
    )
    .map(({ container: { name, image } }) => ({
      message: `container ${name} of ${facts.name} asks the registry for ${image} at each start: while that does not answer, no restart and no drain brings the workspace back`,
      remedy: "write IfNotPresent, or leave it out: a node that has the image needs no registry",
      ...at(key(name), /[pP]ullPolicy:/),
    }));
}

/** What starts on a node that knows neither volume nor image. */
export const anotherNodeRules = [
  rule({
    id: "group-changed",
    title: "a start leaves the files of a volume alone",
    pitfalls: [1],
    find: eachWorkspace(changedAlways),
  }),
  rule({
    id: "never-pulled",
    title: "images are pulled where they are not",
    pitfalls: [6],
    find: eachWorkspace(neverPulled),
  }),
  rule({
    id: "pulled-always",
    title: "a node that has an image starts it without the registry",
    severity: "warning",
    pitfalls: [6],
    find: eachWorkspace(pulledAlways),
  }),
];
