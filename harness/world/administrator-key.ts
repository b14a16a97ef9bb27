import { addPrivateKey, addSecret } from "../base/index.ts";

/** The redactor knows the key of the cluster's administrator, as it stands in a kubeconfig and as it is. */
export function makeAdministratorKnown(kubeconfig: string): void {
  const name = "client key of the cluster's administrator";
  const encoded = kubeconfig.match(/client-key-data: (\S+)/)?.[1] ?? "no key there";
  addSecret(name, encoded);
  addPrivateKey(name, Buffer.from(encoded, "base64").toString());
}
