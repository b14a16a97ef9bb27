import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { allowances, isAllowed } from "./allowed-places.ts";
import type { Place } from "./place.ts";
import type { Secret } from "./secret-values.ts";
import { placeOf } from "./volume-places.ts";

const secret = (entry: string): Secret => ({
  name: entry,
  holders: [`opencode/opencode-flux-secret ${entry}`],
  bytes: Buffer.from("T4mZk8BfY69pQ2vXw7Lr"),
  isFormer: false,
});
const password = secret("OPENCODE_SERVER_PASSWORD");
const login = secret("COPILOT_AUTH_JSON");
const pat = secret("GITHUB_PAT");

const entries = ["opencode/opencode-flux-secret OPENCODE_SERVER_PASSWORD"];
const inApp = { name: "OPENCODE_SERVER_PASSWORD", container: "app", entries };
const environment = (change: object = {}): Place => ({
  name: "the environment",
  variable: { ...inApp, ...change },
  remedy: "",
});

const pod = {
  metadata: { name: "opencode-flux-1", namespace: "opencode" },
  spec: {
    containers: [],
    volumes: [
      {
        name: "copilot-auth",
        secret: {
          secretName: "opencode-flux-secret",
          items: [{ key: "COPILOT_AUTH_JSON", path: "auth.json" }],
        },
      },
    ],
  },
};
const onClaim = "volumes/kubernetes.io~csi/pvc-1/mount/opencode-data/auth.json";
const file = (change: Partial<{ path: string; mode: number; owner: number }> = {}): Place =>
  placeOf({ path: onClaim, mode: 0o100600, owner: 1000, ...change }, pod, "uid");

it("every allowance is a line of the table in manifests/README.md", async () => {
  const readme = await readFile(join(checkoutDir, "manifests", "README.md"), "utf8");
  for (const { line } of allowances) expect(readme).toContain(`\n${line}`);
});

describe("the server password", () => {
  it("may be in its variable of OpenCode's container", () => {
    expect(isAllowed(password, environment())).toBe(true);
  });

  it.each([
    ["in another variable", environment({ name: "PASSWORD" })],
    ["in another container", environment({ container: "git-clone" })],
    ["where the pod's spec has another Secret for it", environment({ entries: [] })],
    ["in a file", file()],
  ])("may not be %s", (_where, place) => {
    expect(isAllowed(password, place)).toBe(false);
  });

  it("may not be there any more when it was rotated", () => {
    expect(isAllowed({ ...password, isFormer: true }, environment())).toBe(false);
  });
});

describe("the movers of VolSync", () => {
  const mover = { metadata: { ...pod.metadata, labels: { "app.kubernetes.io/created-by": "volsync" } } };
  const copy = (change: { path?: string; mode?: number; owner?: number } = {}) =>
    placeOf({ path: onClaim, mode: 0o100660, owner: 1000, ...change }, mover, "uid");
  const key = { ...secret("RESTIC_PASSWORD"), holders: ["opencode/flux-volsync-secret RESTIC_PASSWORD"] };
  const variable = { name: "RESTIC_PASSWORD", container: "restic", entries: key.holders };

  it("may have the repository's keys, and a copy of the login", () => {
    expect(isAllowed(key, environment(variable))).toBe(true);
    expect(isAllowed(login, copy())).toBe(true);
    expect(isAllowed(login, copy({ mode: 0o100600 }))).toBe(true);
  });

  it.each([
    ["the login for the world", login, copy({ mode: 0o100664 })],
    ["the login of another user", login, copy({ owner: 568 })],
    ["the token", pat, copy()],
    ["the repository's keys beside OpenCode", key, environment({ ...variable, container: "app" })],
    ["another Secret's value", password, environment(variable)],
  ])("may not have %s", (_what, held, place) => {
    expect(isAllowed(held, place)).toBe(false);
  });
});

describe("auth.json", () => {
  it("may be on the volume, for OpenCode's user alone", () => {
    expect(isAllowed(login, file())).toBe(true);
  });

  it.each([
    ["readable for the world", file({ mode: 0o100644 })],
    ["readable for the group", file({ mode: 0o100640 })],
    ["root's", file({ owner: 0 })],
    ["elsewhere", file({ path: onClaim.replace("auth.json", "auth.json.bak") })],
    ["on an emptyDir", file({ path: "volumes/kubernetes.io~empty-dir/home/opencode-data/auth.json" })],
    ["in an environment", environment()],
  ])("may not be %s", (_where, place) => {
    expect(isAllowed(login, place)).toBe(false);
  });
});

describe("the token", () => {
  const mounted = (container: string, path: string): Place => ({
    name: "a mounted file",
    mount: { container, file: path },
    remedy: "",
  });

  it("may be in the file that git-clone reads, as auth.json in that of seed-auth", () => {
    expect(isAllowed(pat, mounted("git-clone", "/secrets/github/pat"))).toBe(true);
    expect(isAllowed(login, mounted("seed-auth", "/secrets/copilot/auth.json"))).toBe(true);
  });

  it.each([
    ["in an environment", environment()],
    ["in a file", file()],
    ["in OpenCode's container", mounted("app", "/secrets/github/pat")],
    ["in another file", mounted("git-clone", "/home/opencode/.git-credentials")],
    ["where auth.json is", mounted("seed-auth", "/secrets/copilot/auth.json")],
  ])("may not be %s", (_where, place) => {
    expect(isAllowed(pat, place)).toBe(false);
  });
});
