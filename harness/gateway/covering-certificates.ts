import type { AnyObject } from "../cluster/index.ts";

/** Selects cert-manager's Certificates. */
export const certificates = { apiVersion: "cert-manager.io/v1", kind: "Certificate" };

/** The names that a Certificate asks for. */
export const namesOf = ({ spec }: AnyObject): string[] => spec?.dnsNames ?? [];

/** As a browser takes it: a wildcard stands for one label. */
export function covers(name: string, hostname: string): boolean {
  return name === hostname || name === `*.${hostname.split(".").slice(1).join(".")}`;
}

/** Those of the Certificates that have a name for the host. */
export function coveringOf(all: AnyObject[], hostname: string): AnyObject[] {
  return all.filter((certificate) => namesOf(certificate).some((name) => covers(name, hostname)));
}
