import { escapeRegExp } from "../../base/index.ts";
import { type DocumentCommand, documentsIn, type OwnersDocument } from "../documents.ts";
import type { Fault } from "../finding.ts";
import type { Inspected } from "../inspected.ts";
import { rule } from "../rule.ts";

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

/** The steps without which a document does not bring back what was lost. */
export const documentStepRules = [
  rule({
    id: "document-incomplete",
    title: "documents have all steps, in their order",
    pitfalls: [6],
    find: (inspected) => [...lostNode(inspected), ...lostVolume(inspected)],
  }),
];
