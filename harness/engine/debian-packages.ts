import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { execa } from "execa";
import { HarnessError } from "../base/index.ts";

/** The Debian release whose packages we need: its docker.io and containerd are new enough, and it is in every mirror. */
export const debianSuite = "trixie";

/** One archive that the machine itself installs from. */
export interface AptSource {
  uri: string;
  suites: string[];
  components: string[];
  signedBy: string | undefined;
}

/**
 * Puts `packages` and what the system lacks of their dependencies, unpacked, into `targetDir`.
 * The system's own apt is only read: lists, downloads and pins live in `workDir`. Needs root for nothing but /var/lib/dpkg.
 * @throws HarnessError `environment` when apt cannot find or fetch them; the signal's reason when that is aborted, with
 * nothing left behind.
 */
export async function unpackDebianPackages(
  packages: string[],
  targetDir: string,
  workDir: string,
  signal?: AbortSignal,
): Promise<void> {
  try {
    await unpack(packages, targetDir, workDir, signal);
  } catch (error) {
    if (!signal?.aborted) throw error;
    for (const dir of [workDir, partialOf(targetDir)]) await rm(dir, { recursive: true, force: true });
    throw signal.reason;
  }
}

const partialOf = (targetDir: string) => `${targetDir}.partial`;

async function unpack(
  packages: string[],
  targetDir: string,
  workDir: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  // What an earlier failure has left there would be unpacked too, whatever package or version it is.
  await rm(workDir, { recursive: true, force: true });
  const apt = await privateApt(workDir, signal);
  await apt(["update"]);
  const archives = join(workDir, "archives");
  await apt(["install", "--yes", "--download-only", "--no-install-recommends", "--reinstall", ...packages]);
  const partial = partialOf(targetDir);
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true });
  for (const file of (await readdir(archives)).filter((name) => name.endsWith(".deb"))) {
    await execa("dpkg", ["--extract", join(archives, file), partial], cancelledBy(signal));
  }
  await rm(targetDir, { recursive: true, force: true });
  await rename(partial, targetDir);
  await rm(workDir, { recursive: true, force: true });
}

/** A program that does not end when it is asked to is killed a second later. */
function cancelledBy(signal: AbortSignal | undefined) {
  return signal ? { cancelSignal: signal, forceKillAfterDelay: 1_000 } : {};
}

async function privateApt(workDir: string, signal: AbortSignal | undefined) {
  const release = await readOsRelease();
  const source = pickSource(await readAptSources(), release.codename);
  if (source === undefined) {
    throw new HarnessError(`apt has no archive for ${release.codename} among its sources`, {
      code: "environment",
      remedy: "Start Docker, or add the distribution's own archive to /etc/apt/sources.list.d.",
    });
  }
  for (const dir of ["lists/partial", "archives/partial"])
    await mkdir(join(workDir, dir), { recursive: true });
  await writeFile(join(workDir, "own.sources"), sourcesFile(source, suitesFor(release)));
  // The system's release wins wherever both have a package; only what is asked for by suite comes from the newer one.
  const pin = `Package: *\nPin: release n=${debianSuite}\nPin-Priority: 100\n`;
  await writeFile(join(workDir, "preferences"), release.codename === debianSuite ? "" : pin);
  const settings = {
    "Dir::State::Lists": join(workDir, "lists"),
    "Dir::Cache": workDir,
    "Dir::Cache::archives": join(workDir, "archives"),
    "Dir::Etc::sourcelist": join(workDir, "own.sources"),
    "Dir::Etc::sourceparts": "/dev/null",
    "Dir::Etc::preferences": join(workDir, "preferences"),
    "Dir::Etc::preferencesparts": "/dev/null",
    "APT::Sandbox::User": "root",
    "Debug::NoLocking": "1",
  };
  const options = Object.entries(settings).flatMap(([key, value]) => ["-o", `${key}=${value}`]);
  return async (args: string[]) => {
    const run = await execa("apt-get", [...options, ...args], {
      ...cancelledBy(signal),
      reject: false,
      all: true,
    });
    signal?.throwIfAborted();
    if (run.exitCode === 0) return;
    throw new HarnessError(`apt-get ${args[0]} failed for ${basename(dirname(workDir))}`, {
      code: "environment",
      remedy:
        "Check that this machine reaches its Debian mirror (apt-get update), then run the command again.",
      details: run.all.split("\n").slice(-15).join("\n"),
    });
  };
}

/** Where mmdebstrap gets the packages of our images from: the machine's own mirror on Debian, mmdebstrap's default elsewhere. */
export async function debianMirror(): Promise<AptSource | undefined> {
  const release = await readOsRelease();
  return release.id === "debian" ? pickSource(await readAptSources(), release.codename) : undefined;
}

export interface OsRelease {
  id: string;
  codename: string;
}

export async function readOsRelease(): Promise<OsRelease> {
  const text = await readFile("/etc/os-release", "utf8").catch(() => "");
  const field = (name: string) => new RegExp(`^${name}="?([^"\n]*)"?$`, "m").exec(text)?.[1] ?? "";
  return { id: field("ID"), codename: field("VERSION_CODENAME") };
}

/** A package as apt shall be asked for it on this machine: on Debian the one of our release. */
export async function debianPackage(name: string): Promise<string> {
  return (await readOsRelease()).id === "debian" ? `${name}/${debianSuite}` : name;
}

/** The names of docker.io, its client, and what makes its bridge, as apt shall be asked for them on this release. */
export function enginePackages(release: OsRelease): string[] {
  if (release.id === "ubuntu") return ["docker.io", "iproute2"];
  return [`docker.io/${debianSuite}`, `docker-cli/${debianSuite}`, "iproute2"];
}

function suitesFor(release: OsRelease): string[] {
  return release.id === "debian" ? [...new Set([release.codename, debianSuite])] : [release.codename];
}

export function sourcesFile(source: AptSource, suites: string[]): string {
  const lines = [
    "Types: deb",
    `URIs: ${source.uri}`,
    `Suites: ${suites.join(" ")}`,
    `Components: ${source.components.join(" ")}`,
    ...(source.signedBy === undefined ? [] : [`Signed-By: ${source.signedBy}`]),
  ];
  return `${lines.join("\n")}\n`;
}

async function readAptSources(): Promise<AptSource[]> {
  const parts = "/etc/apt/sources.list.d";
  const names = (await readdir(parts).catch(() => [])).map((name) => join(parts, name));
  const files = ["/etc/apt/sources.list", ...names];
  const parsed = await Promise.all(
    files.map(async (file) => parseSources(file, await readFile(file, "utf8").catch(() => ""))),
  );
  return parsed.flat();
}

/** Reads both of apt's formats: deb822 (`.sources`) and one line each (`.list`). */
export function parseSources(file: string, text: string): AptSource[] {
  return file.endsWith(".sources")
    ? text.split(/\n\s*\n/).flatMap(parseStanza)
    : text.split("\n").flatMap(parseLine);
}

function parseStanza(stanza: string): AptSource[] {
  const fields = new Map<string, string>();
  for (const line of stanza.split("\n").filter((line) => !line.startsWith("#"))) {
    const [key, value] = [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1)];
    if (/^[A-Za-z-]+$/.test(key)) fields.set(key.toLowerCase(), value.trim());
  }
  if (!(fields.get("types") ?? "").split(/\s+/).includes("deb")) return [];
  const words = (key: string) => (fields.get(key) ?? "").split(/\s+/).filter(Boolean);
  const signedBy = fields.get("signed-by") || undefined;
  return words("uris").map((uri) => ({
    uri,
    suites: words("suites"),
    components: words("components"),
    signedBy,
  }));
}

function parseLine(line: string): AptSource[] {
  const match = /^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.+)$/.exec(line.trim());
  if (match === null) return [];
  const [, options = "", uri = "", suite = "", components = ""] = match;
  const signedBy = /signed-by=(\S+)/.exec(options)?.[1];
  return [{ uri, suites: [suite], components: components.trim().split(/\s+/), signedBy }];
}

/** The distribution's main archive: it names the release itself, not `-security` or somebody's extra repository. */
export function pickSource(sources: AptSource[], codename: string): AptSource | undefined {
  return sources.find(({ suites, components }) => suites.includes(codename) && components.includes("main"));
}
