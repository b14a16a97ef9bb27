import { posix } from "node:path";
import type { OwnedObject } from "../../home/index.ts";
import type { Fault } from "../finding.ts";
import type { Inspected, InspectedWorkspace } from "../inspected.ts";
import { key } from "../place.ts";
import { rule } from "../rule.ts";

interface ClaimSpec {
  accessModes?: string[];
  storageClassName?: string;
  volumeName?: string;
  volumeMode?: string;
}

/** The claims of a workspace that are in the tree. */
function claimsOf(inspected: Inspected, { facts }: InspectedWorkspace): OwnedObject[] {
  const names = new Set(facts.claims.map(({ name }) => name));
  return inspected
    .of("PersistentVolumeClaim")
    .filter(({ object: { metadata } }) => metadata.namespace === facts.namespace && names.has(metadata.name));
}

const specOf = ({ object }: OwnedObject) => (object.spec ?? {}) as ClaimSpec;

function isExclusive(claims: readonly OwnedObject[]): boolean {
  return claims.some((claim) => specOf(claim).accessModes?.every((mode) => mode.startsWith("ReadWriteOnce")));
}

function twoPods(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const { facts, workload, at } = workspace;
    const { replicas, strategy } = workload.spec as { replicas?: number; strategy?: { type?: string } };
    if ((replicas ?? 1) > 1) {
      return [
        {
          message: `${facts.name} has ${replicas} replicas on one volume`,
          remedy: "let replicas be 1: OpenCode's database has one writer",
          ...at(key("replicas")),
        },
      ];
    }
    const isRolling =
      facts.workload.kind === "Deployment" && (strategy?.type ?? "RollingUpdate") !== "Recreate";
    if (!isRolling || !isExclusive(claimsOf(inspected, workspace))) return [];
    return [
      {
        message: `${facts.name} is updated by RollingUpdate on a ReadWriteOnce claim: on another node the new pod waits for a volume that the old one keeps`,
        remedy: "write strategy: Recreate",
        ...at(key("controllers"), key("strategy")),
      },
    ];
  });
}

interface Mount {
  mountPath: string;
  name: string;
}

/** The volume on which a directory of OpenCode's container lies. */
function volumeOf({ app, workload }: InspectedWorkspace, directory: string) {
  const mounts: Mount[] = app.volumeMounts ?? [];
  const above = mounts
    .filter(
      ({ mountPath }) => directory === mountPath || directory.startsWith(`${mountPath.replace(/\/$/, "")}/`),
    )
    .toSorted((left, right) => right.mountPath.length - left.mountPath.length);
  const volume = workload.pod.volumes?.find(({ name }) => name === above[0]?.name);
  const templates = (workload.spec as { volumeClaimTemplates?: { metadata?: { name?: string } }[] })
    .volumeClaimTemplates;
  const isTemplate = templates?.some(({ metadata }) => metadata?.name === above[0]?.name) ?? false;
  return { isClaim: isTemplate || volume?.persistentVolumeClaim !== undefined, volume, mount: above[0] };
}

function lostData(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const { facts, at } = workspace;
    const kept = [
      ["sessions and login", facts.dataDirectory],
      ["code", facts.workingDirectory],
    ] as const;
    return kept.flatMap(([what, directory]) => {
      if (directory === undefined) return [];
      const { isClaim, volume } = volumeOf(workspace, directory);
      if (isClaim) return [];
      const kind = Object.keys(volume ?? {}).find((field) => field !== "name");
      return {
        message: `${what} of ${facts.name} (${directory}) are kept on ${kind ?? "the container's own disk"}, not on a PersistentVolumeClaim`,
        remedy: "mount the claim there: all else goes with the pod, or stays on one node",
        ...at(key("persistence"), kind ?? posix.basename(directory)),
      };
    });
  });
}

function onOneNode(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const { facts, workload, at } = workspace;
    const selector = workload.pod.nodeSelector?.["kubernetes.io/hostname"];
    const pinned = selector
      ? [
          {
            message: `${facts.name} may run on node ${selector} only`,
            remedy: "leave the nodeSelector out: a volume of Ceph follows the pod to any node",
            ...at(key("nodeSelector")),
          },
        ]
      : [];
    return [
      ...pinned,
      ...claimsOf(inspected, workspace).flatMap((claim) => volumesOnOneNode(inspected, claim)),
      ...templatesOnOneNode(workspace),
    ];
  });
}

const nodeClasses = /local|hostpath|host-path/i;

function volumesOnOneNode({ of, placeOf }: Inspected, claim: OwnedObject): Fault[] {
  const { namespace, name } = claim.object.metadata;
  const remedy = "use the default class, ceph-block, whose volumes follow a pod to any node";
  const volumes = of("PersistentVolume").filter(({ object }) => {
    const { claimRef } = (object.spec ?? {}) as { claimRef?: { name?: string; namespace?: string } };
    return claimRef?.name === name && claimRef.namespace === namespace;
  });
  const [volume] = volumes.filter(({ object }) => {
    const spec = (object.spec ?? {}) as { local?: unknown; hostPath?: unknown };
    return spec.local !== undefined || spec.hostPath !== undefined;
  });
  if (volume) {
    const message = `the volume of claim ${name} (PersistentVolume ${volume.object.metadata.name}) is a directory of a node`;
    return [{ message, remedy, ...placeOf(volume, /^ {2}(local|hostPath):/) }];
  }
  const { storageClassName = "" } = specOf(claim);
  if (!nodeClasses.test(storageClassName)) return [];
  return [
    {
      message: `claim ${name} is of class ${storageClassName}, whose volumes stay on one node`,
      remedy,
      ...placeOf(claim, key("storageClassName")),
    },
  ];
}

interface StatefulSpec {
  volumeClaimTemplates?: { metadata?: { name?: string }; spec?: ClaimSpec }[];
  persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string; whenScaled?: string };
}

function templatesOnOneNode({ workload, at }: InspectedWorkspace): Fault[] {
  return ((workload.spec as StatefulSpec).volumeClaimTemplates ?? [])
    .filter(({ spec }) => nodeClasses.test(spec?.storageClassName ?? ""))
    .map(({ metadata, spec }) => ({
      message: `claims ${metadata?.name} are of class ${spec?.storageClassName}, whose volumes stay on one node`,
      remedy: "use the default class, ceph-block, whose volumes follow a pod to any node",
      ...at(key("volumeClaimTemplates"), key("storageClassName")),
    }));
}

/** Claims that go with their StatefulSet, when it is made anew or scaled to 0. */
function goingWithTheSet({ workspaces }: Inspected): Fault[] {
  return workspaces.flatMap(({ facts, workload, at }) => {
    const policy = (workload.spec as StatefulSpec).persistentVolumeClaimRetentionPolicy ?? {};
    if (!Object.values(policy).includes("Delete")) return [];
    return {
      message: `claims of ${facts.name} go, and the work with them, when its StatefulSet is made anew or scaled to 0`,
      remedy: "leave persistentVolumeClaimRetentionPolicy out: Retain is the default",
      ...at(key("persistentVolumeClaimRetentionPolicy")),
    };
  });
}

interface Pools {
  values?: { cephBlockPools?: { storageClass?: { name?: string; isDefault?: boolean } }[] };
}

/** The default class where the home says that it is one of RBD's: as a StorageClass, or for Rook's chart to make. */
function defaultBlockClass({ of }: Inspected): string | undefined {
  const annotated = of("StorageClass").find(
    ({ object: { metadata } }) =>
      metadata.annotations?.["storageclass.kubernetes.io/is-default-class"] === "true",
  );
  if (annotated) {
    const { provisioner = "" } = annotated.object as { provisioner?: string };
    return provisioner.includes("rbd") ? "rbd" : undefined;
  }
  const pools = of("HelmRelease").flatMap(
    ({ object }) => ((object.spec ?? {}) as Pools).values?.cephBlockPools ?? [],
  );
  return pools.find(({ storageClass }) => storageClass?.isDefault === true) && "rbd";
}

/** A block device with a file system on it is one node's. */
function sharedBlocks(inspected: Inspected): Fault[] {
  const defaultClass = defaultBlockClass(inspected);
  return inspected.workspaces
    .flatMap((workspace) => claimsOf(inspected, workspace))
    .filter((claim) => {
      const { accessModes = [], storageClassName = defaultClass, volumeMode } = specOf(claim);
      const isBlock = storageClassName !== undefined && /block|rbd/.test(storageClassName);
      return accessModes.includes("ReadWriteMany") && volumeMode !== "Block" && isBlock;
    })
    .map((claim) => ({
      message: `claim ${claim.object.metadata.name} asks for ReadWriteMany, which ceph-block cannot give: it stays Pending`,
      remedy: "write ReadWriteOnce",
      ...inspected.placeOf(claim, key("accessModes")),
    }));
}

function unguarded(inspected: Inspected): Fault[] {
  const guard = "kustomize.toolkit.fluxcd.io/prune";
  const isGuarded = ({ object: { metadata } }: OwnedObject) =>
    metadata.labels?.[guard] === "disabled" || metadata.annotations?.[guard] === "disabled";
  const namespaces = new Set(inspected.workspaces.map(({ facts }) => facts.namespace));
  const open = inspected
    .of("Namespace")
    .filter((one) => namespaces.has(one.object.metadata.name) && !isGuarded(one))
    .map((one) => ({
      message: `Namespace ${one.object.metadata.name} goes, with every workspace in it, when its file leaves Git`,
      remedy: `give it the label ${guard}: disabled`,
      ...inspected.placeOf(one, key("metadata")),
    }));
  const claims = inspected.workspaces
    .flatMap((workspace) => claimsOf(inspected, workspace))
    .filter((one) => !one.by.release && !isGuarded(one))
    .map((one) => ({
      message: `claim ${one.object.metadata.name} goes, and its volume with it, when its Kustomization leaves Git`,
      remedy: `give it the label ${guard}: disabled`,
      severity: "warning" as const,
      ...inspected.placeOf(one, key("metadata")),
    }));
  return [...open, ...claims];
}

/** Helm replaces what it owns when an upgrade is forced, and removes it with the release. */
function ownedByHelm(inspected: Inspected): Fault[] {
  return inspected.workspaces.flatMap((workspace) => {
    const release = inspected.of("HelmRelease").find(({ object: { metadata } }) => {
      const { namespace, name } = workspace.facts.release ?? {};
      return metadata.name === name && metadata.namespace === namespace;
    });
    const { upgrade } = (release?.object.spec ?? {}) as {
      upgrade?: { force?: boolean; remediation?: { strategy?: string } };
    };
    const isReplaced = upgrade?.force === true || upgrade?.remediation?.strategy === "uninstall";
    return claimsOf(inspected, workspace)
      .filter(
        ({ by, object }) => by.release && object.metadata.annotations?.["helm.sh/resource-policy"] !== "keep",
      )
      .map((claim) => ({
        message: `claim ${claim.object.metadata.name} belongs to the HelmRelease, ${isReplaced ? "whose upgrades replace it" : "and goes with it"}`,
        remedy: "let kustomize make the claim (templates/volsync), and name it as existingClaim",
        ...(isReplaced ? {} : { severity: "warning" as const }),
        ...workspace.at(key("persistence")),
      }));
  });
}

function noEviction(inspected: Inspected): Fault[] {
  return inspected.of("PodDisruptionBudget").flatMap((one) => {
    const { minAvailable, maxUnavailable, selector } = (one.object.spec ?? {}) as {
      minAvailable?: number | string;
      maxUnavailable?: number | string;
      selector?: { matchLabels?: Record<string, string> };
    };
    const isForbidding =
      ["1", "100%"].includes(String(minAvailable)) || ["0", "0%"].includes(String(maxUnavailable));
    const workspace = inspected.workspaces.find(
      ({ facts, workload }) =>
        facts.namespace === one.object.metadata.namespace &&
        Object.entries(selector?.matchLabels ?? {}).every(
          ([label, value]) => workload.podLabels[label] === value,
        ),
    );
    if (!isForbidding || !workspace) return [];
    return {
      message: `PodDisruptionBudget ${one.object.metadata.name} allows no eviction of ${workspace.facts.name}'s one pod: a drain never ends`,
      remedy: "remove it: one replica has no other pod to go on with",
      ...inspected.placeOf(one, /minAvailable|maxUnavailable/),
    };
  });
}

function noGrace({ workspaces }: Inspected): Fault[] {
  return workspaces
    .filter(({ workload }) => workload.pod.terminationGracePeriodSeconds === 0)
    .map(({ facts, at }) => ({
      message: `${facts.name} has no grace period: its pod is gone before its volume is let go`,
      remedy: "leave terminationGracePeriodSeconds at 30",
      ...at("terminationGracePeriodSeconds"),
    }));
}

export const storageRules = [
  rule({
    id: "two-pods-one-volume",
    title: "one pod at a time has the volume",
    pitfalls: [6],
    find: twoPods,
  }),
  rule({ id: "data-not-kept", title: "sessions and code lie on a claim", pitfalls: [6, 8], find: lostData }),
  rule({ id: "bound-to-node", title: "pod and volume can go to any node", pitfalls: [6], find: onOneNode }),
  rule({
    id: "no-grace-period",
    title: "a pod has time to let go of its volume",
    pitfalls: [6],
    find: noGrace,
  }),
  rule({ id: "no-eviction", title: "a drain can evict each workspace", pitfalls: [6], find: noEviction }),
  rule({ id: "prune-guard", title: "what holds work outlives its file in Git", find: unguarded }),
  rule({
    id: "claim-of-set",
    title: "claims outlive their StatefulSet",
    pitfalls: [6],
    find: goingWithTheSet,
  }),
  rule({
    id: "shared-block",
    title: "no claim shares a block device",
    pitfalls: [6],
    isBlocker: true,
    find: sharedBlocks,
  }),
  rule({ id: "claim-of-helm", title: "no upgrade of Helm replaces a claim", find: ownedByHelm }),
];
