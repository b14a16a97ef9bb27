import { type Inspected, type InspectedWorkspace, variablesOf } from "./inspected.ts";

/** What the container of OpenCode is told to run. */
export const textOf = ({ containers, app }: InspectedWorkspace): string =>
  containers.find(({ container }) => container === app)?.program.text ?? "";

/** Whether OpenCode's options are all that says where it listens: no settings of its own, and no value that is unknown. */
export function isToldByOptions(workspace: InspectedWorkspace, { objects }: Inspected): boolean {
  const { app, workload } = workspace;
  const text = textOf(workspace);
  const names = [...Object.keys(variablesOf(workspace)), ...(app.env ?? []).map(({ name }) => name)];
  const mounts = (app.volumeMounts ?? []).map((mount) => {
    const volume = workload.pod.volumes?.find(({ name }) => name === mount.name);
    const name = volume?.configMap?.name;
    return {
      mount,
      volume,
      content: name && objects.find("ConfigMap", { namespace: workload.namespace, name }),
    };
  });
  return (
    /\bopencode\b[^\n;&|]*\s(web|serve)\b/.test(text) &&
    !/\s--mdns\b|\s--hostname[ =]["']?\$/.test(text) &&
    !names.some((name) => name.startsWith("OPENCODE_CONFIG")) &&
    !/\bopencode\.jsonc?\b/.test(JSON.stringify(mounts))
  );
}

/** The ports on which OpenCode may listen, by its options or as its container declares them; none where only its settings know. */
export function knownPorts(workspace: InspectedWorkspace): number[] {
  const isOption = /--port[= ]+["']?\d/.test(textOf(workspace));
  return isOption
    ? [workspace.facts.port]
    : (workspace.app.ports ?? []).map(({ containerPort }) => containerPort);
}
