import { it } from "vitest";
import { certificate, expectTold, gateways, type LoneMistake, text } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "issuer-missing",
    title: "an issuer that the home does not have",
    edit: text(certificate, "name: letsencrypt-production", "name: letsencrypt"),
    line: /name: letsencrypt$/,
    message: /ClusterIssuer letsencrypt, which/,
    remedy: /letsencrypt-production/,
  },
  {
    rule: "host-not-covered",
    title: "a wildcard one label too high",
    edit: text(certificate, '"*.opencode.', '"*.'),
    line: /dnsNames/,
    message: /no Certificate covers ha\.opencode/,
  },
  {
    rule: "host-not-covered",
    title: "a Gateway that does not name the certificate",
    edit: text(gateways, "          - kind: Secret\n            name: opencode-production-tls\n", ""),
    line: /secretName/,
    message:
      /lies in Secret network\/opencode-production-tls, and Gateway network\/envoy-internal reads only/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
