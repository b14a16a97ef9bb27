import { escapeRegExp } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import { documentsIn, documentsSeen, type OwnersDocument } from "../../reading/documents.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { kubectl, namespaceIn, targetOf } from "../../reading/kubectl-commands.ts";
import { patternOf } from "../../reading/shell-words.ts";
import { rule } from "../../rule.ts";

type Told = Pick<Fault, "message" | "remedy" | "severity">;

/** What is said of single commands. Whether they name what is there, nobody knows of workspaces that are not seen. */
const ofCommands =
  (find: (command: string, document: OwnersDocument, inspected: Inspected) => Told[]) =>
  (inspected: Inspected): Fault[] =>
    documentsSeen(inspected).flatMap((document) =>
      document.commands.flatMap(({ text, place }) =>
        find(text, document, inspected).map((told) => ({ ...told, ...place })),
      ),
    );

const nameOf = ({ file }: OwnersDocument) => file.split("/").at(-1);

async function unreadable(inspected: Inspected): Promise<Fault[]> {
  const documents = documentsIn(inspected);
  if (documents.length === 0) return [];
  const { parse } = await import("sh-syntax");
  const found = documents.flatMap((document) =>
    document.blocks.map(async ({ text, line }) => {
      try {
        await parse(text);
        return [];
      } catch (error) {
        const { message, Pos } = error as Error & { Pos?: { Line: number } };
        if (Pos === undefined) throw error;
        return {
          message: `no shell can read a block of ${nameOf(document)}: ${message}`,
          remedy: "close what is open there: each quote has another one",
          file: document.file,
          line: line + Pos.Line - 1,
        };
      }
    }),
  );
  return (await Promise.all(found)).flat();
}

/** Of a shell that a person has. */
const given = new Set("HOME PATH USER PWD SHELL EDITOR KUBECONFIG TMPDIR HOSTNAME RANDOM SECONDS".split(" "));

/** Variables that no step has set, nor told to be typed. */
function unset(inspected: Inspected): Fault[] {
  return documentsIn(inspected).flatMap((document) => {
    const whole = document.blocks.map(({ text }) => text).join("\n");
    const set = new Set([
      ...[...whole.matchAll(/(?:^|[\s;&|(])(?:export\s+|read\s+(?:-\w+\s+)*)?(\w+)=/gm)].map(
        ([, name]) => name,
      ),
      ...[...whole.matchAll(/\b(?:for|read(?:\s+-\w+)*)\s+(\w+)/g)].map(([, name]) => name),
      ...[...document.text.matchAll(/`(\w+)=[^`\n]*`/g)].map(([, name]) => name),
    ]);
    const seen = new Set<string>();
    return document.commands.flatMap(({ text, place }) =>
      [...text.replaceAll(/'[^']*'/g, "").matchAll(/\$\{?([A-Za-z_]\w*)(:?[-?=+])?/g)].flatMap(
        ([, name = "", form]) => {
          if (set.has(name) || given.has(name) || form !== undefined || seen.has(name)) return [];
          seen.add(name);
          return {
            message: `${nameOf(document)} uses $${name}, which no step of it sets`,
            remedy: `use one that is set: ${[...set].filter(Boolean).join(", ") || "none is"}`,
            ...place,
          };
        },
      ),
    );
  });
}

/** Namespaces that the home does not have, and kinds of one that are asked without it. */
const inNamespaces = ofCommands((text, document, { of, workspaces }) => {
  const made = of("Namespace").map(({ object }) => object.metadata.name);
  const known = new Set([
    ...made,
    ...workspaces.map(({ facts }) => facts.namespace),
    "default",
    "kube-system",
    "flux-system",
  ]);
  const isSet = /set-context|kubens|\bKUBE_NAMESPACE\b/.test(document.text);
  return (text.match(kubectl) ?? []).flatMap((command) => {
    const namespace = namespaceIn(command);
    if (namespace !== undefined && !namespace.includes("$") && made.length > 0 && !known.has(namespace)) {
      return {
        message: `${nameOf(document)} asks namespace ${namespace}, which the home does not have`,
        remedy: `write the workspaces': ${[...new Set(workspaces.map(({ facts }) => facts.namespace))].join(", ")}`,
      };
    }
    const isPlain =
      /\b(pods?|deployments?|statefulsets?|pvc|replication\w+|kustomizations?|helmreleases?|externalsecrets?)\b/.test(
        command,
      );
    const isAll = /\s(-A|--all-namespaces)\b/.test(command);
    if (!isPlain || isAll || isSet || namespace !== undefined) return [];
    return {
      message: `${nameOf(document)} asks for what stands in a namespace, and names none (${command.trim().slice(0, 60)})`,
      remedy: "write --namespace",
    };
  });
});

/** Objects of a name that nobody makes there. Where none of a kind is in the tree at all, it may come from elsewhere. */
const ofObjects = ofCommands((text, document, { of, workspaces }) =>
  (text.match(kubectl) ?? []).flatMap((command) => {
    const { kind, name } = targetOf(command) ?? {};
    const namespace = namespaceIn(command);
    if (kind === undefined || name === undefined || namespace === undefined || namespace.includes("$"))
      return [];
    const isWorkload = kind === "Deployment" || kind === "StatefulSet";
    const all = of(kind);
    const there = all.filter(({ object }) => object.metadata.namespace === namespace);
    const pattern = patternOf(name) ?? new RegExp(`^${escapeRegExp(name)}$`);
    // Claims of a StatefulSet are in no file.
    const isOpen =
      (all.length === 0 && !isWorkload) || (kind === "PersistentVolumeClaim" && of("StatefulSet").length > 0);
    if (isOpen || there.some(({ object }) => pattern.test(object.metadata.name))) return [];
    const namespaces = new Set(workspaces.map(({ facts }) => facts.namespace));
    const beside = all.filter(({ object }) => namespaces.has(object.metadata.namespace ?? ""));
    // A workload may be of the other kind.
    const own = isWorkload ? workspaces.map(({ object }) => object) : [];
    const [names = []] = [there, beside, own].filter((found) => found.length > 0);
    const known = names
      .slice(0, 4)
      .map(({ object }) => `${object.kind} ${object.metadata.namespace}/${object.metadata.name}`);
    return {
      message: `${nameOf(document)} is about ${kind} ${namespace}/${name}, and there is none of that name`,
      remedy:
        known.length > 0
          ? `name one that is there: ${known.join(", ")}`
          : `make one, or write what is to be done without: the workspaces have no ${kind}`,
    };
  }),
);

/** Labels by which no pod of a workspace is chosen. */
const ofLabels = ofCommands((text, document, { workspaces }) => {
  const [, label = ""] = /\s(?:--selector|-l)[= ]\s*["']?([\w./-]+)=/.exec(text) ?? [];
  if (
    label === "" ||
    !/\bpods?\b/.test(text) ||
    workspaces.some(({ workload }) => label in workload.podLabels)
  )
    return [];
  return [
    {
      message: `${nameOf(document)} chooses pods by the label ${label}, which no workspace has`,
      remedy: `write one that they have: ${Object.keys(workspaces[0]?.workload.podLabels ?? {}).join(", ")}`,
    },
  ];
});

/** What the documents for what has been lost tell their owner to type. */
export const documentRules = [
  rule({
    id: "document-unreadable",
    title: "a shell can read every block of the documents",
    find: unreadable,
  }),
  rule({
    id: "document-of-nothing",
    title: "documents name what is there",
    find: (inspected) => [
      ...unset(inspected),
      ...inNamespaces(inspected),
      ...ofObjects(inspected),
      ...ofLabels(inspected),
    ],
  }),
];
