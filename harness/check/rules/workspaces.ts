import { closest } from "../../base/index.ts";
import { noWorkspace } from "../../home/index.ts";
import type { Fault } from "../finding.ts";
import type { Inspected, InspectedWorkspace } from "../inspected.ts";
import { key, type Place } from "../place.ts";
import { rule } from "../rule.ts";

/** What else is said of such a tree is of the home, and no answer to why OpenCode is not in it. */
function nothingRuns({ home }: Inspected): Fault[] {
  if (home.workspaces.length > 0) return [];
  const { code, message, remedy = "" } = noWorkspace("the tree", home.rendered, home.tree);
  // Whatever else it may be has a finding of its own.
  return code === "usage" ? [{ message: `no workspace was found: ${message}`, remedy }] : [];
}

/** Every cluster has them. */
const given = new Set(["default", "kube-system", "kube-public", "flux-system"]);

/** Of a home that makes its namespaces in Git. Another one may have them from elsewhere. */
function missingNamespaces(inspected: Inspected): Fault[] {
  const { home, of, workspaces } = inspected;
  const made = of("Namespace").map(({ object }) => object.metadata.name);
  if (made.length === 0) return [];
  return workspaces
    .filter(
      ({ facts: { namespace } }) => namespace !== "" && !made.includes(namespace) && !given.has(namespace),
    )
    .map((workspace) => {
      const { name, namespace, kustomization } = workspace.facts;
      const file = home.tree
        .objects("Namespace")
        .find(({ object }) => object.metadata?.name === namespace)?.path;
      const guess = closest(namespace, made);
      return {
        message: `${name} is to run in namespace ${namespace}, which nobody makes: Flux applies nothing into it`,
        remedy: file
          ? `list ${file} in the resources of the kustomization.yaml that leads there`
          : `add a Namespace ${namespace}${guess === undefined ? "" : `, or did you mean ${guess}?`}`,
        ...placeOfNamespace(inspected, workspace, kustomization.name),
      };
    });
}

function placeOfNamespace(inspected: Inspected, { facts, at }: InspectedWorkspace, flux: string): Place {
  const own = inspected.of("Kustomization").find(({ object }) => object.metadata.name === flux);
  const { targetNamespace } = (own?.object.spec ?? {}) as { targetNamespace?: string };
  if (own && targetNamespace === facts.namespace) return inspected.placeOf(own, key("targetNamespace"));
  return at(/^\s*namespace:/);
}

/** Whether there is anything to judge. */
export const workspaceRules = [
  rule({
    id: "namespace-missing",
    title: "somebody makes each workspace's namespace",
    pitfalls: [5],
    isBlocker: true,
    find: missingNamespaces,
  }),
  rule({ id: "no-workspace", title: "something runs OpenCode", severity: "warning", find: nothingRuns }),
];
