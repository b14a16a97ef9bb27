// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkoutDir } from "../../base/index.ts";
import { checkTree } from "../check-tree.ts";
import { added, type Edit, expectFound, release, secret, text } from "./test-check.ts";

const flux = (path: string) => `kubernetes/apps/opencode/opencode-flux/app/${path}`;
const fluxRelease = flux("helmrelease.yaml");
const fluxSecret = flux("externalsecret.yaml");

/** Right ways to write a thing, of which certain rules say nothing: others may. */
async function expectUntold(ids: readonly string[], edits: readonly Edit[], name = "manifests") {
  const { findings } = await checkTree({ manifests: join(checkoutDir, name) }, (tree) => {
    for (const edit of edits) edit(tree);
  });
  expect(findings.filter(({ id }) => ids.includes(id) || /stumbles/.test(id))).toEqual([]);
}

/** A variable more of OpenCode's container. */
const variable = (lines: string, file = release): Edit =>
  text(
    file,
    '              OPENCODE_DISABLE_AUTOUPDATE: "true"\n',
    `              OPENCODE_DISABLE_AUTOUPDATE: "true"\n              ${lines}\n`,
  );
const fromSecret = (name: string, field: string, of = "opencode-ha-secret") =>
  `${name}: { valueFrom: { secretKeyRef: { name: ${of}, key: ${field} } } }`;

/** A container beside OpenCode's. */
const beside = (lines: string, file = release): Edit =>
  text(
    file,
    "        containers:\n",
    `        containers:
          fetcher:
            image: { repository: docker.io/alpine/git, tag: v2.49.1 }
            command: [/bin/sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"]
            resources: *resources
            ${lines}
`,
  );
const withToken = `env: { ${fromSecret("TOKEN", "GITHUB_PAT")} }`;

/** A key more of the workspace's Secret. */
const field = (line: string, file = secret): Edit =>
  text(file, "        COPILOT_AUTH_JSON:", `        ${line}\n        COPILOT_AUTH_JSON:`);

it("finds the token where an agent reads it: beside OpenCode, and under another key", () =>
  expectFound("manifests", [
    [beside(withToken), "token-in-app", /TOKEN: /, /container fetcher of opencode-ha has GITHUB_PAT/],
    [
      (tree) => {
        field('SESSION: "{{ .OPENCODE_FLUX_GITHUB_PAT | trim }}"', fluxSecret)(tree);
        variable(fromSecret("GH_TOKEN", "SESSION", "opencode-flux-secret"), fluxRelease)(tree);
      },
      "token-in-app",
      /GH_TOKEN/,
      /gets SESSION, made of OPENCODE_FLUX_GITHUB_PAT, with which/,
    ],
  ]));

it("finds it in a sidecar that is an init container, and a key that another workspace clones with", () =>
  expectFound("manifests", [
    [
      text(
        release,
        "          seed-auth:\n            dependsOn",
        `          fetcher:
            image: { repository: docker.io/alpine/git, tag: v2.49.1 }
            command: [/bin/sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"]
            restartPolicy: Always
            resources: *resources
            ${withToken}
          seed-auth:
            dependsOn`,
      ),
      "token-in-app",
      /TOKEN: /,
      /container fetcher of opencode-ha has GITHUB_PAT/,
    ],
    [
      (tree) => {
        tree.replaceText(
          fluxSecret,
          "  data:\n    - secretKey",
          "  data:\n    - secretKey: OTHER\n      remoteRef: { key: OPENCODE_HA_GITHUB_PAT }\n    - secretKey",
        );
        field('OTHER: "{{ .OTHER }}"', fluxSecret)(tree);
        variable(fromSecret("REVIEW", "OTHER", "opencode-flux-secret"), fluxRelease)(tree);
      },
      "token-in-app",
      /REVIEW/,
      /gets OTHER, made of OPENCODE_HA_GITHUB_PAT, which opens repositories/,
    ],
  ]));

it.each<[string, Edit[]]>([
  ["another user", [beside(`securityContext: { runAsUser: 1001 }\n            ${withToken}`)]],
  ["another group", [beside(`securityContext: { runAsGroup: 1001 }\n            ${withToken}`)]],
  [
    "no shared processes",
    [beside(withToken), text(release, "shareProcessNamespace: true", "shareProcessNamespace: false")],
  ],
  [
    "no token",
    [
      beside("env: { HOME: /tmp }"),
      variable(fromSecret("PASSWORD_AGAIN", "AGAIN")),
      field('AGAIN: "{{ .OPENCODE_HA_SERVER_PASSWORD }}"'),
    ],
  ],
])("says nothing of a container beside OpenCode with %s", (_, edits) =>
  expectUntold(["token-in-app"], edits),
);

const base64url = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
/** Made here, so that no file of this repository looks as if it held one. */
const webToken = [{ alg: "HS256", typ: "JWT" }, { iss: "0f".repeat(16), iat: 17e8 }, { of: "nobody" }]
  .map(base64url)
  .join(".");
const random = ["q7Zr2", "LmW9x", "Bt4Kc", "V8sYd", "1Hp6Ug"].join("");

const configured = (settings: object, file = release): Edit =>
  variable(`OPENCODE_CONFIG_CONTENT: '${JSON.stringify(settings)}'`, file);
const mapped = (settings: object): Edit =>
  added(
    "settings.yaml",
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n  namespace: opencode\ndata:\n  opencode.json: |\n    ${JSON.stringify(settings)}\n`,
  );
const server = (more: object) => ({
  mcp: { house: { type: "remote", url: "https://mcp.example", ...more } },
});

it("finds credentials in OpenCode's settings", () =>
  expectFound("manifests", [
    [
      configured(server({ headers: { Authorization: "Bearer 5f0c6d1e9a7b" } })),
      "credential-in-settings",
      /CONFIG_CONTENT/,
      /mcp\.house\.headers\.Authorization in OPENCODE_CONFIG_CONTENT.*\{env:NAME\}/,
    ],
    [
      mapped({
        provider: { mine: { options: { apiKey: random } } },
        mcp: { local: { type: "local", environment: { ACCESS: `${random}A` } } },
      }),
      "credential-in-settings",
      /apiKey/,
      /provider\.mine\.options\.apiKey in opencode\.json of ConfigMap settings/,
    ],
    [(_tree) => {}, "credential-in-settings", /ACCESS/, /mcp\.local\.environment\.ACCESS/],
  ]));

it("finds JSON Web Tokens, wherever they stand", () =>
  expectFound("manifests", [
    [variable(`HOUSE: "Bearer ${webToken}"`), "known-token", /HOUSE/, /a JSON Web Token/],
    [mapped(server({ headers: { "X-Key": webToken } })), "known-token", /X-Key/, /a JSON Web Token/],
  ]));

it("says nothing of settings that name where a credential is", () =>
  expectUntold(
    ["credential-in-settings", "known-token", "plain-variable"],
    [
      configured({
        ...server({ headers: { Authorization: "Bearer {env:HOUSE_TOKEN}", "X-Trace": "none" } }),
        provider: {
          mine: { options: { apiKey: "{file:/secrets/key}", baseURL: "http://llm.home:8080/v1" } },
        },
        instructions: ["/home/opencode/Projects2/HouseRules/ReadMe1"],
      }),
      mapped({
        mcp: {
          local: {
            type: "local",
            headers: { Authorization: "Bearer ${SECRET_DOMAIN}" },
            environment: { KEY: "${SECRET_ACME_EMAIL}", ROOT: "/home/opencode/Projects2/HouseRules/ReadMe1" },
          },
          other: { headers: { Authorization: "Bearer YOUR_TOKEN_HERE" } },
          third: { headers: { Authorization: "Bearer none" } },
        },
        provider: { mine: { options: { apiKey: "not-needed" } } },
      }),
    ],
  ));

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

/** Another securityContext of OpenCode's container. */
const context = (file: string, to: string): Edit =>
  text(
    file,
    "            securityContext: *securityContext\n            resources:\n              requests:",
    `${to}            resources:\n              requests:`,
  );
const all = "allowPrivilegeEscalation: false, capabilities: { drop: [ALL] }";

it("finds that OpenCode's container may do more than its helpers", () =>
  expectFound("manifests", [
    [
      context(fluxRelease, ""),
      "softer-than-others",
      /app:/,
      /opencode-flux alone has no allowPrivilegeEscalation: false, capabilities\.drop: \[ALL\], readOnlyRoot/,
    ],
    [
      context(
        release,
        "            securityContext: { allowPrivilegeEscalation: true, capabilities: { drop: [ALL] }, readOnlyRootFilesystem: true }\n",
      ),
      "softer-than-others",
      /securityContext/,
      /opencode-ha alone has no allowPrivilegeEscalation: false, which/,
    ],
  ]));

it("says nothing of an image that says that it writes to its disk, or that is as all others are", () =>
  expectUntold(
    ["softer-than-others"],
    [
      context(release, `            securityContext: { ${all}, readOnlyRootFilesystem: false }\n`),
      text(fluxRelease, "              readOnlyRootFilesystem: true\n", "              runAsNonRoot: true\n"),
    ],
  ));

it("finds Secrets that are another at every refresh, so that Reloader restarts the pod", () =>
  expectFound("manifests", [
    [
      field(`HASH: '{{ htpasswd "me" .OPENCODE_HA_SERVER_PASSWORD }}'`),
      "restarts-at-refresh",
      /HASH/,
      /htpasswd.*restarts opencode-ha each 30m/,
    ],
    [
      field('KEY: "{{ randAlphaNum 32 }}"', fluxSecret),
      "restarts-at-refresh",
      /KEY: .*randAlphaNum/,
      /randAlphaNum.*restarts opencode-flux/,
    ],
  ]));

it("finds a generator's value of which the same comes", () =>
  expectFound("manifests", [
    [
      text(
        secret,
        "  # Pitfall 7: all three",
        "  dataFrom:\n    - sourceRef:\n        generatorRef: { apiVersion: generators.external-secrets.io/v1alpha1, kind: UUID, name: salt }\n  # Pitfall 7: all three",
      ),
      "restarts-at-refresh",
      /generatorRef/,
      /generator UUID/,
    ],
  ]));

it("says nothing of words that are no function, of what is made once, and of what nobody watches", () =>
  expectUntold(
    ["restarts-at-refresh", "reload-passed-by"],
    [
      field(`NOTE: '{{/* now */}}{{ .OPENCODE_HA_SERVER_PASSWORD | replace "now" "then" }}'`),
      field('SPARE: "{{ .OPENCODE_HA_SERVER_PASSWORD | default (randAlphaNum 32) }}"'),
      field('KEY: "{{ randAlphaNum 32 }}"', fluxSecret),
      text(fluxSecret, "  refreshInterval: 30m\n", "  refreshInterval: 30m\n  refreshPolicy: CreatedOnce\n"),
    ],
  ));

const script = "scripts/seed-copilot-auth.sh";
const document = "kubernetes/apps/opencode/login-expired.md";
const every =
  (file: string, from: string, to: string): Edit =>
  (tree) => {
    const before = tree.text(file);
    tree.replaceText(file, before, before.replaceAll(from, to));
  };

it("finds a login that comes later than script and document promise", () =>
  expectFound("manifests", [
    [
      text(secret, "refreshInterval: 30m", "refreshInterval: 6h"),
      "later-than-promised",
      /refreshInterval: 6h/,
      /opencode-ha-secret looks again after 6h, and \S+ promises a new login within 30 minutes/,
    ],
    [
      text(fluxSecret, "  refreshInterval: 30m\n", ""),
      "later-than-promised",
      /spec:/,
      /opencode-flux-secret looks again after 1h/,
    ],
  ]));

it("says nothing of a login that comes sooner, or when the words say so", () =>
  expectUntold(
    ["later-than-promised"],
    [
      text(secret, "refreshInterval: 30m", "refreshInterval: 5m"),
      text(fluxSecret, "refreshInterval: 30m", "refreshInterval: 1h30m"),
      every(script, "30 minutes", "2 hours"),
      every(document, "within 30 minutes", "within 120 minutes"),
      text(document, "enter the code.", "enter the code within 15 minutes."),
    ],
  ));

it("says nothing of times where nobody promises one", () =>
  expectUntold(
    ["later-than-promised"],
    [
      text(secret, "refreshInterval: 30m", "refreshInterval: 6h"),
      every(script, "30 minutes", "some time"),
      every(document, "within 30 minutes", "later"),
    ],
  ));

it("finds a host that the owner's DNS does not have", () =>
  expectFound("manifests", [
    [
      text(release, '"ha.opencode.${SECRET_DOMAIN}"', '"hq.opencode.${SECRET_DOMAIN}"'),
      "host-nobody-knows",
      /hq\.opencode/,
      /opencode-ha is to be found at hq\.opencode\.angryninja\.cloud.*there and leads to no workspace \(flux\S+, ha/,
    ],
    [
      text(fluxRelease, '"flux.opencode.${SECRET_DOMAIN}"', '"code.${SECRET_DOMAIN}"'),
      "host-nobody-knows",
      /code\./,
      /opencode-flux is to be found at code\.angryninja\.cloud/,
    ],
  ]));

it("says nothing of a domain of which the owner's DNS has no name", () =>
  expectUntold(
    ["host-nobody-knows"],
    [text(release, '"ha.opencode.${SECRET_DOMAIN}"', '"ha.opencode.home.example"')],
  ));

const printing = (line: string): Edit =>
  text(release, '                  echo "auth.json is there, kept"\n', `                  ${line}\n`);

it("finds that a script says in what a login differs", () =>
  expectFound("manifests", [
    [printing("diff auth.json /secrets/copilot/auth.json"), "secret-printed", /diff auth/, /\(diff …\)/],
  ]));

it.each([
  "diff -q auth.json /secrets/copilot/auth.json",
  "diff --brief auth.json /secrets/copilot/auth.json",
  "diff auth.json /secrets/copilot/auth.json > /dev/null",
  "cmp -s auth.json /secrets/copilot/auth.json",
])("says nothing of %s", (line) => expectUntold(["secret-printed"], [printing(line)]));
