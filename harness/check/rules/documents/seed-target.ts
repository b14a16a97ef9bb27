import { posix } from "node:path";
import type { Fault } from "../../finding.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { patternOf } from "../../reading/shell-words.ts";
import { someNames } from "../../reading/some-names.ts";
import { rule } from "../../rule.ts";

/** The scripts that store a login in Doppler. */
const seeds = ({ home: { tree } }: Inspected) =>
  [...tree.files.keys()]
    .filter((path) => path.endsWith(".sh") && /\bdoppler\s+secrets\s+set\b/.test(tree.text(path)))
    .map((file) => ({ file, name: posix.basename(file), lines: tree.text(file).split("\n") }));

type Seed = ReturnType<typeof seeds>[number];

const at = ({ file, lines }: Seed, pattern: RegExp) => ({
  file,
  line: lines.findIndex((line) => pattern.test(line)) + 1,
});

interface Store {
  provider?: { doppler?: { project?: string; config?: string } };
}

/** Project and config that the script has by default, and those that the store reads. */
function otherConfig(inspected: Inspected): Fault[] {
  const stores = ["ClusterSecretStore", "SecretStore"]
    .flatMap(inspected.of)
    .flatMap(({ object }) => ((object.spec ?? {}) as Store).provider?.doppler ?? []);
  return seeds(inspected).flatMap((seed) =>
    (["project", "config"] as const).flatMap((field) => {
      const pattern = new RegExp(`^\\s*${field}=["']?([\\w-]+)["']?\\s*$`);
      const [, value] = seed.lines.map((line) => pattern.exec(line)).find((found) => found) ?? [];
      const known = stores.flatMap((store) => store[field] ?? []);
      if (value === undefined || known.length === 0 || known.includes(value)) return [];
      return {
        message: `${seed.name} stores logins in Doppler's ${field} ${value}, and the home's store reads ${someNames(known)}`,
        remedy: `write ${field}=${known[0]}`,
        ...at(seed, pattern),
      };
    }),
  );
}

// biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's variable, in the place of what a command says.
const some = "${some}";

/** The key that a login is stored under is one that an ExternalSecret asks for. */
function otherKey(inspected: Inspected): Fault[] {
  if (inspected.home.blind.length > 0) return [];
  const known = Object.keys(inspected.home.outside.doppler);
  return seeds(inspected).flatMap((seed) => {
    const assigned = /^\s*key=(?:"(.*)"|(\S+))\s*$/;
    const [, quoted, plain] = seed.lines.map((line) => assigned.exec(line)).find((found) => found) ?? [];
    const inner = (quoted ?? plain ?? "").replaceAll(/\$\((?:[^()]|\([^()]*\))*\)/g, some);
    const pattern = patternOf(inner);
    if (!pattern || known.some((name) => pattern.test(name))) return [];
    return {
      message: `${seed.name} stores logins under ${inner.replaceAll(some, "…")}, and no key that Doppler is to have is so named`,
      remedy: `name a key as ${known.find((name) => /AUTH/.test(name)) ?? known[0]}`,
      ...at(seed, assigned),
    };
  });
}

/** The ExternalSecret that is asked to look at once. */
function otherExternalSecret(inspected: Inspected): Fault[] {
  // What comes of no workspace has no Secret either; why is told elsewhere.
  if (inspected.workspaces.length === 0) return [];
  const names = inspected.of("ExternalSecret").map(({ object: { metadata } }) => metadata);
  return seeds(inspected).flatMap((seed) => {
    const call = /\bkubectl\b.*\bannotate\s+(?:externalsecrets?|es)\b[\s/]+"?([^"\s\\]+)/;
    const line = seed.lines.find((one) => call.test(one)) ?? "";
    const word = call.exec(line)?.[1] ?? "";
    const namespace = /(?:--namespace|-n)[= ]"?([\w-]+)/.exec(line)?.[1];
    const pattern = patternOf(word);
    const isThere = names.some(
      (one) => pattern?.test(one.name) && (namespace === undefined || one.namespace === namespace),
    );
    if (!pattern || isThere) return [];
    return {
      message: `${seed.name} asks ExternalSecret ${namespace ? `${namespace}/` : ""}${word} to look at once, and there is none of that name`,
      remedy: `name one that is there: ${names
        .filter(({ namespace }) => inspected.workspaces.some(({ facts }) => facts.namespace === namespace))
        .map((one) => `${one.namespace}/${one.name}`)
        .join(", ")}`,
      ...at(seed, call),
    };
  });
}

function traced(inspected: Inspected): Fault[] {
  const trace = /^\s*set\s+(-[a-wyz]*x|-o\s+xtrace)/;
  return seeds(inspected)
    .filter(({ lines }) => lines.some((line) => trace.test(line)))
    .map((seed) => ({
      message: `${seed.name} traces what it does with a login`,
      remedy: "take -x away",
      ...at(seed, trace),
    }));
}

/** Where the seed script puts a login, and whom it tells. */
export const seedTargetRules = [
  rule({
    id: "seed-script-elsewhere",
    title: "the seed script stores logins where they are looked for",
    pitfalls: [7, 10],
    find: (inspected) => [
      ...otherConfig(inspected),
      ...otherKey(inspected),
      ...otherExternalSecret(inspected),
    ],
  }),
  rule({ id: "seed-script-traces", title: "the seed script traces nothing", pitfalls: [3], find: traced }),
];
