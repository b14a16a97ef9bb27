import { expect, it } from "vitest";
import { Objects } from "../../rendering/index.ts";
import type { Inspected } from "./inspected.ts";
import { originsOf } from "./secret-origins.ts";

const secret = "coder-secret";
const doppler = { TEAM_PAT: { shape: "pat" }, TEAM_PASSWORD: { shape: "password" } };

/** Which keys of Doppler's a key of a Secret comes from that this ExternalSecret makes. */
function originsBy(spec: object, key = "PAT"): string[] | undefined {
  const metadata = { name: secret, namespace: "ai" };
  const object = { apiVersion: "external-secrets.io/v1", kind: "ExternalSecret", metadata, spec };
  const place = { namespace: "flux-system", name: "coder" };
  const kustomization = { ...place, path: "", object: {}, objects: [{ object, by: {} }] };
  const rendered = { kustomizations: [kustomization], releases: [], problems: [] };
  const objects = new Objects(rendered as unknown as ConstructorParameters<typeof Objects>[0]);
  return originsOf({ objects, home: { outside: { doppler } } } as unknown as Inspected, "ai", {
    secret,
    key,
  });
}

const find = { path: "TEAM_" };
const rewrite = [{ regexp: { source: "TEAM_(.*)", target: "$1" } }];

it.each([
  ["named", { data: [{ secretKey: "PAT", remoteRef: { key: "TEAM_PAT" } }] }, "PAT", ["TEAM_PAT"]],
  ["found as it is", { dataFrom: [{ find }] }, "TEAM_PAT", ["TEAM_PAT"]],
  [
    "put into a template",
    { dataFrom: [{ find }], target: { template: { data: { PAT: "{{ .TEAM_PAT }}" } } } },
    "PAT",
    ["TEAM_PAT"],
  ],
])("a key that is %s comes from Doppler's", (_, spec, key, origins) => {
  expect(originsBy(spec, key)).toEqual(origins);
});

it.each([
  ["rewritten", { dataFrom: [{ find, rewrite }] }],
  ["taken out of a document", { dataFrom: [{ extract: { key: "TEAM_PAT" } }] }],
  [
    "rewritten before a template",
    { dataFrom: [{ find, rewrite }], target: { template: { data: { PAT: "{{ .PAT }}" } } } },
  ],
])("of a key that is %s nobody can tell the origin by its name", (_, spec) => {
  expect(originsBy(spec)).toBeUndefined();
});

it("a key that is named beside others that are rewritten is still known", () => {
  const data = [{ secretKey: "PAT", remoteRef: { key: "TEAM_PAT" } }];
  expect(originsBy({ data, dataFrom: [{ find, rewrite }] })).toEqual(["TEAM_PAT"]);
});
