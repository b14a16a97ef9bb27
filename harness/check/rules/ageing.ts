import type { V1Container, V1PodSpec } from "@kubernetes/client-node";
import { innermostMount, isAtOrBelow } from "../../base/index.ts";
import { plainPath, withoutWords } from "../clone-commands.ts";
import type { Fault } from "../finding.ts";
import { type Inspected, type InspectedWorkspace, specOf, titleOf } from "../inspected.ts";
import { rule } from "../rule.ts";
import { wholePath } from "../script-paths.ts";
import { named, scriptsIn } from "../scripts.ts";

/** A `find` with all its words, and the `xargs` that it feeds. */
const finds = /(?<=^|[\s;&|({`])find\s+((?:\\.|[^\n;&|\\])*(?:\|\s*xargs\b[^\n;&|]*)?)/gm;
const removes = /\s-delete\b|\s-(?:exec|execdir|ok)\s+(?:\/\S*\/)?(?:rm|unlink|shred)\b|\bxargs\b.*\brm\b/;
const asksAge = /\s-(?:[acm](?:time|min)|newer\w*|used)\s/;
const names = /(?<!(?:!|-not)\s+)-i?(?:name|path|wholename|regex)\s+(\S+)/g;

/** What may go by its age, by the directory that it is in or by its own name. */
const passing = /(^|\/)\.?(logs?|te?mp|caches?|trash)(\/|$)/i;
const passingName = /logs?\b|te?mp|cache|trash|partial|without-git|\.(new|bak|old|lock|gz)\b/i;

interface Mount {
  path: string;
  subPath: string;
}

/** A directory of the claim from which a script removes what is old; undefined where it does not. */
function swept(text: string, { volumeMounts }: V1Container, claims: readonly Mount[]): string | undefined {
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
      return all.filter((path) => {
        const on = innermostMount(volumeMounts, path)?.mountPath;
        const own = claims.find((mount) => mount.path === on);
        const isAbove =
          !/\s-(xdev|mount)\b/.test(tests) && claims.some((mount) => isAtOrBelow(mount.path, path));
        return (own || isAbove) && !passing.test(own ? `${own.subPath}${path}` : path);
      });
    })
    .at(0);
}

const told = (who: string, path: string): Pick<Fault, "message" | "remedy"> => ({
  message: `${who} removes what is old from ${path}, which is on the claim: files that nobody has touched for a while, and git's own objects, are work and sessions too`,
  remedy: "take it away, or let find begin at a directory of logs or caches",
});

function byHelpers(inspected: Inspected): Fault[] {
  return scriptsIn(inspected).flatMap((script) => {
    const { container, workspace, text } = script;
    const mounts = workspace.facts.claims.flatMap((claim) =>
      claim.mounts.filter((mount) => mount.container === container.name),
    );
    const path = swept(text, container, mounts);
    if (path === undefined) return [];
    return {
      ...told(named(script), path),
      ...script.at(/^\s*(?![\s#]).*\bfind\s(?!.*\b(?:logs?|tmp|caches?)\b)/),
    };
  });
}

interface JobSpec {
  template?: { spec?: V1PodSpec };
  jobTemplate?: { spec?: { template?: { spec?: V1PodSpec } } };
}

/** A job of the same namespace that mounts a workspace's claim. */
function byJobs({ facts }: InspectedWorkspace, inspected: Inspected): Fault[] {
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
      const path = swept(text, container, mounts);
      if (path === undefined) return [];
      return { ...told(titleOf(job), path), ...inspected.placeOf(job, /\bfind\b/) };
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
