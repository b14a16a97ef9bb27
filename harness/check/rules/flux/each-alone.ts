import { escapeRegExp } from "../../../base/index.ts";
import type { OwnedObject } from "../../../home/index.ts";
import { isFluxKustomization } from "../../../rendering/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, ownedNamed, specOf, titleOf } from "../../reading/inspected.ts";
import { key, type Needle } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface Spec {
  dependsOn?: { name?: string; namespace?: string }[] | null;
  kubeConfig?: object;
  driftDetection?: { mode?: string; ignore?: { paths?: string[]; target?: object }[] } | null;
}

/** What Flux makes each workspace from, with the workspace's name. */
function makers({ workspaces, ...inspected }: Inspected) {
  const all = workspaces.flatMap(({ facts }) => {
    const { kustomization, release } = facts;
    const applied = inspected
      .of("Kustomization")
      .find(
        ({ object }) =>
          isFluxKustomization(object) &&
          object.metadata.name === kustomization.name &&
          object.metadata.namespace === kustomization.namespace,
      );
    const found = [applied, release && ownedNamed(inspected, "HelmRelease", release)];
    return found.flatMap((one) => (one ? [{ one, name: facts.name }] : []));
  });
  return all;
}

const isSame = (
  { object: { kind, metadata } }: OwnedObject,
  other: OwnedObject,
  name = "",
  namespace?: string,
) =>
  kind === other.object.kind &&
  metadata.name === name &&
  metadata.namespace === (namespace ?? other.object.metadata.namespace);

/** A workspace that waits for another goes without updates for as long as that one is broken. */
function waitsForAnother(inspected: Inspected): Fault[] {
  const all = makers(inspected);
  return all.flatMap(({ one, name }) =>
    (specOf<Spec>(one).dependsOn ?? []).flatMap(({ name: wanted, namespace }) => {
      const other = all.find(
        (another) => another.name !== name && isSame(another.one, one, wanted, namespace),
      );
      const isOfBoth = all.some((another) => another.one === other?.one && another.name === name);
      if (!other || isOfBoth) return [];
      return {
        message: `${titleOf(one)} waits for ${other.name}: for as long as that one is broken or its key is late, nothing of ${name} is applied`,
        remedy: "wait for what both need alone: secrets, storage",
        severity: "warning" as const,
        ...inspected.placeOf(one, key("dependsOn"), new RegExp(`name: *["']?${escapeRegExp(wanted ?? "")}`)),
      };
    }),
  );
}

/** Another cluster than the one that reads it. */
function elsewhere(inspected: Inspected): Fault[] {
  return makers(inspected)
    .filter(({ one }) => specOf<Spec>(one).kubeConfig)
    .map(({ one, name }) => ({
      message: `${titleOf(one)} is applied to another cluster (kubeConfig): ${name} is not made in this one`,
      remedy: "leave kubeConfig out",
      ...inspected.placeOf(one, key("kubeConfig")),
    }));
}

const promised = /\bdriftDetection: *(?:enabled\b|\{? *mode: *enabled\b)/;

/** Whether every object that the chart makes may be another than Git says. */
const ignoresAll = ({ ignore = [] }: NonNullable<Spec["driftDetection"]>): boolean =>
  ignore.some(({ paths = [], target }) => !target && paths.some((path) => /^\/?(?:spec\/?)?$/.test(path)));

/** A document says that what somebody changes by hand is put right. */
function driftStays(inspected: Inspected): Fault[] {
  const { tree, beside } = inspected.home;
  const promise = [...tree.files, ...beside.files].find(
    ([file, { content }]) => file.endsWith(".md") && promised.test(content.toString()),
  )?.[0];
  if (promise === undefined) return [];
  return makers(inspected).flatMap(({ one, name }) => {
    const { driftDetection } = specOf<Spec>(one);
    const mode = driftDetection?.mode ?? "disabled";
    const isIgnored = driftDetection ? ignoresAll(driftDetection) : false;
    if (one.object.kind !== "HelmRelease" || (mode === "enabled" && !isIgnored)) return [];
    const needles: Needle[] = driftDetection
      ? [key("driftDetection"), key(isIgnored ? "ignore" : "mode")]
      : [key("spec")];
    return {
      message: `what somebody changes by hand of ${name} stays (${isIgnored ? "driftDetection.ignore leaves all of it out" : `driftDetection: ${mode}`}), and ${promise} says that Flux puts it right`,
      remedy: "write driftDetection.mode: enabled, and ignore single paths of single objects alone",
      severity: "warning" as const,
      ...inspected.placeOf(one, ...needles),
    };
  });
}

/** Each workspace by itself, in this cluster, as Git says. */
export const eachAloneRules = [
  rule({ id: "waits-for-another", title: "no workspace waits for another", find: waitsForAnother }),
  rule({
    id: "applied-elsewhere",
    title: "workspaces are made in this cluster",
    isBlocker: true,
    find: elsewhere,
  }),
  rule({
    id: "drift-stays",
    title: "what is changed by hand is put right where documents say so",
    find: driftStays,
  }),
];
