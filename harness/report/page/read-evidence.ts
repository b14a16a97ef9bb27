import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { initContainers } from "./init-containers.ts";
import { plainFiles, plainText } from "./plain-file.ts";
import type { Evidence, Warning } from "./run-page-data.ts";
import { unreadyObjects } from "./unready-objects.ts";
import { type UnreadyPod, unreadyPods } from "./unready-pods.ts";
import { worldFolders } from "./worlds.ts";

/**
 * What each failure of the run has left behind, below `evidence/` of its directory; nothing where there is none. A second
 * world that could not be started has left that in its own folder.
 */
export async function readEvidence(run: string): Promise<Evidence[]> {
  const worlds = await worldFolders(run);
  return (await Promise.all(worlds.map((world) => readWorld(run, world)))).flat();
}

async function readWorld(run: string, world: string): Promise<Evidence[]> {
  const place = join(world, "evidence");
  const entries = await readdir(join(run, place), { withFileTypes: true }).catch(() => []);
  const labels = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  return Promise.all(labels.sort().map((label) => readOne(run, { label, folder: join(place, label) })));
}

async function readOne(
  run: string,
  { label, folder }: Pick<Evidence, "label" | "folder">,
): Promise<Evidence> {
  const directory = join(run, folder);
  const files = await plainFiles(directory);
  const names = files.map(({ name }) => name);
  const text = (name: string) => plainText(join(directory, name));
  const others = names.filter((name) => name.endsWith(".yaml") && !/^(pod|node)\.yaml$/.test(name));
  const [events, podYaml, objectYaml] = await Promise.all([
    text("events.txt"),
    text("pod.yaml"),
    Promise.all(others.map(text)),
  ]);
  const pods = unreadyPods(podYaml).slice(0, mostPods);
  const logs = pods.flatMap(logsOf).filter(({ file }) => names.includes(file));
  const read = await Promise.all(
    logs.map(async ({ of, file }) => ({ of, text: lastLines(await text(file), mostLogLines) })),
  );
  const before = initContainers(podYaml).slice(0, mostInitContainers);
  const initLogs = await Promise.all(
    before.map(async ({ namespace, pod, container }) => ({
      pod,
      container,
      text: lastLines(await text(`${namespace}-${pod}-${container}.log`), mostInitLines),
    })),
  );
  return {
    label,
    folder,
    files,
    warnings: warningsIn(events),
    objects: objectYaml.flatMap(unreadyObjects).slice(0, mostObjects),
    pods,
    logs: read.filter((log) => log.text !== ""),
    initLogs: initLogs.filter((log) => log.text !== ""),
  };
}

/** More would be the cluster's trouble, not a pod's. */
const mostPods = 8;
const mostObjects = 16;
const mostLogLines = 25;
const mostInitContainers = 60;
const mostInitLines = 5;
const mostWarnings = 40;

/** Of a container that was restarted the log before tells why. */
function logsOf({ namespace, name, containers }: UnreadyPod): { of: string; file: string }[] {
  return containers.flatMap((container) =>
    ["", ".previous"].map((instance) => ({
      of: `${name}/${container}${instance === "" ? "" : ", before its restart"}`,
      file: `${namespace}-${name}-${container}${instance}.log`,
    })),
  );
}

/** As text: a page knows no colours of a terminal. */
function lastLines(text: string, most: number): string {
  return stripVTControlCharacters(text).trimEnd().split("\n").slice(-most).join("\n");
}

/** Said of every cluster that runs in containers. */
const usual = / CgroupV1: /;

/** The youngest warnings in events.txt, whose lines begin with an ISO time and `Warning` or `Normal`; each once. */
function warningsIn(events: string): Warning[] {
  const warnings = events.split("\n").flatMap((line) => {
    const [, at, text] = /^(\S+) Warning (.*)$/.exec(line) ?? [];
    return at !== undefined && text !== undefined && !usual.test(line) ? [{ at, text }] : [];
  });
  const told = [...Map.groupBy(warnings, ({ text }) => text)].map(([text, times]) => {
    const often = times.length === 1 ? "" : ` (${times.length} times)`;
    return { at: times.at(-1)?.at ?? "", text: `${text}${often}` };
  });
  return told.sort((a, b) => a.at.localeCompare(b.at)).slice(-mostWarnings);
}
