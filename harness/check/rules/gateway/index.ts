import type { Rule } from "../../rule.ts";
import { acmeRules } from "./acme.ts";
import { backendRules } from "./backends.ts";
import { certificateRules } from "./certificates.ts";
import { egressRules } from "./egress.ts";
import { hostNameRules } from "./host-names.ts";
import { issuerRules } from "./issuers.ts";
import { networkPolicyRules } from "./network-policies.ts";
import { policyRules } from "./policies.ts";
import { policySlipRules } from "./policy-slips.ts";
import { publicHostRules } from "./public-hosts.ts";
import { readerRules } from "./readers.ts";
import { renewalRules } from "./renewals.ts";
import { requestChangeRules } from "./request-changes.ts";
import { routePortRules } from "./route-ports.ts";
import { routeRules } from "./routes.ts";
import { securityPolicyRules } from "./security-policies.ts";
import { serviceRules } from "./services.ts";
import { sideWayRules } from "./side-ways.ts";
import { streamRules } from "./streams.ts";
import { trafficRules } from "./traffic.ts";
import { upstreamRules } from "./upstream.ts";

/** The way from a browser to OpenCode: hosts, certificates, routes, policies, streams. */
export const rulesOfGateway: readonly Rule[] = [
  ...certificateRules,
  ...routeRules,
  ...routePortRules,
  ...publicHostRules,
  ...hostNameRules,
  ...streamRules,
  ...networkPolicyRules,
  ...policyRules,
  ...backendRules,
  ...serviceRules,
  ...trafficRules,
  ...requestChangeRules,
  ...securityPolicyRules,
  ...renewalRules,
  ...upstreamRules,
  ...egressRules,
  ...issuerRules,
  ...acmeRules,
  ...policySlipRules,
  ...sideWayRules,
  ...readerRules,
];
