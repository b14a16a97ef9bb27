import { expect, it } from "vitest";
import type { KubeObject } from "../../rendering/index.ts";
import { maskedPair } from "./masked.ts";

const object = (kind: string, fields: object): KubeObject => ({
  apiVersion: "v1",
  kind,
  metadata: { name: "one" },
  ...fields,
});
const both = async (before: KubeObject | undefined, after: KubeObject | undefined, values: string[] = []) => {
  const pair = await maskedPair(before, after, values);
  return `${pair.before}\n--\n${pair.after}`;
};

it("shows no value of a Secret, and which of them has changed", async () => {
  const text = await both(
    object("Secret", { stringData: { user: "a", password: "hunter2" }, data: { key: "QUJD" } }),
    object("Secret", { stringData: { user: "a", password: "hunter3" }, data: { key: "QUJD" } }),
  );
  expect(text).not.toMatch(/hunter|QUJD|user: a\b/);
  expect(text).toContain('user: "[redacted]"');
  expect(text).toContain('password: "[redacted, before]"');
  expect(text).toContain('password: "[redacted, after]"');
});

it("shows no value of what is called a secret, but where it comes from", async () => {
  const env = [
    { name: "GITHUB_TOKEN", value: "abc" },
    { name: "PASSWORD", valueFrom: { secretKeyRef: { name: "one", key: "PASSWORD" } } },
  ];
  const text = await both(
    undefined,
    object("HelmRelease", {
      spec: { env, values: { adminPassword: "hunter2", template: { API_KEY: "{{ .KEY }}" } } },
    }),
  );
  expect(text).not.toMatch(/abc|hunter2/);
  expect(text).toMatch(/key: PASSWORD/);
  expect(text).toMatch(/API_KEY: "\{\{ \.KEY \}\}"/);
});

it("shows no token of a known shape wherever it stands, and that another one has come", async () => {
  const token = (letter: string) => `ghp_${letter.repeat(35)}1`;
  const script = (one: string) =>
    object("ConfigMap", { data: { "run.sh": `git clone\nhttps://x:${one}@github.com/a/b\n` } });
  const text = await both(script(token("a")), script(token("b")));
  expect(text).not.toMatch(/ghp_/);
  expect(text).toContain("[redacted, before]");
  expect(text).toContain("[redacted, after]");
});

it("shows none of the values that it is given, also within others", async () => {
  const text = await both(
    object("ConfigMap", { data: { url: "https://s3cr3t-host.example/x" } }),
    undefined,
    ["s3cr3t-host.example", "x"],
  );
  expect(text).toContain("url: https://[redacted]/x");
});
