import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import {
  enginePackages,
  parseSources,
  pickSource,
  readOsRelease,
  sourcesFile,
  unpackDebianPackages,
} from "./debian-packages.ts";

const deb822 = `# a comment
Types: deb deb-src
URIs: http://mirror.test/debian
Suites: bookworm bookworm-updates
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.test/debian-security
Suites: bookworm-security
Components: main
`;

it("reads deb822 stanzas", () => {
  expect(parseSources("debian.sources", deb822)).toEqual([
    {
      uri: "http://mirror.test/debian",
      suites: ["bookworm", "bookworm-updates"],
      components: ["main", "contrib"],
      signedBy: "/usr/share/keyrings/debian-archive-keyring.gpg",
    },
    {
      uri: "http://mirror.test/debian-security",
      suites: ["bookworm-security"],
      components: ["main"],
      signedBy: undefined,
    },
  ]);
});

it("reads one-line sources with and without options", () => {
  const list =
    "# deb http://off.test/ x main\ndeb [arch=amd64 signed-by=/k.gpg] http://a.test/debian trixie main contrib\n";
  expect(parseSources("sources.list", list)).toEqual([
    { uri: "http://a.test/debian", suites: ["trixie"], components: ["main", "contrib"], signedBy: "/k.gpg" },
  ]);
});

it("leaves out source-only stanzas", () => {
  const stanza = "Types: deb-src\nURIs: http://a.test/\nSuites: x\nComponents: main\n";
  expect(parseSources("a.sources", stanza)).toEqual([]);
});

it("picks the archive of the release, not its security archive or a stranger's", () => {
  const strangers = parseSources("cloud.list", "deb http://cloud.test/apt cloud-sdk-bookworm main");
  const own = parseSources("debian.sources", deb822);
  expect(pickSource([...strangers, ...own.reverse()], "bookworm")?.uri).toBe("http://mirror.test/debian");
});

it("finds nothing for a release that no source names", () => {
  expect(pickSource(parseSources("debian.sources", deb822), "noble")).toBeUndefined();
});

it("writes a source that it reads back the same", () => {
  const [source] = parseSources("debian.sources", deb822);
  if (source === undefined) throw new Error("no source");
  const again = parseSources("own.sources", sourcesFile(source, ["bookworm", "trixie"]));
  expect(again).toEqual([{ ...source, suites: ["bookworm", "trixie"] }]);
});

it("asks Ubuntu for its own docker.io, which brings the client along", () => {
  expect(enginePackages({ id: "ubuntu", codename: "noble" })).toEqual(["docker.io", "iproute2"]);
});

const isDebianLike = ["debian", "ubuntu"].includes((await readOsRelease()).id);

/** apt-get and dpkg are stand-ins: apt "downloads" one package into the folder it is told, dpkg unpacks a file of its name. */
describe.runIf(isDebianLike)("unpackDebianPackages", () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), "apt-"));
    await program("dpkg", 'touch "$3/$(basename "$2")"');
    await program("apt-get", 'touch "$(echo "$*" | sed "s/.*Dir::Cache::archives=//; s/ .*//")/new.deb"');
    vi.stubEnv("PATH", [dir, process.env.PATH].join(delimiter));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(dir, { recursive: true, force: true });
  });

  async function program(name: string, script: string): Promise<void> {
    await writeFile(join(dir, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(dir, name), 0o755);
  }
  const unpack = (signal?: AbortSignal) =>
    unpackDebianPackages(["any"], join(dir, "root"), join(dir, "apt"), signal);

  it("unpacks what was asked for now, and nothing that an earlier failure has left", async () => {
    await mkdir(join(dir, "apt", "archives"), { recursive: true });
    await writeFile(join(dir, "apt", "archives", "old.deb"), "");
    await unpack();
    expect(await readdir(join(dir, "root"))).toEqual(["new.deb"]);
  });

  it("ends with the interruption while apt waits for its mirror, and leaves nothing", async () => {
    await program("apt-get", "exec sleep 60");
    const abort = new AbortController();
    const unpacking = unpack(abort.signal);
    setTimeout(() => abort.abort(new Error("Ctrl-C")), 300);
    await expect(unpacking).rejects.toThrow("Ctrl-C");
    expect(await readdir(dir)).toEqual(["apt-get", "dpkg"]);
  });
});
