import { it } from "vitest";
import { added, type Edit, expectFound, expectSilence } from "../test-check.ts";

const rbac = "apiVersion: rbac.authorization.k8s.io/v1";

const binding = (name: string, role: string, subject: string, kind = "ClusterRoleBinding"): Edit =>
  added(
    `${name}.yaml`,
    `${rbac}
kind: ${kind}
metadata: { name: ${name} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ${role.startsWith("own-") ? "Role" : "ClusterRole"}, name: ${role} }
subjects:
  - ${subject}
`,
  );

const role = (name: string, rules: string): Edit =>
  added(`${name}.yaml`, `${rbac}\nkind: Role\nmetadata: { name: ${name} }\nrules: ${rules}\n`);

const byDefault = "{ kind: ServiceAccount, name: default, namespace: opencode }";

const group = (name: string) => `{ kind: Group, name: "${name}", apiGroup: rbac.authorization.k8s.io }`;

it("finds rights that every pod beside a workspace has", () =>
  expectFound("manifests", [
    [
      binding("viewers", "view", group("system:unauthenticated")),
      "account-with-rights",
      /unauthenticated/,
      /without a login/,
    ],
    [
      binding("one", "cluster-admin", byDefault),
      "account-with-rights",
      /name: default/,
      /cluster-admin allows: it may do everything/,
    ],
    [
      binding("two", "cluster-admin", group("system:serviceaccounts:opencode")),
      "account-with-rights",
      /serviceaccounts:opencode/,
      /take the binding out/,
    ],
    [
      binding("three", "edit", group("system:authenticated")),
      "account-with-rights",
      /system:authenticated/,
      /every Secret/,
    ],
    [
      binding("four", "admin", '{ kind: User, name: "system:anonymous" }'),
      "account-with-rights",
      /anonymous/,
      /every Secret/,
    ],
    [
      role("own-reader", '[{ apiGroups: [""], resources: [secrets], verbs: [get, list] }]'),
      "account-with-rights",
      /name: default/,
      /own-reader allows: it may read Secrets/,
    ],
    [
      binding("five", "own-reader", byDefault, "RoleBinding"),
      "account-with-rights",
      /name: default/,
      /RoleBinding five/,
    ],
    [
      role("own-runner", '[{ apiGroups: [apps], resources: ["*"], verbs: ["*"] }]'),
      "account-with-rights",
      /name: default/,
      /own-runner allows: it may start pods/,
    ],
    [
      binding("six", "own-runner", byDefault, "RoleBinding"),
      "account-with-rights",
      /name: default/,
      /RoleBinding six/,
    ],
  ]));

it("has nothing against rights of others, and to look", () =>
  expectSilence("manifests", [
    binding("one", "view", byDefault),
    binding("two", "cluster-admin", "{ kind: ServiceAccount, name: other, namespace: kube-system }"),
    binding(
      "three",
      "cluster-admin",
      "{ kind: User, name: owner@example.org, apiGroup: rbac.authorization.k8s.io }",
    ),
    binding("four", "cluster-admin", group("system:serviceaccounts:flux-system")),
    role(
      "own-reader",
      '[{ apiGroups: ["", apps], resources: [pods, pods/log, deployments], verbs: [get, list, watch] }]',
    ),
    binding("five", "own-reader", byDefault, "RoleBinding"),
  ]));
