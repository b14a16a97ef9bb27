// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import { added, type Edit, expectFound, expectUntold, release, variable } from "../test-check.ts";

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
