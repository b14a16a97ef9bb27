import "reflect-metadata"; // before @peculiar/x509, see ca.ts
import { AsnConvert } from "@peculiar/asn1-schema";
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
} from "@peculiar/asn1-x509";
import { Extension } from "@peculiar/x509";

/** What an authority may vouch for. */
export interface PermittedNames {
  /** Each with all names below it. */
  dnsNames: readonly string[];
  /** IPv4 addresses; none if not given. */
  ips?: readonly string[];
}

/**
 * The extension, critical, that lets an authority vouch for these names and addresses only (RFC 5280, 4.2.1.10). A kind
 * of name that is not mentioned would be free, hence the address that no machine has where none is permitted.
 */
export function nameConstraints({ dnsNames, ips = [] }: PermittedNames): Extension {
  const addresses = ips.length > 0 ? ips : ["0.0.0.0"];
  const names = [
    ...dnsNames.map((name) => new GeneralName({ dNSName: name })),
    ...addresses.map((address) => new GeneralName({ iPAddress: `${address}/32` })),
  ];
  const permittedSubtrees = new GeneralSubtrees(names.map((base) => new GeneralSubtree({ base })));
  return new Extension(
    id_ce_nameConstraints,
    true,
    AsnConvert.serialize(new NameConstraints({ permittedSubtrees })),
  );
}
