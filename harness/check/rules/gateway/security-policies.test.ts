import { expect, it } from "vitest";
import { added, type Edit, expectFound, expectUntold, fluxRelease, text } from "../test-check.ts";
import { checked, flux, home, object, studio, toStudio } from "../test-other-home.ts";

const guard = (name: string, target: string, cors: string): Edit =>
  added(
    `${name}.yaml`,
    `apiVersion: gateway.envoyproxy.io/v1alpha1
kind: SecurityPolicy
metadata: { name: ${name}, namespace: opencode }
spec:
  targetRefs: [{ group: gateway.networking.k8s.io, kind: HTTPRoute, name: ${target} }]
  cors:
    ${cors.replaceAll("\n", "\n    ")}
`,
  );
const headers = (origin: string): Edit =>
  text(
    fluxRelease,
    "                port: 4096\n    persistence:",
    `                port: 4096
            filters:
              - type: ResponseHeaderModifier
                responseHeaderModifier:
                  set:
                    - { name: Access-Control-Allow-Origin, value: "${origin}" }
                    - { name: Access-Control-Allow-Credentials, value: "true" }
    persistence:`,
  );
const route = "kubernetes/apps/dev/coder/app/httproute.yaml";
const filter = (origins: string): Edit =>
  text(
    route,
    "    - backendRefs:\n",
    `    - filters:\n        - type: CORS\n          cors:\n            allowCredentials: true\n            allowOrigins: ${origins}\n      backendRefs:\n`,
  );

it("judges neither models of others nor policies for other routes", { timeout: 120_000 }, async () => {
  const settings = JSON.stringify({ enabled_providers: ["anthropic"] });
  const clone = "git clone --filter=blob:none https://github.com/somebody/code code; exec opencode serve";
  const [app, ...beside] = studio.template.spec.containers;
  const own = {
    ...studio.template.spec,
    initContainers: [],
    containers: [
      {
        ...app,
        command: ["sh", "-c", clone],
        args: [],
        env: [{ name: "OPENCODE_CONFIG_CONTENT", value: settings }],
      },
      ...beside,
    ],
  };
  const gateway = {
    spec: { gatewayClassName: "mesh", listeners: [{ name: "http", port: 80, protocol: "HTTP" }] },
  };
  const { said } = await checked({
    ...home,
    ...toStudio({}),
    "kubernetes/apps/ai/app/deployment.yaml": object(
      "Deployment",
      "studio",
      "ai",
      { spec: { ...studio, template: { ...studio.template, spec: own } } },
      "apps/v1",
    ),
    "kubernetes/apps/ai/app/policy.yaml": object(
      "SecurityPolicy",
      "tools",
      "ai",
      {
        spec: {
          targetRefs: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", name: "tools" }],
          jwt: { providers: [{ name: "home", remoteJWKS: { uri: "https://auth.example/jwks" } }] },
        },
      },
      "gateway.envoyproxy.io/v1alpha1",
    ),
    "kubernetes/apps/mesh/ks.yaml": flux("mesh", "./kubernetes/apps/mesh/app", {
      targetNamespace: "mesh",
      healthChecks: [{ apiVersion: "apps/v1", kind: "Deployment", name: "models", namespace: "mesh" }],
    }),
    "kubernetes/apps/mesh/kustomization.yaml": "resources: [./ks.yaml]\n",
    "kubernetes/apps/mesh/app/gateway.yaml": object(
      "Gateway",
      "models",
      "mesh",
      gateway,
      "gateway.networking.k8s.io/v1",
    ),
    "kubernetes/apps/mesh/app/models.yaml": object("ConfigMap", "models", "mesh", {
      data: { address: "https://opencode.ai/zen" },
    }),
  });
  expect(said.filter((one) => /copilot-off|partial-clone|not-for-browsers|mesh/.test(one))).toEqual([]);
});

it("finds that every page may ask with a browser's login", async () => {
  await expectFound("manifests", [
    [
      guard("pages", "opencode-ha", 'allowOrigins: ["https://*"]\nallowCredentials: true'),
      "every-page-asks",
      /allowOrigins/,
      /SecurityPolicy pages lets every page ask opencode-ha/,
    ],
    [headers("*"), "every-page-asks", /Allow-Origin/, /HTTPRoute opencode-flux answers every page/],
  ]);
  await expectFound("fixtures/trees/statefulset", [
    [filter('["*"]'), "every-page-asks", /allowOrigins/, /HTTPRoute coder lets every page ask coder/],
  ]);
});

it("says nothing of pages that are named, or that ask without a login", async () => {
  await expectUntold(
    ["every-page-asks"],
    [
      guard(
        "named",
        "opencode-ha",
        'allowOrigins: ["https://*.angryninja.cloud", "https://a.example:8443"]\nallowCredentials: true',
      ),
      guard("anonymous", "opencode-flux", 'allowOrigins: ["*"]'),
      headers("https://notes.angryninja.cloud"),
    ],
  );
  await expectUntold(
    ["every-page-asks"],
    [filter('["https://notes.angryninja.cloud"]')],
    "fixtures/trees/statefulset",
  );
});
