import type { OwnedObject, RenderedHome } from "../../home/index.ts";
import type { KubeObject, RenderedKustomization } from "../../rendering/index.ts";

type Name = { namespace: string; name: string };

const speaks = /opencode/i;
/** As an image, a package or a command: another workspace, though it may not be rendered. */
const runsIt = /\banomalyco\/opencode\b|\bopencode-ai\b|\bopencode["']?[,\s]+["']?(web|serve)\b/;
const entries = new Set(["Gateway", "Certificate"]);
const workloads = new Set(["HelmRelease", "Deployment", "StatefulSet", "DaemonSet", "CronJob", "Job"]);

/**
 * The Kustomizations that have to do with OpenCode: they make a workspace, or speak of one, as one does that cannot be built
 * and so makes nothing. Where there is a workspace, of those that only speak of it (a start page, a proxy for models) no
 * more than what it leans on: what it depends on, Gateways and certificates, and what stands beside it and runs nothing else.
 */
export function aboutOpenCode(home: RenderedHome): RenderedKustomization[] {
  const { rendered, workspaces } = home;
  const makers = workspaces.map(({ kustomization }) => kustomization);
  const isNeeded = neededBy(home);
  return rendered.kustomizations.filter((one) => {
    if (isAmong(makers, one) || speaks.test(one.name)) return true;
    if (one.objects.some(({ object }) => object.kind === "Kustomization")) return false;
    const texts = textsOf(home, one);
    if (!texts.some((text) => speaks.test(text))) return false;
    return workspaces.length === 0 || isNeeded(one) || texts.some((text) => runsIt.test(text));
  });
}

function neededBy({ workspaces }: RenderedHome): (one: RenderedKustomization) => boolean {
  const namespaces = new Set(workspaces.map(({ namespace }) => namespace));
  const needed = workspaces.flatMap(({ dependsOn }) => dependsOn);
  const gateways = workspaces.flatMap(({ hosts }) => hosts.flatMap((host) => host.gateways));
  // A Gateway that only leads to models, as one of an agents' mesh does, is another's.
  const isOurEntry = (object: KubeObject) => {
    const { name, namespace = "" } = object.metadata;
    const isNamed = isAmong(gateways, { namespace, name });
    return entries.has(object.kind) && (isNamed || speaks.test(JSON.stringify(object)));
  };
  return (one) => {
    const { targetNamespace = "" } = one.object.spec as { targetNamespace?: string };
    const isBeside =
      namespaces.has(targetNamespace) ||
      one.objects.some(({ object }) => namespaces.has(object.metadata.namespace ?? ""));
    const runsOther = one.objects.some(({ object }) => workloads.has(object.kind));
    const isEntry = one.objects.some(({ object }) => isOurEntry(object));
    return isAmong(needed, one) || isEntry || (isBeside && !runsOther);
  };
}

/**
 * Whether an object is of another application than OpenCode, though one Kustomization applies both: many homes have a single
 * one for all of theirs. It is known by its namespace, unless it speaks of OpenCode.
 */
export function ofOthers({ rendered, workspaces }: RenderedHome): (one: OwnedObject) => boolean {
  const namespaces = new Set(workspaces.map(({ namespace }) => namespace));
  const isElsewhere = ({ kind, metadata }: KubeObject) =>
    !namespaces.has(kind === "Namespace" ? metadata.name : (metadata.namespace ?? ""));
  const shared = rendered.kustomizations.filter(
    (one) =>
      isAmong(
        workspaces.map(({ kustomization }) => kustomization),
        one,
      ) && one.objects.some(({ object }) => workloads.has(object.kind) && isElsewhere(object)),
  );
  return ({ owner, object }) =>
    isAmong(shared, owner) && isElsewhere(object) && !speaks.test(JSON.stringify(object));
}

const isAmong = (names: readonly Name[], { namespace, name }: Name): boolean =>
  names.some((one) => one.name === name && one.namespace === namespace);

const textsOf = ({ tree }: RenderedHome, { path }: RenderedKustomization): string[] =>
  [...tree.files]
    .filter(([file]) => path !== "" && file.startsWith(`${path}/`))
    .map(([, { content }]) => content.toString());
