import { expect, it } from "vitest";
import { app, deployment, factsOf } from "./test-workload.ts";

const volumes = [{ name: "k", secret: { secretName: "keys", items: [{ key: "LOGIN", path: "auth.json" }] } }];
const volumeMounts = [{ name: "k", mountPath: "/k" }];
const loginBy = (script: string, container: object = { volumeMounts }) =>
  factsOf(
    deployment({
      containers: [app],
      initContainers: [{ name: "seed", command: ["sh", "-c", script], ...container }],
      volumes,
    }),
  ).login;
const source = { secret: "keys", key: "LOGIN" };

it.each([
  ["copies it", "cp /k/auth.json /data/auth.json"],
  ["moves a copy", "cd /data\ncp /k/auth.json new\nmv new auth.json"],
  ["prints it", "cat /k/auth.json > /data/opencode/auth.json"],
  ["installs it", "install -m 600 /k/auth.json /data/"],
  ["knows the target by a variable", 'target=/data/auth.json\ncp /k/auth.json "$target"'],
])("is written by the container that %s", (_, script) => {
  expect(loginBy(script)).toEqual({ how: "written", container: "seed", source });
});

it("is written from a variable", () => {
  const env = [{ name: "AUTH", valueFrom: { secretKeyRef: { name: "keys", key: "LOGIN" } } }];
  const script = 'printf %s "$AUTH" > /data/auth.json';
  expect(loginBy(script, { env })).toEqual({ how: "written", container: "seed", source });
  const whole = loginBy('printf %s "$COPILOT_AUTH_JSON" > /data/auth.json', {
    envFrom: [{ secretRef: { name: "all" } }],
  });
  expect(whole?.source).toEqual({ secret: "all", key: "COPILOT_AUTH_JSON" });
});

it("is not written by who only looks at it", () => {
  expect(loginBy("test -f /data/auth.json && chmod 600 /data/auth.json")).toBeUndefined();
});

it("is a Secret in its place, by subPath or as a directory", () => {
  const directory = { ...app, volumeMounts: [{ name: "k", mountPath: "/home/me/.local/share/opencode" }] };
  expect(factsOf(deployment({ containers: [directory], volumes })).login).toEqual({ how: "mounted", source });
  const file = { name: "k", mountPath: "/home/me/.local/share/opencode/auth.json", subPath: "auth.json" };
  expect(factsOf(deployment({ containers: [{ ...app, volumeMounts: [file] }], volumes })).login).toEqual({
    how: "mounted",
    source,
  });
});

it("is in OpenCode's own variable", () => {
  const env = [
    { name: "OPENCODE_AUTH_CONTENT", valueFrom: { secretKeyRef: { name: "keys", key: "LOGIN" } } },
  ];
  expect(factsOf(deployment({ containers: [{ ...app, env }] })).login).toEqual({
    how: "environment",
    source,
  });
});
