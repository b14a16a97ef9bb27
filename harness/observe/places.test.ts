import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { watchProgram } from "../../fixtures/operator/watch.ts";
import type { Cluster } from "../cluster/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import { LeakSearch } from "./leak-search.ts";
import { leavesOf } from "./leaves.ts";
import { readLog, withoutPrefixes } from "./log-places.ts";
import { mountedSecrets } from "./mount-places.ts";
import { readRelease } from "./object-places.ts";
import { type Place, readAll, type Source } from "./place.ts";
import { filesIn } from "./process-places.ts";
import { secretsIn } from "./secret-values.ts";
import { placeOf } from "./volume-places.ts";
import { shownBy } from "./watched-program.ts";

const value = "T4mZk8BfY69pQ2vXw7Lr1cDe";
const cluster = (password: string) =>
  ({
    objects: {
      all: async () => [
        {
          metadata: { namespace: "opencode", name: "one" },
          data: { PASSWORD: Buffer.from(password).toString("base64") },
        },
      ],
    },
  }) as unknown as Cluster;

const facts = testFacts("opencode-ha", {
  held: [
    { container: "app", secret: "one", key: "PASSWORD", variable: "OPENCODE_SERVER_PASSWORD" },
    { container: "git-clone", secret: "one", key: "PASSWORD", path: "/secrets/password" },
  ],
});
const pod = { namespace: "opencode", name: "opencode-ha-1" };

const stageWith = (password: string) => ({
  cluster: cluster(password),
  allWorkspaces: [{ namespace: "opencode", name: "opencode-ha", facts }],
});

const text =
  (content: string, place: Partial<Place> = {}): Source =>
  async (_cluster, open) =>
    readAll(open, { name: "the log of a container", remedy: "mend it", ...place }, content);

describe("what is no secret", () => {
  const inSecret = (text: string, publicValues: string[]) =>
    secretsIn(
      [{ metadata: { namespace: "a", name: "b" }, data: { KEY: Buffer.from(text).toString("base64") } }],
      publicValues,
    );

  it("is a public value, alone or with a name around it", () => {
    const address = "s3:http://minio.home.arpa:9000/volsync";
    expect(inSecret("owner@home.example", ["owner@home.example"])).toEqual([]);
    expect(inSecret(`${address}/opencode-flux`, [address])).toEqual([]);
  });

  it("is not what stands beside a public value", () => {
    const [found] = inSecret(`https://minio.home.arpa/${value}`, ["https://minio.home.arpa"]);
    expect(found?.bytes.toString()).toBe(value);
  });
});

describe("a search", () => {
  it("says what it has read, and passes where no secret is", async () => {
    const search = new LeakSearch();
    await search.learn(stageWith(value));
    const searched = await search.read([text("cloned\n")], stageWith(value));
    expect(searched).toEqual({ places: ["the log of a container"], bytes: 7, allowed: 0 });
  });

  it("names secret, place, line and length, and never shows the secret", async () => {
    const search = new LeakSearch();
    await search.learn(stageWith(value));
    const error = await search
      .read([text(`set\nPASSWORD=${value}\n`)], stageWith(value))
      .catch((thrown) => thrown);
    expect(error).toMatchObject({
      code: "failed",
      message: "the log of a container shows PASSWORD of Secret opencode/one",
      details:
        "the log of a container, line 2: PASSWORD of Secret opencode/one: 24 characters from offset 0, as it is",
      remedy: "mend it",
    });
    expect(JSON.stringify([error.message, error.details, error.remedy])).not.toContain(value.slice(0, 12));
  });

  it("shows the line of a log around what was seen there, and no part of any secret", async () => {
    const search = new LeakSearch();
    await search.learn(stageWith(value));
    const source: Source = async (_cluster, open) => {
      const coded = Buffer.from(value).toString("base64");
      const log = `ready\ncloning with ${value.slice(3)}, or ${coded}!\nPASS\\\n  ${value.slice(0, 14)}\n`;
      readLog(open, { name: "the log", remedy: "" }, Buffer.from(log));
    };
    const error = await search.read([source], stageWith(value)).catch((thrown) => thrown);
    const name = "PASSWORD of Secret opencode/one";
    expect(error.details).toContain(
      `the log, line 2: ${name}: 32 characters from offset 0, base64\n  cloning with ‹${name}›, or ‹${name}›!`,
    );
    expect(error.details).not.toContain(value.slice(3, 15));
  });

  it("knows a value that was rotated away as the former one", async () => {
    const search = new LeakSearch();
    await search.learn(stageWith(value));
    await search.learn(stageWith([...value].reverse().join("")));
    expect(search.size).toBe(2);
    await expect(search.read([text(value)], stageWith(""))).rejects.toThrow(
      "the log of a container shows the former PASSWORD of Secret opencode/one",
    );
  });

  it("searches for what has taken an entry's place elsewhere, until it is the former one", async () => {
    const successor = "gho_renewed123456789";
    const search = new LeakSearch();
    await search.learn(stageWith(value), [
      { holder: "opencode/opencode-flux-secret GITHUB_PAT", content: JSON.stringify({ refresh: successor }) },
    ]);
    const read = () => search.read([text(successor)], stageWith(""));
    const name = "refresh in what came in place of opencode/opencode-flux-secret GITHUB_PAT";
    await expect(read()).rejects.toThrow(`the log of a container shows ${name}`);
    await search.learn(stageWith(value));
    await expect(read()).rejects.toThrow(`the log of a container shows the former ${name}`);
  });

  it("that sees no secret even where one must be proves nothing", async () => {
    const search = new LeakSearch();
    await search.learn(stageWith(value));
    const notes: string[] = [];
    const expectIn = (source: Source) =>
      search.expectOnlyAllowedIn([source], stageWith(value), {
        progress: { note: (line) => void notes.push(line) },
      });
    await expect(expectIn(text("nothing"))).rejects.toThrow(
      "no secret was seen even where the manifests say",
    );
    const variable = {
      name: "OPENCODE_SERVER_PASSWORD",
      container: "app",
      entries: ["opencode/one PASSWORD"],
    };
    await expectIn(text(value, { variable, pod }));
    expect(notes).toEqual(["1 places, 0.0 MB; secrets stand in them 1 times, where they may"]);
  });

  it("asks each source for the secret that must be seen there", async () => {
    const search = new LeakSearch();
    await search.learn(stageWith(value));
    const variable = {
      name: "OPENCODE_SERVER_PASSWORD",
      container: "app",
      entries: ["opencode/one PASSWORD"],
    };
    // No pod of this cluster mounts a Secret, while the password is where it may be.
    const sources = [text(value, { variable, pod }), mountedSecrets];
    const stage = {
      ...stageWith(value),
      cluster: { objects: { all: async () => [] } } as unknown as Cluster,
    };
    await expect(
      search.expectOnlyAllowedIn(sources, stage, { progress: { note: () => {} } }),
    ).rejects.toMatchObject({
      code: "failed",
      message: expect.stringMatching(/^no secret was seen even .*, in 0 places, 0\.0 MB of mountedSecrets$/),
    });
  });

  it("that finds no place to look in proves nothing", async () => {
    const search = new LeakSearch();
    await search.learn(stageWith(value));
    const context = { progress: { note: () => {} } };
    const nowhere: Source = async () => {};
    await expect(
      search.expectNothingIn([text("cloned\n"), nowhere], stageWith(value), context),
    ).rejects.toMatchObject({
      code: "environment",
      message: "the search found no place to look in among: nowhere",
    });
    await search.expectNothingIn([text("cloned\n")], stageWith(value), context);
  });
});

describe("what is read of a place", () => {
  it("of a log: the lines as they were written, long ones in one piece", () => {
    const log = [
      "2026-01-01T00:00:00.1Z stdout F Cloning into 'x'",
      "2026-01-01T00:00:00.2Z stderr P token: T4mZk8",
      "2026-01-01T00:00:00.3Z stderr F BfY6",
      "",
    ].join("\n");
    expect(withoutPrefixes(Buffer.from(log)).toString()).toBe("Cloning into 'x'\ntoken: T4mZk8BfY6\n");
  });

  it("of an object: keys and values, and the field of each", () => {
    const object = {
      kind: "Deployment",
      spec: { env: [{ name: "A" }, { name: "PASSWORD", value }] },
      replicas: 1,
    };
    const { text, pathAt } = leavesOf(object);
    expect(pathAt(text.indexOf(value) + 3)).toBe("spec.env.1.value");
    expect(pathAt(text.indexOf("replicas"))).toBe("replicas");
  });

  it("of Helm's stored release: what is in its base64 and gzip", async () => {
    const release = gzipSync(JSON.stringify({ config: { password: value } })).toString("base64");
    const data = { release: Buffer.from(release).toString("base64") };
    const metadata = { namespace: "opencode", name: "sh.helm.release.v1.opencode-ha.v2" };
    const search = new LeakSearch();
    await search.learn(stageWith(value));
    const source: Source = async (_cluster, open) => readRelease(open, { metadata }, data);
    await expect(search.read([source], stageWith(value))).rejects.toMatchObject({
      message: expect.stringMatching(
        /^Helm's stored release opencode\/sh\.helm\.release\.v1\.opencode-ha\.v2 shows/,
      ),
      details: expect.stringContaining("field config.password"),
      look: [
        { kind: "HelmRelease", name: "opencode-ha", field: ["spec", "values", "controllers", "opencode-ha"] },
      ],
    });
  });

  it("of processes: each file that head has named, bytes and all", () => {
    const output = Buffer.from(
      "==> /proc/1/cmdline <==\nsh\0-c\0a\nb\0\n==> /proc/1/environ <==\nA=1\0B=\xff\0",
      "latin1",
    );
    const files = filesIn(output);
    expect(files.get("/proc/1/cmdline")?.toString("latin1")).toBe("sh\0-c\0a\nb\0");
    expect(files.get("/proc/1/environ")?.toString("latin1")).toBe("A=1\0B=\xff\0");
  });

  it("of a volume: files by their path on it, of an emptyDir by its name", () => {
    const pod = { metadata: { name: "opencode-ha-1", namespace: "opencode" }, spec: { containers: [] } };
    const file = (path: string) => placeOf({ path, mode: 0o100600, owner: 1000 }, pod, "uid").name;
    expect(file("volumes/kubernetes.io~csi/pvc-1/mount/workspace/x/.git/config")).toBe(
      "file workspace/x/.git/config (mode 600, owner 1000) on the volume of pod opencode/opencode-ha-1",
    );
    expect(file("volumes/kubernetes.io~empty-dir/home/.netrc")).toBe(
      "file .netrc (mode 600, owner 1000) on the emptyDir home of pod opencode/opencode-ha-1",
    );
  });
});

describe("a program that is watched", () => {
  const run = async (script: string) => {
    const directory = await mkdtemp(join(tmpdir(), "watched-"));
    try {
      await writeFile(join(directory, "input"), value);
      const env = { PATH: process.env.PATH };
      const command = { file: "/bin/sh", args: ["-c", script], directory, env };
      const watched = await watchProgram(command);
      const search = new LeakSearch();
      await search.learn(stageWith(value));
      return await search.read([shownBy("script.sh", watched)], stageWith(value)).then(
        () => `nothing, exit code ${watched.exitCode}`,
        (error: Error) => error.message,
      );
    } finally {
      await rm(directory, { recursive: true });
    }
  };

  // Side by side, and long enough to be seen on a machine that has much to do.
  it.concurrent.each([
    ["nothing of what it reads", "sleep 1 < input; exit 3", "nothing, exit code 3"],
    ["its output", "cat input >&2; sleep 1", "the output of script.sh shows"],
    [
      "an argument of a child",
      'sh -c "sleep 1; true" "$(cat input)"',
      "the command line of a process of script.sh",
    ],
    ["a variable of a child", 'A="$(cat input)" sleep 1', "the environment of a process of script.sh"],
    [
      "a file that it leaves",
      "mkdir tmp; cp input tmp/copy; sleep 1",
      "file tmp/copy, written by script.sh, shows",
    ],
    [
      "a file that it removes again",
      "cp input copy; sleep 1; rm copy",
      "file copy, written by script.sh, shows",
    ],
  ])("shows %s", async (_what, script, expected) => {
    expect(await run(script)).toContain(expected);
  });
});

it("of mounted Secrets each file that a container has is read, and no other key", async () => {
  const data = {
    PASSWORD: Buffer.from(value).toString("base64"),
    NAME: Buffer.from("me").toString("base64"),
  };
  const secretVolume = (items?: { key: string; path: string }[]) => ({
    name: "keys",
    secret: { secretName: "one", ...(items ? { items } : {}) },
  });
  const clusterWith = (volume: object, mount: object) => {
    const spec = {
      volumes: [volume],
      containers: [{ name: "app", volumeMounts: [{ name: "keys", ...mount }] }],
    };
    const all = async ({ kind }: { kind: string }) =>
      kind === "Pod"
        ? [{ metadata: { name: "p" }, spec }]
        : [{ metadata: { namespace: "opencode", name: "one" }, data }];
    return { objects: { all } } as unknown as Cluster;
  };
  const places = async (volume: object, mount: object) => {
    const search = new LeakSearch();
    return search
      .read([mountedSecrets], { ...stageWith(value), cluster: clusterWith(volume, mount) })
      .then(({ places }) => places.map((place) => place.split(" ")[1]));
  };
  expect(await places(secretVolume(), { mountPath: "/keys" })).toEqual(["/keys/PASSWORD", "/keys/NAME"]);
  expect(await places(secretVolume([{ key: "NAME", path: "n" }]), { mountPath: "/keys" })).toEqual([
    "/keys/n",
  ]);
  expect(await places(secretVolume(), { mountPath: "/me", subPath: "NAME" })).toEqual(["/me"]);
  expect(await places({ name: "keys", emptyDir: {} }, { mountPath: "/keys" })).toEqual([]);
});
