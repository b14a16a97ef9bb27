import { posix } from "node:path";
import { escapeRegExp } from "../../../base/index.ts";
import type { WorkspaceFacts } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { type DocumentCommand, documentsIn, type OwnersDocument } from "../../reading/documents.ts";
import type { Inspected } from "../../reading/inspected.ts";
import { rule } from "../../rule.ts";

const nameOf = ({ file }: OwnersDocument) => file.split("/").at(-1);

const at = (command: DocumentCommand | undefined, { file }: OwnersDocument) =>
  command?.place ?? { file, line: 1 };

/** The taint by which Kubernetes lets go of a lost node's volumes, and gives the node no pods until it is taken away. */
function lostNode(inspected: Inspected): Fault[] {
  return documentsIn(inspected)
    .filter(({ kind }) => kind === "node")
    .flatMap((document) => {
      const taints = document.commands.filter(({ text }) => /\bkubectl\s+taint\b/.test(text));
      const [first] = taints;
      const wanted = "node.kubernetes.io/out-of-service";
      const isRemoval = (text: string) => /-\s*$/.test(text.trim());
      const set = taints.findIndex(({ text }) =>
        new RegExp(`${escapeRegExp(wanted)}=\\S*:NoExecute\\s*$`).test(text.trim()),
      );
      if (set < 0) {
        return {
          message: `${nameOf(document)} does not take the lost node out of service (${wanted}=nodeshutdown:NoExecute): its volumes stay where they were for six minutes, or for ever`,
          remedy: `write kubectl taint node "$NODE" ${wanted}=nodeshutdown:NoExecute`,
          ...at(first ?? document.commands[0], document),
        };
      }
      const isTakenAway = taints.slice(set + 1).some(({ text }) => isRemoval(text) && text.includes(wanted));
      if (isTakenAway) return [];
      return {
        message: `${nameOf(document)} leaves the taint on the node that is back: no pod runs there any more`,
        remedy: `write kubectl taint node "$NODE" ${wanted}=nodeshutdown:NoExecute- at its end`,
        ...at(taints.at(-1), document),
      };
    });
}

/** A claim goes when nobody uses it, and is filled with what its ReplicationDestination has restored by then. */
function lostVolume(inspected: Inspected): Fault[] {
  const isFilled = inspected.of("ReplicationDestination").length > 0;
  return documentsIn(inspected)
    .filter(({ kind }) => kind === "volume")
    .flatMap((document) => {
      const find = (pattern: RegExp) => document.commands.findIndex(({ text }) => pattern.test(text));
      const claim = find(/\bdelete\s+(?:\S+\s+)*?(pvc|persistentvolumeclaims?)\b/);
      const destination = find(/\bdelete\s+(?:\S+\s+)*?replicationdestinations?\b/);
      const stop = find(/--replicas[= ]0\b/);
      const start = document.commands.findLastIndex(({ text }) => /--replicas[= ][1-9]/.test(text));
      const place = at(document.commands[Math.max(claim, 0)], document);
      const wrong: [boolean, string, string][] = [
        [
          isFilled && (destination < 0 || destination > claim),
          "deletes the claim before its ReplicationDestination: the new one is filled with what that restored on its first day, which is nothing",
          "delete the ReplicationDestination first",
        ],
        [
          stop < 0 || stop > claim,
          "deletes the claim while its pod runs: it does not go",
          "scale the workspace to 0 first",
        ],
        [
          stop >= 0 && start < stop,
          "stops the workspace, and does not start it again",
          "scale it to 1 at the end",
        ],
      ];
      if (claim < 0) return [];
      return wrong.flatMap(([is, what, remedy]) =>
        is ? [{ message: `${nameOf(document)} ${what}`, remedy, ...place }] : [],
      );
    });
}

/** What each document is known by (home/owner-documents.ts), and which workspaces need it. */
const known = [
  ["runbook", 'has a heading "… node is back"', ({ claims }: WorkspaceFacts) => claims.length > 0],
  ["volumeDocument", "is called volume-lost.md", ({ backup }: WorkspaceFacts) => backup !== undefined],
  ["loginDocument", "is called login-expired.md", ({ login }: WorkspaceFacts) => login !== undefined],
] as const;

/** Of one document among three its name has been changed rather than that nobody wanted it. */
function renamed({ home: { tree, workspaces } }: Inspected): Fault[] {
  const [facts] = workspaces;
  const found = known.flatMap(([fact]) => facts?.[fact] ?? []);
  const [fact, sign, isNeededBy] = known.find(([one]) => facts?.[one] === undefined) ?? [];
  if (fact === undefined || found.length !== 2 || !workspaces.some(isNeededBy)) return [];
  const directories = new Set(found.map(posix.dirname));
  const beside = [...tree.files.keys()].find(
    (file) =>
      file.endsWith(".md") &&
      posix.basename(file) !== "README.md" &&
      !found.includes(file) &&
      directories.has(posix.dirname(file)) &&
      tree.text(file).includes("```sh\n"),
  );
  return [
    {
      message: `no document ${sign}, as ${found.map((file) => posix.basename(file)).join(" and ")} are there: nobody finds its steps, and no scenario carries them out`,
      remedy: `let one be known again: a document that ${sign}`,
      file: beside ?? found[0] ?? "",
      line: 1,
    },
  ];
}

/** The steps without which a document does not bring back what was lost. */
export const documentStepRules = [
  rule({
    id: "document-incomplete",
    title: "documents have all steps, in their order",
    pitfalls: [6],
    find: (inspected) => [...lostNode(inspected), ...lostVolume(inspected)],
  }),
  rule({
    id: "document-renamed",
    title: "a document is found where the others are",
    severity: "warning",
    find: renamed,
  }),
];
