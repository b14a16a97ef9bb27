import { posix } from "node:path";
import type { V1Container, V1PodSpec } from "@kubernetes/client-node";
import { innermostMount, isAtOrBelow } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { plainPath, withoutWords } from "../../reading/clone-commands.ts";
import { type Inspected, type InspectedWorkspace, specOf, titleOf } from "../../reading/inspected.ts";
import { keptDirectories, placeOnVolume } from "../../reading/kept-places.ts";
import { wholePath } from "../../reading/script-paths.ts";
import { named, scriptsIn } from "../../reading/scripts.ts";
import { rule } from "../../rule.ts";

/** A `find` with all its words, and the `xargs` that it feeds. */
const finds = /(?<=^|[\s;&|({`])find\s+((?:\\.|[^\n;&|\\])*(?:\|\s*xargs\b[^\n;&|]*)?)/gm;
const removes = /\s-delete\b|\s-(?:exec|execdir|ok)\s+(?:\/\S*\/)?(?:rm|unlink|shred)\b|\bxargs\b.*\brm\b/;
const asksAge = /\s-(?:[acm](?:time|min)|newer\w*|used)\s/;
const names = /(?<!(?:!|-not)\s+)-i?(?:name|path|wholename|regex)\s+(\S+)/g;

/** What may go by its age, by the directory that it is in or by its own name. */
const passing = /(^|\/)\.?(logs?|te?mp|_?ca(?:che|ches|cache)|trash|tool-output)(\/|$)/i;
const passingName = /logs?\b|te?mp|cache|trash|partial|without-git|\.(new|bak|old|lock|gz)\b/i;

interface Mount {
  path: string;
  subPath: string;
}

/** A directory of the claim from which a script removes what is old; undefined where it does not. */
function swept(text: string, { volumeMounts }: V1Container, claims: readonly Mount[]): Swept | undefined {
  const commands = [...withoutWords(text.replaceAll("\\\n", " ")).matchAll(finds)];
  return commands
    .flatMap(({ 1: rest = "", index }) => {
      const tests = ` ${rest}`;
      const asked = [...tests.matchAll(names)].map(([, name = ""]) => name);
      const isOfPassing = asked.length > 0 && asked.every((name) => passingName.test(name));
      if (!removes.test(tests) || !asksAge.test(tests) || isOfPassing) return [];
      const words = rest.split(/\s+/).filter((word) => !/^-[HLP]$/.test(word));
      const end = words.findIndex((word) => /^[-(!\\]/.test(word));
      const paths = words.slice(0, end).map(plainPath);
      // Without a path it is where the script has gone to.
      const all = (paths.length > 0 ? paths : ["."]).flatMap((path) => wholePath(text, index, path) ?? []);
      return all.flatMap((path) => {
        const on = innermostMount(volumeMounts, path)?.mountPath;
        const own = claims.find((mount) => mount.path === on);
        const isAbove =
          !/\s-(xdev|mount)\b/.test(tests) && claims.some((mount) => isAtOrBelow(mount.path, path));
        const isOfClaim = (own || isAbove) && !passing.test(own ? `${own.subPath}${path}` : path);
        const sure = path.replace(/\/[^/]*[*?[{,].*$/, ""); // what the shell fills in may be all of it
        const onVolume = own ? posix.join(own.subPath, posix.relative(own.path, sure)) : "";
        return isOfClaim ? { path, onVolume: onVolume === "." ? "" : onVolume } : [];
      });
    })
    .at(0);
}

interface Swept {
  /** In the container that does it. */
  path: string;
  onVolume: string;
}

/** Elsewhere than where work or sessions lie it may be the owner's own way to keep order. */
function told(
  who: string,
  { path, onVolume }: Swept,
  workspace: InspectedWorkspace,
): Pick<Fault, "message" | "remedy" | "severity"> {
  // Without a workingDir nobody knows which of the directories is the work.
  const isAnything = workspace.facts.workingDirectory === undefined;
  const isOfWork = keptDirectories(workspace).some(({ directory }) => {
    const place = placeOnVolume(workspace, directory);
    return place !== undefined && meet(`/${onVolume}`, `/${place.path}`);
  });
  return {
    message: `${who} removes what is old from ${path}, which is on the claim: files that nobody has touched for a while, and git's own objects, are work and sessions too`,
    remedy: "take it away, or let find begin at a directory of logs or caches",
    ...(isOfWork || isAnything ? {} : { severity: "warning" }),
  };
}

const meet = (one: string, other: string) => isAtOrBelow(one, other) || isAtOrBelow(other, one);

function byHelpers(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const { container, workspace, text } = script;
    const mounts = workspace.facts.claims.flatMap((claim) =>
      claim.mounts.filter((mount) => mount.container === container.name),
    );
    const found = swept(text, container, mounts);
    if (found === undefined) return [];
    return {
      ...told(named(script), found, workspace),
      ...script.at(/^\s*(?![\s#]).*\bfind\s(?!.*\b(?:logs?|tmp|caches?)\b)/),
    };
  });
}

interface JobSpec {
  template?: { spec?: V1PodSpec };
  jobTemplate?: { spec?: { template?: { spec?: V1PodSpec } } };
}

/** A job of the same namespace that mounts a workspace's claim. */
function byJobs(workspace: InspectedWorkspace, inspected: Inspected): Fault[] {
  const { facts } = workspace;
  const jobs = ["CronJob", "Job"].flatMap(inspected.of);
  return jobs.flatMap((job) => {
    const { template, jobTemplate } = specOf<JobSpec>(job);
    const pod = (jobTemplate?.spec?.template ?? template)?.spec;
    if (job.object.metadata.namespace !== facts.namespace || !pod) return [];
    const volumes = (pod.volumes ?? []).filter(({ persistentVolumeClaim: claim }) =>
      facts.claims.some(({ name }) => name === claim?.claimName),
    );
    return [...(pod.initContainers ?? []), ...(pod.containers ?? [])].flatMap((container) => {
      const mounts = (container.volumeMounts ?? [])
        .filter((mount) => volumes.some(({ name }) => name === mount.name))
        .map(({ mountPath, subPath = "" }) => ({ path: mountPath, subPath }));
      const text = [...(container.command ?? []), ...(container.args ?? [])].join(" ");
      const found = swept(text, container, mounts);
      if (found === undefined) return [];
      return { ...told(titleOf(job), found, workspace), ...inspected.placeOf(job, /\bfind\b/) };
    });
  });
}

/** What goes from the volume by its age. */
export const ageingRules = [
  rule({
    id: "swept-by-age",
    title: "nothing on the claim goes by its age",
    pitfalls: [2, 8],
    find: (inspected) => [
      ...byHelpers(inspected),
      ...inspected.workspaces.flatMap((workspace) => byJobs(workspace, inspected)),
    ],
  }),
];
