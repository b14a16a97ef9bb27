import type { V1Container, V1PodSpec } from "@kubernetes/client-node";
import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { claimSpecOf } from "../../reading/claims.ts";
import { type Inspected, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { bytesOf } from "../../reading/quantities.ts";
import { replicationsIn } from "../../reading/replications.ts";
import { rule } from "../../rule.ts";

type Amounts = Record<string, string | number>;

interface Limit {
  type?: string;
  max?: Amounts;
  min?: Amounts;
  default?: Amounts;
}

/** What stands in the namespaces of workspaces. */
const among = ({ of, workspaces }: Inspected, kind: string): OwnedObject[] =>
  of(kind).filter(({ object }) =>
    workspaces.some(({ facts }) => facts.namespace === object.metadata.namespace),
  );

const limitsOf = (one: OwnedObject) => specOf<{ limits?: Limit[] }>(one).limits ?? [];

/** What the API server gives containers of a namespace that say nothing themselves. */
const defaultsIn = (inspected: Inspected, namespace: string): Amounts =>
  Object.assign(
    {},
    ...among(inspected, "LimitRange")
      .filter(({ object }) => object.metadata.namespace === namespace)
      .flatMap(limitsOf)
      .filter(({ type }) => type === "Container")
      .map((one) => one.default ?? {}),
  );

/** Containers that want more, or less, than a namespace lets one have. */
function refusedContainers(inspected: Inspected): Fault[] {
  return among(inspected, "LimitRange").flatMap((one) =>
    limitsOf(one)
      .filter(({ type }) => type === "Container")
      .flatMap(({ max = {}, min = {} }) =>
        inspected.workspaces
          .filter(({ facts }) => facts.namespace === one.object.metadata.namespace)
          .flatMap(({ facts, containers }) => {
            const found = containers.flatMap(({ container: { name, resources } }) => {
              const { limits = {}, requests = {} } = resources ?? {};
              const over = Object.keys(max).find(
                (what) => bytesOf(limits[what] ?? 0) > bytesOf(max[what] ?? ""),
              );
              const under = Object.keys(min).find(
                (what) => bytesOf(requests[what] ?? Infinity) < bytesOf(min[what] ?? ""),
              );
              if (over)
                return [
                  `container ${name} asks for ${limits[over]} of ${over}, and ${max[over]} is the most`,
                ];
              return under
                ? [
                    `container ${name} asks for ${requests[under]} of ${under}, and ${min[under]} is the least`,
                  ]
                : [];
            });
            if (found[0] === undefined) return [];
            return {
              message: `${titleOf(one)} refuses the pods of ${facts.name}: ${found[0]}`,
              remedy: "let the LimitRange be as wide as the workspace needs, or leave it out",
              ...inspected.placeOf(one, key("limits"), new RegExp(found[0].includes("most") ? "max" : "min")),
            };
          }),
      ),
  );
}

/** Claims that are larger, or smaller, than a namespace lets one be. */
function refusedClaims(inspected: Inspected): Fault[] {
  return among(inspected, "LimitRange").flatMap((one) =>
    limitsOf(one)
      .filter(({ type }) => type === "PersistentVolumeClaim")
      .flatMap(({ max, min }) =>
        among(inspected, "PersistentVolumeClaim").flatMap((claim) => {
          const { storage } = claimSpecOf(claim).resources?.requests ?? {};
          const isOther = claim.object.metadata.namespace !== one.object.metadata.namespace;
          const over = bytesOf(storage ?? "") > bytesOf(max?.storage ?? "");
          const under = bytesOf(storage ?? "") < bytesOf(min?.storage ?? "");
          if (isOther || (!over && !under)) return [];
          return {
            message: `${titleOf(one)} refuses claim ${claim.object.metadata.name}: it asks for ${storage}, and ${over ? max?.storage : min?.storage} is the ${over ? "most" : "least"}`,
            remedy: "let the LimitRange be as wide as the claim needs, or leave it out",
            ...inspected.placeOf(one, key("limits"), "PersistentVolumeClaim"),
          };
        }),
      ),
  );
}

/** What a quota counts of a pod: all that run at once, or the one init container that wants more. */
function wantedBy(
  { containers, initContainers = [] }: V1PodSpec,
  kind: "requests" | "limits",
  what: string,
): number {
  const of = ({ resources = {} }: V1Container): number =>
    bytesOf(resources[kind]?.[what] ?? resources.limits?.[what] ?? 0);
  const sum = (all: V1Container[]) => all.reduce((total, one) => total + of(one), 0);
  return Math.max(sum(containers), ...initContainers.map(of));
}

/** `requests.memory`, `limits.cpu`, and `memory`, which is `requests.memory`. */
function amountOf(name: string): { kind: "requests" | "limits"; what: string } | undefined {
  const [, kind = "requests", what] = /^(?:(requests|limits)\.)?(cpu|memory)$/.exec(name) ?? [];
  return what === undefined ? undefined : { kind: kind as "requests" | "limits", what };
}

const hardOf = (one: OwnedObject): Amounts => {
  const {
    hard = {},
    scopes,
    scopeSelector,
  } = specOf<{ hard?: Amounts; scopes?: object; scopeSelector?: object }>(one);
  // Of certain pods only.
  return scopes || scopeSelector ? {} : hard;
};

/** Workspaces that do not fit into what is left for all. */
function shortQuotas(inspected: Inspected): Fault[] {
  return among(inspected, "ResourceQuota").flatMap((one) => {
    const { namespace } = one.object.metadata;
    const here = inspected.workspaces.filter(({ facts }) => facts.namespace === namespace);
    const claims = among(inspected, "PersistentVolumeClaim").filter(
      ({ object }) => object.metadata.namespace === namespace,
    );
    const sources = replicationsIn(inspected).filter(
      ({ object }) => object.kind === "ReplicationSource" && object.metadata.namespace === namespace,
    );
    return Object.entries(hardOf(one)).flatMap(([name, most]) => {
      const amount = amountOf(name);
      const wanted = amount
        ? here.reduce((total, { workload }) => total + wantedBy(workload.pod, amount.kind, amount.what), 0)
        : name === "pods" || name === "count/pods"
          ? here.length
          : name === "persistentvolumeclaims" || name === "count/persistentvolumeclaims"
            ? // Beside each backed up claim there is the mover's cache, and for as long as it works a copy.
              claims.length + sources.length + (sources.length > 0 ? 1 : 0)
            : name === "requests.storage"
              ? claims.reduce(
                  (total, claim) => total + bytesOf(claimSpecOf(claim).resources?.requests?.storage ?? 0),
                  0,
                )
              : 0;
      if (!(wanted > bytesOf(most))) return [];
      return {
        message: `${titleOf(one)} lets namespace ${namespace} have ${most} of ${name}, and its workspaces${claims.length > 0 ? " and backups" : ""} need ${shown(wanted, name)}: what comes last is refused`,
        remedy: `let ${name} be enough for all, with the pods and volumes of backups beside`,
        ...inspected.placeOf(one, key("hard"), key(name)),
      };
    });
  });
}

const shown = (wanted: number, name: string): string =>
  /memory|storage/.test(name) ? `${Math.ceil(wanted / 2 ** 20)}Mi` : String(Math.round(wanted * 1000) / 1000);

/** A quota of memory or processors refuses every pod that does not say how much it takes; VolSync's movers do not. */
function refusedMovers(inspected: Inspected): Fault[] {
  return among(inspected, "ResourceQuota").flatMap((one) => {
    const { namespace = "" } = one.object.metadata;
    const defaults = defaultsIn(inspected, namespace);
    const wanted = Object.keys(hardOf(one)).flatMap((name) => {
      const amount = amountOf(name);
      return amount && defaults[amount.what] === undefined ? [{ name, ...amount }] : [];
    });
    const [first] = wanted;
    const mover = replicationsIn(inspected).find((source) => {
      const { restic } = specOf<{ restic?: { moverResources?: { limits?: Amounts; requests?: Amounts } } }>(
        source,
      );
      const { limits = {}, requests = {} } = restic?.moverResources ?? {};
      return (
        source.object.metadata.namespace === namespace &&
        restic !== undefined &&
        wanted.some(
          ({ kind, what }) =>
            limits[what] === undefined && (kind === "limits" || requests[what] === undefined),
        )
      );
    });
    if (!first || !mover) return [];
    return {
      message: `${titleOf(one)} counts ${first.name}, and the mover of ${titleOf(mover)} says nothing of it: its pods are refused, and nothing is backed up`,
      remedy: "give the template moverResources, or the namespace a LimitRange with a default",
      ...inspected.placeOf(one, key("hard"), key(first.name)),
    };
  });
}

/** What a namespace has for its pods and claims. */
export const quotaRules = [
  rule({
    id: "limit-refuses",
    title: "no LimitRange refuses a workspace",
    isBlocker: true,
    find: (inspected) => [...refusedContainers(inspected), ...refusedClaims(inspected)],
  }),
  rule({
    id: "quota-short",
    title: "quotas leave room for workspaces and backups",
    find: (inspected) => [...shortQuotas(inspected), ...refusedMovers(inspected)],
  }),
];
