import { it } from "vitest";
import { added, expectTold, type LoneMistake } from "../test-check.ts";

const mistakes: LoneMistake[] = [
  {
    rule: "closed-to-gateway",
    title: "a NetworkPolicy that forgets the Gateway",
    edit: added(
      "networkpolicy.yaml",
      "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata:\n  name: own\nspec:\n  podSelector: {}\n  policyTypes: [Ingress]\n  ingress:\n    - from:\n        - podSelector: {}\n",
    ),
    line: /ingress:/,
    message: /NetworkPolicy own lets no traffic of the Gateway \(namespace network\)/,
  },
];

it.each(mistakes)("$rule: finds $title, with its line", { timeout: 60_000 }, expectTold);
