import { readableSecrets } from "../rendering/index.ts";
import type { Inspected, InspectedWorkspace } from "./inspected.ts";
import { key, type Needle } from "./place.ts";

/** What a container of a workspace is told to do. */
export interface Script {
  workspace: InspectedWorkspace;
  container: InspectedWorkspace["containers"][number]["container"];
  text: string;
  variables: Record<string, string>;
  /** Whether a Secret is in its environment or among its files. */
  hasSecret: boolean;
  isClone: boolean;
  at(...needles: Needle[]): { file?: string; line?: number };
}

export function scriptsIn({ workspaces }: Pick<Inspected, "workspaces">): Script[] {
  return workspaces.flatMap((workspace) =>
    workspace.containers.map(({ container, program }) => ({
      workspace,
      container,
      text: program.text,
      variables: program.variables,
      hasSecret: readableSecrets(workspace.workload, container).length > 0,
      isClone: /\bgit\b[^\n]*\sclone\b/.test(program.text),
      at: (...needles) => workspace.at(key(container.name), ...needles),
    })),
  );
}

export const named = ({ container, workspace }: Pick<Script, "container" | "workspace">): string =>
  `container ${container.name} of ${workspace.facts.name}`;

/** Whether the clone itself says what is to happen where it fails. */
export const isGuarded = (text: string): boolean =>
  /\bclone\b[^\n]*(\|\|\s*(exit|return|\{)|&&)|\bif\b[^\n]*\bclone\b/.test(text);
