import { expect, it } from "vitest";
import type { ExternalSecret } from "../rendering/index.ts";
import { deriveOutside } from "./derive-outside.ts";
import { accountKeysOf, repositoryValues } from "./object-store.ts";

const store = "http://minio.home.arpa:9000";

const writer = (data: Record<string, string>, brought: Record<string, string> = {}): ExternalSecret => ({
  name: "garden-volsync",
  secret: "garden-volsync-secret",
  spec: {
    target: { template: { data } },
    data: Object.entries(brought).map(([secretKey, key]) => ({ secretKey, remoteRef: { key } })),
    dataFrom: [],
  },
});

it.each([
  [
    "the home's own way",
    "{{ .VOLSYNC_REPOSITORY_TEMPLATE }}/garden",
    "VOLSYNC_REPOSITORY_TEMPLATE",
    `s3:${store}/volsync`,
  ],
  [
    "a whole address",
    "{{ .GARDEN_REPOSITORY }}",
    "GARDEN_REPOSITORY",
    `s3:${store}/volsync/garden_repository`,
  ],
  ["an endpoint", "s3:{{- .ENDPOINT -}}/backups/garden", "ENDPOINT", store],
  ["a host", "s3:http://{{ .HOST }}/backups/garden", "HOST", "minio.home.arpa:9000"],
  ["a host without its port", "s3:http://{{ .HOST }}:9000/backups/garden", "HOST", "minio.home.arpa"],
  ["a host with its bucket", "s3:http://{{ .PLACE }}", "PLACE", "minio.home.arpa:9000/volsync"],
])("leads to the object store: %s", (_what, address, key, value) => {
  expect(repositoryValues([writer({ RESTIC_REPOSITORY: address })])).toEqual({ [key]: value });
});

it("knows a key by its name in Doppler", () => {
  const renamed = writer({ RESTIC_REPOSITORY: "{{ .template }}/garden" }, { template: "TEMPLATE" });
  const plain: ExternalSecret = { ...writer({}, { RESTIC_REPOSITORY: "REPOSITORY" }) };
  expect(repositoryValues([renamed, plain])).toEqual({
    TEMPLATE: `s3:${store}/volsync`,
    REPOSITORY: `s3:${store}/volsync/repository`,
  });
});

it.each([
  "s3:https://elsewhere.example/backups/garden",
  "{{ .A }}/{{ .B }}",
  "rest:https://{{ .HOST }}/garden",
  "{{ .RESTIC_PASSWORD }}",
])("leaves as it is what it cannot lead there: %s", (address) => {
  expect(repositoryValues([writer({ RESTIC_REPOSITORY: address })])).toEqual({});
});

const treeWith = ({ name, spec }: ExternalSecret) => ({
  kustomizations: [
    {
      namespace: "flux-system",
      name: "garden",
      objects: [{ object: { apiVersion: "v1", kind: "ExternalSecret", metadata: { name }, spec } }],
    },
  ],
  problems: [],
});
const rendered = (one: ExternalSecret) => treeWith(one) as unknown as Parameters<typeof deriveOutside>[0];

it("has the accounts that backups log in with, and none where one key is taken for the other", () => {
  const login = (access: string, secret: string) =>
    accountKeysOf([writer({ AWS_ACCESS_KEY_ID: access, AWS_SECRET_ACCESS_KEY: secret })]);
  expect(login("{{ .R2_KEY_ID }}", "{{ .R2_SECRET_KEY }}")).toEqual([
    { access: "R2_KEY_ID", secret: "R2_SECRET_KEY" },
  ]);
  expect(login("{{ .B2_KEY_ID }}", "{{ .B2_APPLICATION_KEY }}")).toHaveLength(1);
  expect(login("{{ .R2_SECRET_KEY }}", "{{ .R2_KEY_ID }}")).toEqual([]);
  expect(login("{{ .R2_KEY_ID }}", "{{ .R2_KEY_ID }}")).toEqual([]);
  expect(login("minio", "{{ .R2_SECRET_KEY }}")).toEqual([]);
});

it("a world that is read off the tree has the address among Doppler's keys", () => {
  const tree = rendered(writer({ RESTIC_REPOSITORY: "{{ .TEMPLATE }}/garden" }, { TEMPLATE: "TEMPLATE" }));
  const { outside, blind } = deriveOutside(tree, []);
  expect(outside.doppler).toEqual({ TEMPLATE: { shape: "text", value: `s3:${store}/volsync` } });
  expect(blind.at(-1)).toMatch(/of backups/);
});
