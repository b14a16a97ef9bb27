import type { ManifestObject, Tree } from "./tree.ts";

const fluxGroup = "kustomize.toolkit.fluxcd.io/";

/** Names of the Flux Kustomizations (ks.yaml) of the tree. */
export function fluxKustomizations(tree: Tree): string[] {
  return ksObjects(tree).map(({ metadata }) => metadata?.name ?? "");
}

/** Where the tree's Certificates put their secrets: what the gateway is to serve beside its own wildcard. */
export function certificateSecrets(tree: Tree): { namespace: string; name: string }[] {
  return tree.objects("Certificate").flatMap(({ path, object }) => {
    const name = object.spec?.secretName;
    const namespace = targetNamespace(tree, path) ?? object.metadata?.namespace;
    return typeof name === "string" && namespace !== undefined ? [{ namespace, name }] : [];
  });
}

/** The namespace that the Flux Kustomization which applies this file forces on its objects. */
function targetNamespace(tree: Tree, path: string): string | undefined {
  const applying = ksObjects(tree).find(({ spec }) => {
    const directory = String(spec?.path ?? "").replace(/^\.?\/+|\/+$/g, "");
    return directory !== "" && path.startsWith(`${directory}/`);
  });
  return applying?.spec?.targetNamespace as string | undefined;
}

function ksObjects(tree: Tree): ManifestObject[] {
  const objects = tree.objects("Kustomization").map(({ object }) => object);
  return objects.filter(({ apiVersion }) => apiVersion?.startsWith(fluxGroup));
}
