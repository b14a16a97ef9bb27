import { posix } from "node:path";
import { escapeRegExp } from "../../../base/index.ts";
import { isNamedKey } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, type InspectedWorkspace, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { openPage, probesOf } from "../../reading/probes.ts";
import { rule } from "../../rule.ts";

function users({ workspaces }: Inspected): Fault[] {
  return workspaces.flatMap((workspace) => {
    const { facts, workload, containers, at } = workspace;
    const onVolume = new Set(facts.claims.flatMap(({ mounts }) => mounts.map(({ container }) => container)));
    const uidOf = (context?: { runAsUser?: number }) =>
      context?.runAsUser ?? workload.pod.securityContext?.runAsUser;
    const others = containers.filter(
      ({ container, program, isInit }) =>
        isInit &&
        onVolume.has(container.name) &&
        uidOf(container.securityContext) !== facts.uid &&
        // It gives its files away.
        !new RegExp(`\\bchown\\b[^\\n]*\\b${escapeRegExp(String(facts.uid))}\\b`).test(program.text),
    );
    const noGroup =
      facts.fsGroup === undefined && facts.uid !== undefined && facts.uid !== 0 && facts.claims.length > 0
        ? [
            {
              message: `${facts.name} has no fsGroup: the volume's root belongs to root, and user ${facts.uid} cannot write to it`,
              remedy: `set defaultPodOptions.securityContext.fsGroup: ${facts.gid ?? facts.uid}`,
              ...at(key("defaultPodOptions"), key("securityContext")),
            },
          ]
        : [];
    return [
      ...noGroup,
      ...others.map(({ container }) => ({
        message: `container ${container.name} of ${facts.name} writes to the volume as user ${uidOf(container.securityContext) ?? "of its image"}, and OpenCode reads as ${facts.uid ?? "that of its image"}`,
        remedy: "let both be one user: a file of mode 600 is its owner's alone",
        ...at(key(container.name), key("securityContext")),
      })),
    ];
  });
}

function openSecrets({ workspaces }: Inspected): Fault[] {
  return workspaces.flatMap(({ facts, workload, at }) =>
    (workload.pod.volumes ?? []).flatMap(({ name, secret, projected }) => {
      const mode = (secret ?? (projected?.sources?.some((one) => one.secret) ? projected : undefined))
        ?.defaultMode;
      if (mode === undefined || (mode & 0o007) === 0) return [];
      return {
        message: `${facts.name} mounts Secret ${secret?.secretName ?? name} with mode 0${mode.toString(8)}: every user of the container can read it`,
        remedy: "let defaultMode be 256 (0400): the kubelet adds the group for fsGroup",
        // Also what nobody wrote, which the API server makes 0644.
        ...(mode === 0o644 ? { severity: "warning" as const } : {}),
        ...at(key(name), key("defaultMode")),
      };
    }),
  );
}

function unpinned({ workspaces }: Inspected): Fault[] {
  return workspaces.flatMap(({ facts, containers, at }) =>
    containers.flatMap(({ container: { name, image = "" } }) => {
      const tag = /:([^/@:]+)(@|$)/.exec(image)?.[1];
      if (image.includes("@sha256:") || (tag !== undefined && tag !== "latest" && tag !== "edge")) return [];
      return {
        message: `container ${name} of ${facts.name} runs ${image}, which may be another image at each start`,
        remedy: "pin the tag: a restart must bring back what ran before",
        ...at(key(name), key("image"), key("tag")),
      };
    }),
  );
}

function mountedLogin({ workspaces }: Inspected): Fault[] {
  return workspaces
    .filter(({ facts }) => facts.login?.how === "mounted")
    .map(({ facts, at }) => ({
      message: `auth.json of ${facts.name} is the Secret itself, which nobody can write to: OpenCode cannot renew its tokens`,
      remedy: "mount it into an init container that copies it onto the volume",
      ...at("auth.json"),
    }));
}

/** Where the clone is in OpenCode's container, by the last part of its path. */
function wrongDirectory({ workspaces }: Inspected): Fault[] {
  return workspaces.flatMap((workspace) => {
    const { facts, at } = workspace;
    const directory = facts.workingDirectory;
    const places = facts.clones.flatMap((clone) => clonePlaces(workspace, clone));
    if (directory === undefined || places.length === 0) return [];
    const isInside = places.some((place) => directory === place || directory.startsWith(`${place}/`));
    if (isInside || facts.clones.length > 1) return [];
    const [place = ""] = places;
    const how = place.startsWith(`${directory.replace(/\/$/, "")}/`) ? "above" : "beside";
    return {
      message: `${facts.name} starts in ${directory}, ${how} its clone in ${place}: OpenCode finds no repository there`,
      remedy: `let workingDir be ${place}`,
      ...at(key("workingDir")),
    };
  });
}

/** Paths of the script that end with the repository's name, seen through the app's mounts of the same claim. */
function clonePlaces(
  { facts, containers }: InspectedWorkspace,
  { repository, container }: InspectedWorkspace["facts"]["clones"][number],
): string[] {
  const name = posix.basename(repository);
  const { text = "", variables = {} } =
    containers.find((one) => one.container.name === container)?.program ?? {};
  const withName = text.replaceAll(/\$\(basename ([^)]*)\)/g, (_, words: string) =>
    baseName(words, variables, name),
  );
  const paths = [...withName.matchAll(/(\/[\w./-]+)/g)].map(([path]) => path.replace(/\/(\.git)?$/, ""));
  const found = [...new Set(paths.filter((path) => [name, `${name}.git`].includes(posix.basename(path))))];
  return facts.claims.flatMap(({ mounts }) => {
    const from = mounts.filter((mount) => mount.container === container);
    const to = mounts.filter((mount) => mount.container === facts.container);
    const onVolume = from.flatMap((mount) => found.flatMap((path) => below(path, mount.path, mount.subPath)));
    return to.flatMap((mount) => onVolume.flatMap((path) => seenAt(path, mount)));
  });
}

/** What `basename` says of a variable that is known; else the repository's name. */
function baseName(words: string, variables: Record<string, string>, name: string): string {
  const [, variable = "", suffix = ""] = /^["']?\$\{?(\w+)\}?["']?\s*["']?(\S*?)["']?$/.exec(words) ?? [];
  const value = variables[variable];
  return value === undefined ? name : posix.basename(value, suffix);
}

function below(path: string, root: string, subPath: string): string[] {
  const relative = posix.relative(root, path);
  return relative.startsWith("..") ? [] : [posix.join(subPath, relative)];
}

function seenAt(path: string, { path: mountPath, subPath }: { path: string; subPath: string }): string[] {
  const relative = posix.relative(subPath === "" ? "." : subPath, path);
  return relative.startsWith("..") ? [] : [posix.join(mountPath, relative)];
}

/** Of what comes with all of a Secret nobody knows whether it brings a password, where no key of it is named. */
function isPresumed({ facts: { password, namespace }, app }: InspectedWorkspace, { objects }: Inspected) {
  const { secret, key: own } = password?.source ?? {};
  const isWhole = app.envFrom?.some(({ secretRef }) => secretRef?.name === secret) ?? false;
  return secret !== undefined && own !== undefined && isWhole && !isNamedKey(secret, own, namespace, objects);
}

function refusedProbes(inspected: Inspected): Fault[] {
  return inspected.workspaces
    .filter(({ facts }) => facts.password)
    .flatMap((workspace) => {
      const { facts, at } = workspace;
      const presumed = isPresumed(workspace, inspected);
      return probesOf(workspace).flatMap(([name, probe]) => {
        const { path: asked = "/", httpHeaders = [] } = probe?.httpGet ?? {};
        // As the kubelet asks: with a slash before it, and what follows a ? is no matter.
        const path = `/${asked.replace(/^\//, "").replace(/\?.*$/, "")}`;
        const logsIn = httpHeaders.some((header) => header.name.toLowerCase() === "authorization");
        if (!probe?.httpGet || path === openPage || logsIn) return [];
        return {
          message: presumed
            ? `the ${name} probe of ${facts.name} asks for ${path}: if Secret ${facts.password?.source?.secret} brings a password, that answers 401`
            : `the ${name} probe of ${facts.name} asks for ${path}, which answers 401 without the password`,
          remedy: `ask for ${openPage}, which OpenCode shows to everybody`,
          ...(presumed ? { severity: "warning" as const } : {}),
          ...at(key("probes"), key(name), key("path")),
        };
      });
    });
}

function noPassword({ workspaces }: Inspected): Fault[] {
  return workspaces
    .filter(({ facts }) => !facts.password)
    .map(({ facts, at }) => ({
      message: `${facts.name} has no password: anybody who reaches it has a shell, the code and the logins`,
      remedy: "set OPENCODE_SERVER_PASSWORD from a Secret",
      ...at(key("containers"), key("env")),
    }));
}

function noReload({ workspaces, of }: Inspected): Fault[] {
  const reloader = "reloader.stakater.com/";
  const asks = (annotations: Record<string, string> | undefined) =>
    Object.keys(annotations ?? {}).some(
      (name) =>
        /(^|\.)reloader\.stakater\.com\/(auto|reload|search)$/.test(name) && annotations?.[name] !== "false",
    );
  return workspaces.flatMap(({ facts, workload, object, at }) => {
    const template = workload.spec.template.metadata?.annotations;
    const usesSecrets = facts.externalSecrets.length > 0;
    if (!usesSecrets || asks(object.object.metadata.annotations) || asks(template)) return [];
    const elsewhere = of("HelmRelease")
      .concat(of("ExternalSecret"), of("Service"))
      .find(
        (one) =>
          one.object.metadata.namespace === facts.namespace &&
          one.owner === object.owner &&
          asks(one.object.metadata.annotations),
      );
    return {
      message: elsewhere
        ? `Reloader's annotation is on ${titleOf(elsewhere)}, where Reloader does not look, and not on ${facts.workload.kind} ${facts.workload.name}`
        : `${facts.workload.kind} ${facts.workload.name} has no annotation of Reloader: a new key or login in the store does not reach the pod`,
      remedy: `give the controller the annotation ${reloader}auto: "true"`,
      ...at(key("controllers"), key(facts.release?.controller ?? facts.workload.name)),
    };
  });
}

export const podRules = [
  rule({
    id: "other-user",
    title: "what init containers write OpenCode can read",
    pitfalls: [1],
    find: users,
  }),
  rule({
    id: "secret-readable",
    title: "mounted Secrets are their user's alone",
    pitfalls: [1],
    find: openSecrets,
  }),
  rule({ id: "image-unpinned", title: "every image is pinned", find: unpinned }),
  rule({ id: "login-mounted", title: "OpenCode can renew its login", pitfalls: [11], find: mountedLogin }),
  rule({
    id: "working-directory",
    title: "OpenCode starts in the clone",
    pitfalls: [8],
    find: wrongDirectory,
  }),
  rule({
    id: "probe-refused",
    title: "probes get an answer without a password",
    isBlocker: true,
    find: refusedProbes,
  }),
  rule({ id: "no-password", title: "each workspace has a password", severity: "warning", find: noPassword }),
  rule({ id: "no-reload", title: "a changed Secret restarts the pod", pitfalls: [11], find: noReload }),
];
