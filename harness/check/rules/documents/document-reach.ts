import { posix } from "node:path";
import { escapeRegExp, isInText } from "../../../base/index.ts";
import type { Fault } from "../../finding.ts";
import {
  type DocumentCommand,
  documentsIn,
  documentsSeen,
  type OwnersDocument,
} from "../../reading/documents.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { rule } from "../../rule.ts";

const nameOf = ({ file }: OwnersDocument) => posix.basename(file);

const of = (kind: OwnersDocument["kind"], inspected: Inspected) =>
  documentsIn(inspected).filter((document) => document.kind === kind);

/** What a command removes or stops. */
const takes = /\bkubectl\b[^\n|;&]*\s(?:delete|scale|patch|replace)\s[^\n|;&]*/;

/** More than the one workspace whose volume is lost: the other one goes on working all the while. */
function tooMuch(inspected: Inspected): Fault[] {
  return documentsSeen(inspected)
    .filter(({ kind }) => kind === "volume")
    .flatMap((document) => {
      const variable = document.commands.some(({ text }) => /\$\{?WORKSPACE\b/.test(text));
      const names = inspected.workspaces.map(({ facts }) => facts.workload.name);
      if (inspected.workspaces.length < 2) return [];
      return document.commands.flatMap(({ text, place }) => {
        const [command = ""] = takes.exec(text) ?? [];
        if (command === "") return [];
        const isAll =
          /\s--all\b/.test(command) &&
          /\b(pvc|persistentvolumeclaims?|deploy(ment)?s?|statefulsets?|sts|replication\w+|pods?)\b/.test(
            command,
          );
        const named = names.find((name) =>
          new RegExp(`[\\s/"']${escapeRegExp(name)}(?:-dst)?["']?(?:\\s|$)`).test(command),
        );
        const isOne = variable && !/\$/.test(command) && named !== undefined;
        if (!isAll && !isOne) return [];
        const isLoss = /\sdelete\s/.test(command) && /\b(pvc|persistentvolumeclaims?)\b/.test(command);
        return {
          message: isAll
            ? `${nameOf(document)} takes ${isLoss ? "the volumes of all workspaces" : "all workspaces"} for one that is lost (--all)`
            : `${nameOf(document)} takes ${named}, whichever workspace its reader has named`,
          remedy: 'write "$WORKSPACE", as the other steps do',
          ...place,
        };
      });
    });
}

/** With a namespace go all its workspaces, their claims and their Secrets, whatever guards Flux has. */
function wholeNamespace(inspected: Inspected): Fault[] {
  const namespaces = inspected.workspaces.map(({ facts }) => facts.namespace);
  return documentsIn(inspected).flatMap((document) =>
    document.commands.flatMap(({ text, place }) => {
      const [, name = ""] =
        /\bkubectl\b[^\n|;&]*\sdelete\s+(?:--?\S+\s+)*(?:ns|namespaces?)[\s/]+["']?([\w.-]+)/.exec(text) ??
        [];
      if (!namespaces.includes(name)) return [];
      return {
        message: `${nameOf(document)} deletes namespace ${name}, and with it every workspace and every volume in it`,
        remedy: "delete what is lost alone, by its name",
        ...place,
      };
    }),
  );
}

/** What is scaled to more than one pod shares one volume, or waits for it. */
function tooMany(inspected: Inspected): Fault[] {
  return documentsSeen(inspected).flatMap((document) =>
    document.commands.flatMap(({ text, place }) => {
      const [, count = "0"] = /\bscale\b.*--replicas[= ](\d+)/.exec(text) ?? [];
      if (Number(count) < 2) return [];
      return {
        message: `${nameOf(document)} starts ${count} pods on one volume`,
        remedy: "write --replicas=1",
        ...place,
      };
    }),
  );
}

/** Nobody makes what has been deleted before Flux looks again, in half an hour for instance; the wait is over before. */
function nobodyAsked(inspected: Inspected): Fault[] {
  return of("volume", inspected).flatMap((document) => {
    const { commands } = document;
    const removed = commands.findIndex(({ text }) =>
      /\bdelete\s+(?:\S+\s+)*?(pvc|persistentvolumeclaims?)\b/.test(text),
    );
    const rest = commands.slice(removed + 1);
    const isAsked = rest.some(({ text }) =>
      /\bflux\s+(reconcile|resume)\b|reconcile\.fluxcd\.io\/|\bkubectl\s[^\n|;&]*\s(apply|create|replace)\s|\btask\b/.test(
        text,
      ),
    );
    const isMadeByFlux = inspected.workspaces.some(({ facts }) => facts.claims.length > 0);
    if (removed < 0 || isAsked || !isMadeByFlux || inspected.of("StatefulSet").length > 0) return [];
    return {
      message: `${nameOf(document)} deletes the claim, and asks nobody to make it anew: Flux looks again at its next interval, and the step after it waits in vain`,
      remedy:
        'ask Flux: kubectl --namespace flux-system annotate kustomization … reconcile.fluxcd.io/requestedAt="$(date +%s)" --overwrite',
      ...(commands[removed]?.place ?? {}),
    };
  });
}

const taint = /\bkubectl\s+taint\b.*node\.kubernetes\.io\/out-of-service=\S*:NoExecute\s*$/;
const untaint = /\bkubectl\s+taint\b.*node\.kubernetes\.io\/out-of-service\b\S*-\s*$/;
const waitsForWork =
  /^(?!.*\|\|).*\bkubectl\b.*\b(wait|rollout\s+status)\b.*\b(deploy\w*|statefulset\w*|sts|pods?)\b/;
/** What no command can do, said to whoever reads. */
const saysOff =
  /make sure|\bpull (?:the|its) plug|\bunplug|\bmust (?:be|stay) off|\b(?:switch|turn|power)\w*\s+(?:\w+\s+){0,3}off\b/i;
const waitsForNode =
  /\bkubectl\s+(?:.*\s)?wait\s+.*\bnodes?\b|^(?:until|while)\b.*\bkubectl\s+(?:.*\s)?get\s+.*\bnodes?\b/;

type Slip = [found: DocumentCommand | undefined, what: string, remedy: string, severity?: "warning"];

/** Steps for a lost node that hang, come too early, or take a node that lives. */
function lostNode(inspected: Inspected): Fault[] {
  return of("node", inspected).flatMap((document) => {
    const { commands, text } = document;
    const first = (pattern: RegExp) => commands.findIndex((one) => pattern.test(one.text.trim()));
    const set = first(taint);
    if (set < 0) return [];
    const work = first(waitsForWork);
    const [back, free] = [first(waitsForNode), first(untaint)];
    const before = text.slice(0, text.search(/out-of-service=\S*:NoExecute/));
    const slips: Slip[] = [
      [
        commands.find((one, index) => index < set && /\bkubectl\s+drain\b(?!.*--timeout)/.test(one.text)),
        "drains a node that is dead: its pods never end, and the step never does",
        "leave the drain out: the taint does what is needed",
      ],
      [
        work >= 0 && work < set ? commands[work] : undefined,
        "waits for the workspaces before the lost node is out of service: they cannot come before",
        "set the taint first",
      ],
      [
        free >= 0 && (back < 0 || free < back) ? commands[free] : undefined,
        "takes the taint away before the node is back: it is to stay until nothing of the node runs any more",
        "wait for the node first",
      ],
      [
        commands.find((one) =>
          /\bdelete\s+(?:\S+\s+)*?pods?\b.*(--force\b|--grace-period[= ]0)/.test(one.text),
        ),
        "deletes pods by force: their node may still run them and write to the volume, and the volume stays attached",
        "leave it out: with the taint Kubernetes forgets the pods by itself",
        "warning",
      ],
      [
        saysOff.test(before.replaceAll(/```[\s\S]*?```/g, "")) ? undefined : commands[set],
        "takes the node out of service without a word that it must be off: a volume that two nodes write to is lost",
        "say before that step that somebody has to make sure of it",
        "warning",
      ],
      [wrongNode(commands), ...wrongNodeWords],
    ];
    return slips.flatMap(([found, what, remedy, severity]) =>
      found
        ? [
            {
              message: `${nameOf(document)} ${what}`,
              remedy,
              ...(severity ? { severity } : {}),
              ...found.place,
            },
          ]
        : [],
    );
  });
}

const wrongNodeWords = [
  "looks for the lost node by a word that it does not have, or that a living one has too",
  "look for NotReady: /^NotReady/",
] as const;

/** The command that finds the lost node among all, where its pattern does not tell `NotReady` from `Ready`. */
function wrongNode(commands: readonly DocumentCommand[]): DocumentCommand | undefined {
  return commands.find(({ text }) => {
    const [, negated, pattern] =
      /\bget\s+nodes?\b[^\n]*\|\s*(?:awk\s+'[^']*?(!?)~?\s*\/([^/']+)\/)/.exec(text.replace("!~", "!")) ?? [];
    if (pattern === undefined || negated === "!" || !/Ready/i.test(pattern.replaceAll(/\s/g, "")))
      return false;
    const status = (word: string) => isInText(pattern, word);
    return status("NotReady") === false || status("Ready") === true;
  });
}

/** How far the steps of a document reach, and in which order. */
export const documentReachRules = [
  rule({
    id: "document-too-wide",
    title: "documents touch what is lost, and no more",
    pitfalls: [6],
    find: (inspected) => [...tooMuch(inspected), ...wholeNamespace(inspected), ...tooMany(inspected)],
  }),
  rule({
    id: "document-asks-nobody",
    title: "documents let Flux make anew what they delete",
    find: nobodyAsked,
  }),
  rule({
    id: "document-of-living-node",
    title: "a lost node is found, is off, and stays out until it is back",
    pitfalls: [6],
    find: lostNode,
  }),
];
