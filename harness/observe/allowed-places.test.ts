import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { renderHome } from "../home/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { allowancesOf, hasAllowedPlace, isAllowed } from "./allowed-places.ts";
import type { Place } from "./place.ts";
import type { Secret } from "./secret-values.ts";
import { placeOf, volumes } from "./volume-places.ts";

const facts = testFacts("opencode-flux", {
  claims: [
    {
      name: "opencode-flux",
      mounts: [
        {
          container: "app",
          path: "/home/opencode/.local/share/opencode",
          subPath: "opencode-data",
          readOnly: false,
        },
        { container: "seed-auth", path: "/data", subPath: "", readOnly: false },
      ],
    },
  ],
});
const allowances = allowancesOf([facts]);
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
  pod: { namespace: "opencode", name: "opencode-flux-1" },
  variable: { ...inApp, ...change },
  remedy: "",
});

const pod = {
  metadata: { name: "opencode-flux-1", namespace: "opencode" },
  spec: { containers: [] },
};
const onClaim = "volumes/kubernetes.io~csi/pvc-1/mount/opencode-data/auth.json";
const file = (change: Partial<{ path: string; mode: number; owner: number }> = {}): Place =>
  placeOf({ path: onClaim, mode: 0o100600, owner: 1000, ...change }, pod, "uid");

it("manifests/ gives its secrets to those whom the table in its README names, and to nobody else", async () => {
  const readme = await readFile(join(checkoutDir, "manifests", "README.md"), "utf8");
  const table = readme.slice(readme.indexOf("## Where secrets may be"));
  const row = (secret: string) => table.split("\n").find((line) => line.startsWith(`| ${secret} |`)) ?? "";
  const { workspaces } = await renderHome({ manifests: join(checkoutDir, "manifests") });
  const told = workspaces.flatMap(({ held, container }) =>
    held.map(({ key = "", variable, path, ...one }) => {
      if (variable)
        return one.container === container && row("server password").includes("environment of the `app`");
      const line = row(key === "GITHUB_PAT" ? "GitHub PAT" : "auth.json");
      return line.includes(`\`${path}\` in \`${one.container}\``);
    }),
  );
  expect(told).toEqual(Array(6).fill(true));
});

describe("the server password", () => {
  it("may be in its variable of OpenCode's container", () => {
    expect(isAllowed(allowances, password, environment())).toBe(true);
  });

  it.each([
    ["in another variable", environment({ name: "PASSWORD" })],
    ["in another container", environment({ container: "git-clone" })],
    ["where the pod's spec has another Secret for it", environment({ entries: [] })],
    ["in a file", file()],
  ])("may not be %s", (_where, place) => {
    expect(isAllowed(allowances, password, place)).toBe(false);
  });

  it("may not be there any more when it was rotated", () => {
    expect(isAllowed(allowances, { ...password, isFormer: true }, environment())).toBe(false);
  });
});

describe("the movers of VolSync", () => {
  const mover = { metadata: { ...pod.metadata, labels: { "app.kubernetes.io/created-by": "volsync" } } };
  const copy = (change: { path?: string; mode?: number; owner?: number } = {}) =>
    placeOf({ path: onClaim, mode: 0o100660, owner: 1000, ...change }, mover, "uid");
  const key = {
    ...secret("RESTIC_PASSWORD"),
    holders: ["opencode/opencode-flux-volsync-secret RESTIC_PASSWORD"],
  };
  const variable = { name: "RESTIC_PASSWORD", container: "restic", entries: key.holders };

  it("may have the repository's keys, and a copy of the login", () => {
    expect(isAllowed(allowances, key, environment(variable))).toBe(true);
    expect(isAllowed(allowances, login, copy())).toBe(true);
    expect(isAllowed(allowances, login, copy({ mode: 0o100600 }))).toBe(true);
  });

  it.each([
    ["the login for the world", login, copy({ mode: 0o100664 })],
    ["the login of another user", login, copy({ owner: 568 })],
    ["the token", pat, copy()],
    ["the repository's keys beside OpenCode", key, environment({ ...variable, container: "app" })],
    ["another Secret's value", password, environment(variable)],
  ])("may not have %s", (_what, held, place) => {
    expect(isAllowed(allowances, held, place)).toBe(false);
  });
});

describe("auth.json", () => {
  it("may be on the volume, for OpenCode's user alone", () => {
    expect(isAllowed(allowances, login, file())).toBe(true);
  });

  it.each([
    ["readable for the world", file({ mode: 0o100644 })],
    ["readable for the group", file({ mode: 0o100640 })],
    ["root's", file({ owner: 0 })],
    ["elsewhere", file({ path: onClaim.replace("auth.json", "auth.json.bak") })],
    ["on an emptyDir", file({ path: "volumes/kubernetes.io~empty-dir/home/opencode-data/auth.json" })],
    ["in an environment", environment()],
  ])("may not be %s", (_where, place) => {
    expect(isAllowed(allowances, login, place)).toBe(false);
  });
});

describe("the token", () => {
  const mounted = (container: string, path: string): Place => ({
    name: "a mounted file",
    pod: { namespace: "opencode", name: "opencode-flux-1" },
    mount: { container, file: path },
    remedy: "",
  });

  it("may be in the file that git-clone reads, as auth.json in that of seed-auth", () => {
    expect(isAllowed(allowances, pat, mounted("git-clone", "/secrets/github/pat"))).toBe(true);
    expect(isAllowed(allowances, login, mounted("seed-auth", "/secrets/copilot/auth.json"))).toBe(true);
  });

  it.each([
    ["in an environment", environment()],
    ["in a file", file()],
    ["in OpenCode's container", mounted("app", "/secrets/github/pat")],
    ["in another file", mounted("git-clone", "/home/opencode/.git-credentials")],
    ["where auth.json is", mounted("seed-auth", "/secrets/copilot/auth.json")],
  ])("may not be %s", (_where, place) => {
    expect(isAllowed(allowances, pat, place)).toBe(false);
  });
});

describe("another layout", () => {
  const other = testFacts("coder", {
    namespace: "dev",
    workload: { kind: "StatefulSet", name: "coder" },
    container: "opencode",
    uid: 568,
    dataDirectory: "/data/share/opencode",
    claims: [
      {
        name: "data-coder-0",
        mounts: [{ container: "opencode", path: "/data", subPath: "", readOnly: false }],
      },
    ],
    login: { how: "written", container: "login", source: { secret: "coder-secret", key: "auth.json" } },
    held: [
      { container: "login", secret: "coder-secret", path: "/login" },
      { container: "opencode", secret: "coder-secret" },
    ],
  });
  const theirs = { ...login, holders: ["dev/coder-secret auth.json"] };
  const coder = { namespace: "dev", name: "coder-0" };
  const onVolume = {
    path: "share/opencode/auth.json",
    isOnClaim: true,
    isMovers: false,
    mode: 0o600,
    owner: 568,
  };
  const inMount: Place = {
    name: "",
    remedy: "",
    pod: coder,
    mount: { container: "login", file: "/login/auth.json" },
  };

  it.each<[string, Place, boolean]>([
    ["a whole Secret that is mounted", inMount, true],
    ["that of another workspace's pod", { ...inMount, pod: { namespace: "dev", name: "other-0" } }, false],
    ["the volume's root", { name: "", remedy: "", pod: coder, file: onVolume }, true],
    [
      "a file of another user",
      { name: "", remedy: "", pod: coder, file: { ...onVolume, owner: 1000 } },
      false,
    ],
  ])("is judged by what its manifests say: %s", (_where, place, isRight) => {
    expect(isAllowed(allowancesOf([other]), theirs, place)).toBe(isRight);
  });

  it("has every key of a Secret in the environment that takes all of it", () => {
    const entries = ["dev/coder-secret auth.json"];
    const place = {
      name: "",
      remedy: "",
      pod: coder,
      variable: { name: "auth.json", container: "opencode", entries },
    };
    expect(isAllowed(allowancesOf([other]), theirs, place)).toBe(true);
  });
});

describe("a .netrc of the clone", () => {
  const facts = testFacts("coder", {
    clones: [
      {
        repository: "jbaker/notebook",
        transport: "https",
        container: "clone",
        credentials: [{ secret: "opencode-flux-secret", key: "GITHUB_PAT" }],
      },
    ],
  });
  const netrc = (change: object = {}, running = ["clone"]): Place => ({
    name: "",
    remedy: "",
    pod: { namespace: "opencode", name: "coder-0", running },
    file: {
      path: "volumes/kubernetes.io~empty-dir/memory/.netrc",
      isOnClaim: false,
      isMovers: false,
      mode: 0o600,
      owner: 1000,
      ...change,
    },
  });
  const isRight = (place: Place, held = pat) => isAllowed(allowancesOf([facts]), held, place);

  it("may be beside the volume as long as the clone runs", () => {
    expect(isRight(netrc())).toBe(true);
  });

  it.each([
    ["when the clone has ended", netrc({}, ["app"]), pat],
    ["on the volume", netrc({ isOnClaim: true }), pat],
    ["for others", netrc({ mode: 0o644 }), pat],
    ["with another secret", netrc(), password],
  ])("may not be there %s", (_when, place, held) => {
    expect(isRight(place, held)).toBe(false);
  });

  it("is not asked for where none is", () => {
    expect(
      hasAllowedPlace(
        allowancesOf([{ ...facts, held: [] }]).filter((one) => one.isOfMoment),
        volumes,
      ),
    ).toBe(false);
  });
});
