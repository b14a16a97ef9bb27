import { posix } from "node:path";
import type { Fault } from "../../finding.ts";
import { documentsIn, type OwnersDocument } from "../../reading/documents.ts";
import { secondsOf } from "../../reading/durations.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { rule } from "../../rule.ts";

type Told = Pick<Fault, "message" | "remedy" | "severity">;

/** What is said of each command of `kubectl` that a document has. */
const ofCommands =
  (find: (command: string, document: OwnersDocument) => Told | undefined) =>
  (inspected: Inspected): Fault[] =>
    documentsIn(inspected).flatMap((document) =>
      document.commands.flatMap(({ text, place }) =>
        (text.match(/\bkubectl\b[^\n|;&]*/g) ?? []).flatMap((command) => {
          const told = find(command, document);
          return told ? [{ ...told, ...place }] : [];
        }),
      ),
    );

const nameOf = ({ file }: OwnersDocument) => posix.basename(file);

/** Conditions that a kind may have, as its controllers write them; of others nothing is said. */
const conditions: [kind: RegExp, conditions: RegExp, instead: string][] = [
  [/^deploy(ment)?s?$/, /^(Available|Progressing|ReplicaFailure)$/i, "--for=condition=Available"],
  [
    /^(pvc|persistentvolumeclaims?)$/,
    /^(Resizing|FileSystemResizePending|ControllerResizeError|NodeResizeError|ModifyVolumeError|ModifyingVolume)$/i,
    "--for=jsonpath='{.status.phase}'=Bound",
  ],
  [/^(node|no)s?$/, /^(Ready|\w+Pressure|NetworkUnavailable)$/i, "--for=condition=Ready"],
  [
    /^(pod|po)s?$/,
    /^(Ready|Initialized|ContainersReady|PodScheduled|PodReadyToStartContainers|DisruptionTarget)$/i,
    "--for=condition=Ready",
  ],
  [/^(statefulset|sts)s?$/, /^$/, "kubectl rollout status"],
];

/** The words of `kubectl wait`, its kind first. */
function kindOf(command: string): string | undefined {
  const [, rest = ""] = /\swait\s+(.*)$/.exec(command) ?? [];
  const words = rest.replaceAll(/(?:--?[\w-]+(?:=|\s+)(?:'[^']*'|"[^"]*"|\S+))/g, " ").trim();
  return /^[a-z][\w.-]*/.exec(words)?.[0]?.toLowerCase();
}

const isWait = (command: string) => /\bkubectl\s(?:.*\s)?wait\s/.test(command);

/** Waits for what never comes: `kubectl` compares words, and has no list of them. */
const inVain = ofCommands((command, document) => {
  if (!isWait(command)) return undefined;
  const kind = kindOf(command) ?? "";
  const [, condition] = /--for[= ]["']?condition=["']?(\w+)/.exec(command) ?? [];
  const [, known, instead] = conditions.find(([one]) => one.test(kind)) ?? [];
  if (condition !== undefined && known && !known.test(condition))
    return {
      message: `${nameOf(document)} waits for condition ${condition} of a ${kind}, which it never has`,
      remedy: `write ${instead}`,
    };
  const [, phase = ""] = /\.status\.phase\}?["']?=["']?(\w+)/.exec(command) ?? [];
  const isClaim = /^(pvc|persistentvolume)/.test(kind);
  if (phase === "" || !isClaim || /^(Pending|Bound|Lost|Available|Released|Failed)$/.test(phase))
    return undefined;
  return {
    message: `${nameOf(document)} waits for phase ${phase} of a ${kind}, and it is called Bound when it is there`,
    remedy: "write =Bound",
  };
});

/** A workspace needs that long from nothing: a volume that is let go and taken, and OpenCode's own start (manifests/README.md). */
const shortest = 60;
/** What a claim of a few gigabytes takes over a house's network. */
const ofRestore = 300;

const impatient = ofCommands((command, document) => {
  if (!isWait(command) || !/^(deploy|pvc|persistentvolumeclaim|node)/.test(kindOf(command) ?? ""))
    return undefined;
  const [, given] = /--timeout[= ]["']?([\w.-]+)/.exec(command) ?? [];
  const seconds = given === undefined ? 30 : secondsOf(given);
  // A claim that is filled from a backup is bound when all of it has been fetched.
  const isRestore =
    document.kind === "volume" &&
    /^(pvc|persistentvolumeclaim)/.test(kindOf(command) ?? "") &&
    /=["']?Bound\b/.test(command);
  if (isRestore && seconds !== undefined && seconds >= shortest && seconds < ofRestore)
    return {
      message: `${nameOf(document)} waits ${given} for a claim that is filled from its backup: of some gigabytes that takes longer, and the step fails while it goes on`,
      remedy: "write --timeout=1h",
      severity: "warning",
    };
  // Of a claim that is made by Flux at once only that it is made is waited for.
  if (seconds === undefined || seconds >= shortest || given?.startsWith("-")) return undefined;
  return {
    message: `${nameOf(document)} waits ${seconds} s${given === undefined ? " (kubectl's own, where no --timeout is given)" : ""} for what takes a minute or more: the step fails, and what comes is there a little later`,
    remedy: "write --timeout=5m",
    severity: "warning",
  };
});

/** Marks by which a controller is asked to look at once, as it reads them. */
const marks = /^(reconcile\.fluxcd\.io\/(requestedAt|forceAt|resetAt)|(force-sync|refresh|resync))$/;

interface Asking {
  command: string;
  mark: string;
  value: string;
}

const asking = /\bannotate\b.*?\s["']?([\w.-]+(?:\/[\w.-]+)?)=((?:"[^"]*"|\$\([^)]*\)|[^\s"'])+)/;

function askingIn(command: string): Asking | undefined {
  const [, mark, value = ""] = asking.exec(command) ?? [];
  return mark === undefined ? undefined : { command, mark, value };
}

/** Asks that go unheard, or are heard once. */
function unheard({ command, mark, value }: Asking, name: string): Told | undefined {
  const [group] = mark.split("/");
  if (group === "reconcile.fluxcd.io" && !marks.test(mark))
    return {
      message: `${name} annotates ${mark}, which Flux does not read`,
      remedy: "write reconcile.fluxcd.io/requestedAt",
    };
  if (!marks.test(mark)) return undefined;
  const [, kind = ""] = /\bannotate\s+(?:--?[\w-]+(?:[= ]\S+)?\s+)*([a-z]+)/.exec(command) ?? [];
  if (mark === "force-sync" && /^(secrets?|secretstores?|pods?|deploy\w*)$/.test(kind))
    return {
      message: `${name} sets force-sync on a ${kind}, and External Secrets looks for it on ExternalSecrets`,
      remedy: "annotate the externalsecret",
    };
  if (!/--overwrite\b/.test(command))
    return {
      message: `${name} sets ${mark} without --overwrite: kubectl refuses that as soon as it has been set once`,
      remedy: "add --overwrite",
    };
  if (/[$`]/.test(value)) return undefined;
  return {
    message: `${name} sets ${mark} to ${value} each time: from the second time on nothing has changed, and nobody looks`,
    remedy: 'write ="$(date +%s)"',
  };
}

const unheardInDocuments = ofCommands((command, document) => {
  const found = askingIn(command);
  return found && unheard(found, nameOf(document));
});

/** The same in the scripts that store a login. */
function unheardInScripts({ home: { tree } }: Inspected): Fault[] {
  return [...tree.files.keys()]
    .filter((file) => file.endsWith(".sh") && /\bkubectl\b[^\n]*\bannotate\b/.test(tree.text(file)))
    .flatMap((file) => {
      const text = tree.text(file);
      return [...text.matchAll(/^[^\n#]*\bkubectl\b(?:[^\n]*\\\n)*[^\n]*/gm)].flatMap(
        ({ 0: command, index }) => {
          const found = askingIn(command.replaceAll(/\\\n\s*/g, " "));
          const told = found && unheard(found, posix.basename(file));
          return told ? [{ ...told, file, line: text.slice(0, index).split("\n").length }] : [];
        },
      );
    });
}

/** What documents wait for, and how they ask others to look. */
export const documentWaitRules = [
  rule({ id: "document-waits-in-vain", title: "documents wait for what comes", pitfalls: [6], find: inVain }),
  rule({ id: "document-impatient", title: "documents wait long enough", find: impatient }),
  rule({
    id: "asked-unheard",
    title: "who is asked to look at once looks, each time",
    pitfalls: [11],
    find: (inspected) => [...unheardInDocuments(inspected), ...unheardInScripts(inspected)],
  }),
];
