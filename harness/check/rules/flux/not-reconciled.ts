import { isFluxKustomization } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

const reconcile = "kustomize.toolkit.fluxcd.io/reconcile";
const apply = "kustomize.toolkit.fluxcd.io/ssa";

/** Where a later word of Git must arrive. */
const lasting =
  /^(ExternalSecret|HelmRelease|Deployment|StatefulSet|HTTPRoute|Service|\w+Policy|OCIRepository|Certificate)$/;

/** Objects that Flux passes over, or applies where there are none only. */
function passedOver({ all, concernsUs, isOurs, placeOf }: Inspected): Fault[] {
  // What applies them may be of others.
  const isOurKustomization = ({ object }: (typeof all)[number]) =>
    isFluxKustomization(object) &&
    isOurs({ namespace: object.metadata.namespace ?? "", name: object.metadata.name });
  return all
    .filter((one) => !one.by.release && (concernsUs(one) || isOurKustomization(one)))
    .flatMap((one) => {
      const { annotations = {}, labels = {} } = one.object.metadata;
      const has: Record<string, string> = { ...labels, ...annotations };
      const isOff = has[reconcile] === "disabled" || has[apply] === "Ignore";
      const isOnce = has[apply] === "IfNotPresent" && lasting.test(one.object.kind);
      if (!isOff && !isOnce) return [];
      const field = has[reconcile] === "disabled" ? reconcile : apply;
      return {
        message: `${titleOf(one)} has ${field}: ${has[field]}, ${isOff ? "so that Flux passes it over" : "so that Flux applies it once"}: nothing that Git says later reaches the cluster`,
        remedy: "take it away",
        ...(isOff ? {} : { severity: "warning" as const }),
        ...placeOf(one, field),
      };
    });
}

/** Flux speaks to the API server as that account. */
function missingAccounts({ of, objects, concernsUs, isOurs, home, placeOf }: Inspected): Fault[] {
  const flux = of("Kustomization").filter(
    ({ object: { metadata, apiVersion } }) =>
      apiVersion.startsWith("kustomize.toolkit.fluxcd.io/") &&
      isOurs({ namespace: metadata.namespace ?? "", name: metadata.name }),
  );
  // Where accounts are in no file at all, somebody makes them otherwise.
  const hasAny = objects.all("ServiceAccount").length > 0;
  return [...flux, ...of("HelmRelease").filter(concernsUs)].flatMap((one) => {
    const { serviceAccountName } = specOf<{ serviceAccountName?: string }>(one);
    const { namespace = "" } = one.object.metadata;
    if (!serviceAccountName || objects.find("ServiceAccount", { namespace, name: serviceAccountName }))
      return [];
    const isUsual = home.rendered.kustomizations.some(
      (other) =>
        !isOurs(other) &&
        (other.object.spec as { serviceAccountName?: string }).serviceAccountName === serviceAccountName,
    );
    if (isUsual) return [];
    return {
      message: `Flux is to apply ${titleOf(one)} as ServiceAccount ${namespace}/${serviceAccountName}, which nobody in the tree makes: everything of it is refused`,
      remedy: "leave serviceAccountName out, or make the account with its rights",
      ...(hasAny ? {} : { severity: "warning" as const, isBlocker: false }),
      ...placeOf(one, key("serviceAccountName")),
    };
  });
}

/** What Git says and Flux does not do. */
export const notReconciledRules = [
  rule({ id: "passed-over", title: "Flux goes on applying what Git says", find: passedOver }),
  rule({
    id: "flux-account-missing",
    title: "Flux acts as an account that is there",
    isBlocker: true,
    find: missingAccounts,
  }),
];
