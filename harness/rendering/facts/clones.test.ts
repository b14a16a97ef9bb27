// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux or a shell substitutes it, not JavaScript.
import { expect, it } from "vitest";
import { app, deployment, factsOf, object } from "./test-workload.ts";

const clonesOf = (container: object, objects: object[] = []) =>
  factsOf(
    ...objects,
    deployment({ containers: [app], initContainers: [{ name: "clone", ...container }] }),
  ).clones.map(({ repository, transport }) => `${transport} ${repository}`);
const sh = (script: string) => ({ command: ["/bin/sh", "-c", script] });

it.each([
  [
    "https with a token in it",
    sh('git clone "https://x-access-token:$(cat /secrets/pat)@github.com/me/a.git" /w'),
    "https me/a",
  ],
  ["https without .git", sh("git clone --depth 1 https://github.com/me/a /w"), "https me/a"],
  ["the short form of ssh", sh("git clone git@github.com:me/a.git /w"), "ssh me/a"],
  ["ssh over 443", sh("git clone ssh://git@ssh.github.com:443/me/a.git"), "ssh me/a"],
  [
    "options with words",
    sh("git -c a.b='!f() { echo; }; f' \\\n clone https://github.com/me/a.b.git x"),
    "https me/a.b",
  ],
  ["the command alone", { command: ["git", "clone", "https://github.com/me/a", "/w"] }, "https me/a"],
  [
    "an image whose entrypoint is git-sync",
    { image: "r/git-sync:v4", args: ["--repo=https://github.com/me/a"] },
    "https me/a",
  ],
  [
    "variables of the script",
    sh('repo=me/a\nurl="https://github.com/${repo}.git"\ngit clone "$url"'),
    "https me/a",
  ],
  ["gh", sh("gh repo clone me/a /w"), "https me/a"],
  [
    "fetch",
    sh("git init && git remote add origin https://github.com/me/a.git && git fetch origin"),
    "https me/a",
  ],
])("finds a repository by %s", (_, container, clone) => {
  expect(clonesOf(container)).toEqual([clone]);
});

it("finds it in the environment, a literal or a ConfigMap's", () => {
  const script = sh('git clone "$REPOSITORY" /w');
  expect(
    clonesOf({ ...script, env: [{ name: "REPOSITORY", value: "https://github.com/me/a.git" }] }),
  ).toEqual(["https me/a"]);
  const settings = object("ConfigMap", "settings", { data: { REPOSITORY: "git@github.com:me/b.git" } });
  expect(clonesOf({ ...script, envFrom: [{ configMapRef: { name: "settings" } }] }, [settings])).toEqual([
    "ssh me/b",
  ]);
});

it("finds all of a loop", () => {
  const env = [{ name: "REPOSITORIES", value: "https://github.com/me/a.git https://github.com/me/b.git" }];
  expect(clonesOf({ ...sh("for r in $REPOSITORIES; do git clone $r; done"), env })).toEqual([
    "https me/a",
    "https me/b",
  ]);
});

it("finds none where nothing is cloned", () => {
  expect(clonesOf(sh("echo see https://github.com/me/a"))).toEqual([]);
  expect(clonesOf(sh("# git clone https://github.com/me/a\ntrue"))).toEqual([]);
});

it("names the Secret keys that the container may read", () => {
  const container = {
    ...sh("git clone https://github.com/me/a"),
    env: [{ name: "T", valueFrom: { secretKeyRef: { name: "one", key: "token" } } }],
    envFrom: [{ secretRef: { name: "two" } }],
    volumeMounts: [
      { name: "k", mountPath: "/k" },
      { name: "p", mountPath: "/p/pat", subPath: "pat" },
    ],
  };
  const volumes = [
    { name: "k", secret: { secretName: "three", items: [{ key: "id", path: "id_ed25519" }] } },
    { name: "p", secret: { secretName: "four" } },
    { name: "x", secret: { secretName: "not-mounted" } },
  ];
  const { clones } = factsOf(deployment({ containers: [app], initContainers: [container], volumes }));
  expect(clones[0]?.credentials).toEqual([
    { secret: "one", key: "token" },
    { secret: "two" },
    { secret: "three", key: "id" },
    { secret: "four", key: "pat" },
  ]);
});
