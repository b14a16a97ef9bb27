import { describe, expect, it } from "vitest";
import { app, deployment, factsOf, object } from "./test-workload.ts";

const passwordOf = (container: object, objects: object[] = [], pod: object = {}) =>
  factsOf(...objects, deployment({ containers: [{ ...app, ...container }], ...pod })).password;
const fromSecret = (name: string, key: string) => ({ valueFrom: { secretKeyRef: { name, key } } });
const externalSecret = (spec: object) =>
  object("ExternalSecret", "keys", { spec: { target: { name: "keys" }, ...spec } });
const envFrom = [{ secretRef: { name: "keys" } }];

describe("the password", () => {
  it("is a Secret's key in the environment", () => {
    const env = [{ name: "OPENCODE_SERVER_PASSWORD", ...fromSecret("keys", "pw") }];
    expect(passwordOf({ env })).toEqual({ source: { secret: "keys", key: "pw" }, userName: "opencode" });
  });

  it("is a key of a whole Secret, where that has it or may have it", () => {
    const source = { secret: "keys", key: "OPENCODE_SERVER_PASSWORD" };
    const template = { data: { OPENCODE_SERVER_PASSWORD: "{{ .x }}" } };
    const written = [
      externalSecret({ target: { name: "keys", template } }),
      externalSecret({ data: [{ secretKey: "OPENCODE_SERVER_PASSWORD", remoteRef: { key: "K" } }] }),
      externalSecret({ dataFrom: [{ find: { path: "OPENCODE_" } }] }),
      externalSecret({ dataFrom: [{ extract: { key: "ALL" } }] }),
      object("Secret", "keys", { stringData: { OPENCODE_SERVER_PASSWORD: "x" } }),
    ];
    for (const writer of written) expect(passwordOf({ envFrom }, [writer])).toMatchObject({ source });
    expect(passwordOf({ envFrom })).toMatchObject({ source });
  });

  it("is none where the whole Secret has no such key", () => {
    const written = [
      externalSecret({ target: { name: "keys", template: { data: { OPENCODE_PASSWORD: "{{ .x }}" } } } }),
      externalSecret({ data: [{ secretKey: "OPENCODE_PASSWORD", remoteRef: { key: "K" } }] }),
      externalSecret({ dataFrom: [{ find: { path: "CODER_" } }, { find: { name: { regexp: "^CODER" } } }] }),
      object("Secret", "keys", { data: { OTHER: "eA==" } }),
    ];
    for (const writer of written) expect(passwordOf({ envFrom }, [writer])).toBeUndefined();
    expect(passwordOf({})).toBeUndefined();
  });

  it("is read from a file or another variable by the script that starts OpenCode", () => {
    const command = ["sh", "-c", 'export OPENCODE_SERVER_PASSWORD="$(cat /k/pw)"\nexec opencode web'];
    const volumes = [{ name: "k", secret: { secretName: "keys" } }];
    const volumeMounts = [{ name: "k", mountPath: "/k" }];
    expect(passwordOf({ command, volumeMounts }, [], { volumes })).toMatchObject({
      source: { secret: "keys", key: "pw" },
    });
    const renamed = ["sh", "-c", "OPENCODE_SERVER_PASSWORD=$PW opencode web"];
    const env = [{ name: "PW", ...fromSecret("keys", "other") }];
    expect(passwordOf({ command: renamed, env })).toMatchObject({ source: { secret: "keys", key: "other" } });
  });

  it("has no source where its value stands in the manifest", () => {
    const env = [{ name: "OPENCODE_SERVER_PASSWORD", value: "hunter2" }];
    expect(passwordOf({ env })).toEqual({ userName: "opencode" });
  });
});

it("goes with the user's name, if one is set", () => {
  const password = { name: "OPENCODE_SERVER_PASSWORD", ...fromSecret("keys", "pw") };
  const name = "OPENCODE_SERVER_USERNAME";
  expect(passwordOf({ env: [password, { name, value: "me" }] })).toMatchObject({ userName: "me" });
  expect(passwordOf({ env: [password, { name, ...fromSecret("keys", "user") }] })).toMatchObject({
    userName: "opencode",
    userNameSource: { secret: "keys", key: "user" },
  });
});
