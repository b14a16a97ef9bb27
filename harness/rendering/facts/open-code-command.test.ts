import { expect, it } from "vitest";
import { findWorkspaces } from "./find-workspaces.ts";
import { deployment, factsOf, object, treeOf } from "./test-workload.ts";

it.each([
  ["the command", { command: ["opencode", "web", "--port", "5000"] }],
  ["command and args", { command: ["opencode"], args: ["web", "--hostname=0.0.0.0", "--port=5000"] }],
  ["a path", { command: ["/usr/local/bin/opencode", "web", "--port", "5000"] }],
  [
    "options before it",
    { command: ["opencode", "--print-logs", "--log-level", "INFO", "web", "--port", "5000"] },
  ],
  ["a shell", { command: ["/bin/sh", "-c"], args: ["cd /work && exec opencode web --port 5000"] }],
  [
    "a shell that passes its words on",
    { command: ["sh", "-c", 'exec opencode "$@"', "--"], args: ["web", "--port", "5000"] },
  ],
  [
    "a script over several lines",
    { command: ["sh", "-ec", "umask 077\nopencode \\\n  web \\\n  --port 5000\n"] },
  ],
  ["a package runner", { command: ["npx", "-y", "opencode-ai@1.18.34", "web", "--port", "5000"] }],
  [
    "the image's entrypoint",
    { image: "ghcr.io/anomalyco/opencode:1@sha256:0", args: ["web", "--port", "5000"] },
  ],
  [
    "a variable",
    { command: ["sh", "-c", "opencode web --port $PORT"], env: [{ name: "PORT", value: "5000" }] },
  ],
])("is found in %s", (_, container) => {
  expect(factsOf(deployment({ containers: [container] }))).toMatchObject({ command: "web", port: 5000 });
});

it("is not looked for in as many ways as two to the words", () => {
  const text = `opencode${" -a -a".repeat(100)} help; opencode${" --a".repeat(100)} help`;
  const tree = treeOf([
    deployment({ containers: [{ command: ["sh", "-c", text], image: "a/opencode".repeat(5_000) }] }),
  ]);
  expect(findWorkspaces(tree)).toEqual([]);
});

it("is found in a script of a ConfigMap, and in one that this calls", () => {
  const scripts = object("ConfigMap", "scripts", {
    data: { "a.sh": "exec /s/b.sh", "b.sh": "opencode serve" },
  });
  const container = { command: ["/s/a.sh"], volumeMounts: [{ name: "s", mountPath: "/s" }] };
  const volumes = [{ name: "s", configMap: { name: "scripts" } }];
  expect(factsOf(scripts, deployment({ containers: [container], volumes })).command).toBe("serve");
});

it("listens on the container's port, or OpenCode's own, where no option says another", () => {
  const command = ["opencode", "serve"];
  expect(factsOf(deployment({ containers: [{ command, ports: [{ containerPort: 80 }] }] })).port).toBe(80);
  expect(factsOf(deployment({ containers: [{ command }] })).port).toBe(4096);
});

it("is taken for a server where an image of somebody's own gets the server's settings", () => {
  const env = [{ name: "OPENCODE_SERVER_PASSWORD", value: "x" }];
  expect(factsOf(deployment({ containers: [{ image: "me/dev-box", env }] })).command).toBe("serve");
});

it.each([
  ["told to serve", { image: "ghcr.io/me/opencode-custom:1", args: ["serve", "--port", "4096"] }],
  ["that has OpenCode's port", { image: "ghcr.io/me/opencode:v1", ports: [{ containerPort: 4096 }] }],
  [
    "that is asked at OpenCode's port",
    { image: "ghcr.io/me/opencode-box:v1", readinessProbe: { tcpSocket: { port: 4096 } } },
  ],
])("is taken for a server where an image of somebody's own is called after it and %s", (_, container) => {
  expect(factsOf(deployment({ containers: [container] }))).toMatchObject({ command: "serve", port: 4096 });
});

it.each([
  [
    "the official image without a word",
    { image: "ghcr.io/anomalyco/opencode:1", ports: [{ containerPort: 4096 }] },
  ],
  ["another command of OpenCode", { command: ["opencode", "run", "hello"] }],
  ["a comment", { command: ["sh", "-c", "# opencode web\nsleep 1"] }],
  ["another program's option", { command: ["nginx", "--upstream", "opencode"], args: ["--serve"] }],
  ["a web server beside it", { image: "nginx", args: ["web"] }],
])("is not found in %s", (_, container) => {
  expect(findWorkspaces(treeOf([deployment({ containers: [container] })]))).toEqual([]);
});
