import { expect, it } from "vitest";
import { enginePackages, parseSources, pickSource, sourcesFile } from "./debian-packages.ts";

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
