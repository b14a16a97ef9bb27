import { posix } from "node:path";
import type { Fault } from "../../finding.ts";
import { type DocumentCommand, documentsSeen } from "../../reading/documents.ts";
import type { Inspected, InspectedWorkspace } from "../../reading/inspected.ts";
import { kubectl, namespaceIn, targetOf, workloadKindsIn } from "../../reading/kubectl-commands.ts";
import { toldCommands } from "../../reading/told-commands.ts";
import { rule } from "../../rule.ts";

const fileOf = ({ place }: DocumentCommand) => posix.basename(place.file ?? "");

/** How a workload of a kind is typed. */
const typed = ({ kind }: { kind: string }) => kind.toLowerCase();

/** Calls of kubectl in a command line, one by one, without what they let a container run. */
const callsIn = (commands: readonly DocumentCommand[]) =>
  commands.flatMap((command) =>
    (command.text.match(kubectl) ?? []).map((call) => ({ command, call: call.replace(/\s--\s.*$/, "") })),
  );

/** `WORKSPACE=opencode-ha`, as a document tells its reader to type it. */
const givenIn = (text: string): [name: string, value: string][] =>
  [...text.matchAll(/`(\w+)=([\w.-]+)`/g)].map(([, name = "", value = ""]) => [name, value]);

/** All of one kind, while a workspace is of the other: nothing is waited for, or kubectl finds nothing and ends the steps. */
function ofOtherKind(inspected: Inspected): Fault[] {
  return documentsSeen(inspected).flatMap((document) =>
    callsIn(document.commands).flatMap(({ command, call }) => {
      const kinds = workloadKindsIn(call);
      if (kinds.length === 0) return [];
      const isAll = /\s--all\b|\s(?:-l|--selector)[= ]/.test(call);
      const [variable = ""] = /\$\{?(\w+)/.exec(targetOf(call)?.name ?? "")?.slice(1) ?? [];
      const names = givenIn(document.text).flatMap(([name, value]) => (name === variable ? [value] : []));
      const missed = inspected.workspaces.find(
        ({ facts: { namespace, workload } }) =>
          !kinds.includes(workload.kind) &&
          (namespaceIn(call) ?? namespace) === namespace &&
          (isAll || names.includes(workload.name)),
      );
      if (!missed) return [];
      const { workload } = missed.facts;
      return {
        message: `${fileOf(command)} is about a ${kinds[0]}, and ${workload.name} is a ${workload.kind}: ${isAll ? "the step passes it over" : "there is none of that name"}`,
        remedy: isAll
          ? `name both: ${[...new Set([...kinds, workload.kind])].map((kind) => kind.toLowerCase()).join(",")}`
          : `write ${typed(workload)}, for each of the workspaces`,
        ...command.place,
      };
    }),
  );
}

const isNamed = ({ facts }: InspectedWorkspace, name: string) => facts.workload.name === name;

/** What is told in passing of a workspace: of its kind, where it is, and what is in its pod. */
function ofWorkspaces(inspected: Inspected): Fault[] {
  return callsIn(toldCommands(inspected)).flatMap(({ command, call }) => {
    const { kind, name = "" } = targetOf(call) ?? {};
    const workspace = inspected.workspaces.find((one) => isNamed(one, name));
    if (!workspace || (kind !== "Deployment" && kind !== "StatefulSet")) return [];
    const { namespace, workload } = workspace.facts;
    const told = (what: string, remedy: string): Fault => ({
      message: `${fileOf(command)} tells to type ${call.trim().slice(0, 80)}: ${what}`,
      remedy,
      ...command.place,
    });
    const asked = namespaceIn(call);
    if (kind !== workload.kind)
      return told(`${name} is a ${workload.kind}`, `write ${typed(workload)}/${name}`);
    if (asked !== undefined && !asked.includes("$") && asked !== namespace)
      return told(`${name} is in namespace ${namespace}`, `write -n ${namespace}`);
    const container = /\s(?:-c|--container)[= ]\s*["']?([\w.-]+)/.exec(call)?.[1];
    const names = workspace.containers.map((one) => one.container.name);
    // What `debug` names is made then.
    if (container !== undefined && !names.includes(container) && !/\sdebug\s/.test(call))
      return told(`its pod has no container ${container}`, `name one that it has: ${names.join(", ")}`);
    return [];
  });
}

/** Whether the commands of documents fit the workloads that there are. */
export const documentWorkloadRules = [
  rule({
    id: "document-of-other-kind",
    title: "documents name workspaces as what they are",
    find: (inspected) => [...ofOtherKind(inspected), ...ofWorkspaces(inspected)],
  }),
];
