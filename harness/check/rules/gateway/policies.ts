import type { OwnedObject } from "../../../home/index.ts";
import type { Fault } from "../../finding.ts";
import { type Inspected, ownedNamed, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { rule } from "../../rule.ts";

interface Target {
  kind?: string;
  name?: string;
  sectionName?: string;
}

interface PolicySpec {
  targetRef?: Target;
  targetRefs?: Target[];
  timeout?: { http?: { maxConnectionDuration?: string; maxStreamDuration?: string } };
}

const kinds = ["BackendTrafficPolicy", "ClientTrafficPolicy", "SecurityPolicy"];
const policies = ({ of, concernsUs }: Inspected) => kinds.flatMap(of).filter(concernsUs);

/** Policies of what is not there: Envoy Gateway reaches objects of the policy's own namespace. */
function withoutTarget(inspected: Inspected): Fault[] {
  return policies(inspected).flatMap((one) => {
    const { targetRef, targetRefs = [] } = specOf<PolicySpec>(one);
    const { namespace, name: own } = one.object.metadata;
    return [...(targetRef ? [targetRef] : []), ...targetRefs].flatMap(({ kind = "", name = "" }) => {
      const named = inspected.of(kind);
      const isThere = named.some(
        ({ object: { metadata } }) => metadata.name === name && metadata.namespace === namespace,
      );
      const isRoute = kind === "HTTPRoute" || kind === "Gateway";
      if ((isThere && isRoute) || isUnrendered(inspected, one)) return [];
      const near = inspected
        .of("HTTPRoute")
        .filter(({ owner }) => owner === one.owner || owner.name === one.owner.name)
        .map(({ object: { metadata } }) => `${metadata.namespace}/${metadata.name}`);
      return {
        message: isRoute
          ? `${one.object.kind} ${own} is for ${kind} ${namespace}/${name}, which is not there: it does nothing`
          : `${one.object.kind} ${own} is for a ${kind}, to which no such policy can be: it does nothing`,
        remedy: `name an HTTPRoute of namespace ${namespace}${near.length > 0 ? ` (there is ${near.join(", ")})` : ""}`,
        ...inspected.placeOf(one, /targetRefs?:/, key(isRoute ? "name" : "kind")),
      };
    });
  });
}

/** A part of a route or Gateway that has none of that name. */
function withoutSection(inspected: Inspected): Fault[] {
  return policies(inspected).flatMap((one) => {
    const { targetRef, targetRefs = [] } = specOf<PolicySpec>(one);
    return [...(targetRef ? [targetRef] : []), ...targetRefs].flatMap(
      ({ kind = "", name = "", sectionName }) => {
        const target = ownedNamed(inspected, kind, { namespace: one.object.metadata.namespace, name });
        const { rules = [], listeners = [] } = (target?.object.spec ?? {}) as {
          rules?: { name?: string }[];
          listeners?: { name?: string }[];
        };
        const isThere = [...rules, ...listeners].some((part) => part.name === sectionName);
        if (!target || sectionName === undefined || isThere) return [];
        return {
          message: `${titleOf(one)} is for ${sectionName} of ${kind} ${name}, which has no part of that name: it does nothing`,
          remedy: "leave sectionName out",
          ...inspected.placeOf(one, key("sectionName")),
        };
      },
    );
  });
}

/** Of a release that cannot be rendered nobody knows the routes; that has a finding of its own. */
function isUnrendered({ home: { rendered } }: Inspected, { owner }: OwnedObject): boolean {
  const isOf = (one?: { name: string; namespace: string }) =>
    one?.name === owner.name && one.namespace === owner.namespace;
  return (
    rendered.problems.some(({ kustomization, kind }) => isOf(kustomization) && kind !== "blanked") ||
    rendered.releases.some(({ kustomization, isRendered }) => isOf(kustomization) && !isRendered)
  );
}

/** Two policies of one kind for one target: Envoy Gateway goes by the older, and of two as old by the first name. */
function twice(inspected: Inspected): Fault[] {
  const targets = policies(inspected).flatMap((one) => {
    const { targetRef, targetRefs = [] } = specOf<PolicySpec>(one);
    const { kind, metadata } = one.object;
    return [...(targetRef ? [targetRef] : []), ...targetRefs].map((target) => ({
      one,
      name: target.name,
      what: `${target.kind} ${target.name}${target.sectionName ? ` (${target.sectionName})` : ""}`,
      key: [kind, metadata.namespace, target.kind, target.name, target.sectionName].join("/"),
    }));
  });
  const byTarget = Map.groupBy(targets, (target) => target.key);
  return [...byTarget.values()].flatMap((same) => {
    const policiesOfOne = [...new Set(same.map(({ one }) => titleOf(one)))];
    const [first] = same;
    if (first === undefined || policiesOfOne.length < 2) return [];
    const wrong = same.find(({ one, name }) => one.object.metadata.name !== name) ?? first;
    return {
      message: `${policiesOfOne.join(" and ")} are both for ${first.what}: Envoy Gateway goes by one of them, and the other does nothing`,
      remedy: "let each name the route of its own workspace, or put both into one",
      ...inspected.placeOf(wrong.one, /targetRefs?:/, key("name")),
    };
  });
}

/** Durations after which Envoy ends a connection or a stream, however busy it is. */
function shortLives(inspected: Inspected): Fault[] {
  return policies(inspected).flatMap((one) => {
    const http = specOf<PolicySpec>(one).timeout?.http ?? {};
    return (["maxConnectionDuration", "maxStreamDuration"] as const)
      .filter((field) => http[field] !== undefined && !/^0+(ms|s|m|h)?$/.test(http[field]))
      .map((field) => ({
        message: `${titleOf(one)} ends event streams and terminals after ${http[field]} (${field}), however busy they are`,
        remedy: `leave ${field} out`,
        ...inspected.placeOf(one, key(field)),
      }));
  });
}

/** What policies are for, and what they end. */
export const policyRules = [
  rule({
    id: "policy-of-nothing",
    title: "policies are for what is there",
    pitfalls: [4],
    find: (inspected) => [...withoutTarget(inspected), ...withoutSection(inspected)],
  }),
  rule({
    id: "policy-twice",
    title: "a route has one policy of a kind",
    pitfalls: [4],
    severity: "warning",
    find: twice,
  }),
  rule({ id: "short-life", title: "no stream has an end by the clock", pitfalls: [4], find: shortLives }),
];
