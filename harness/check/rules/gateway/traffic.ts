import type { Fault } from "../../finding.ts";
import { policiesOfWorkspaces } from "../../reading/gateways.ts";
import { type Inspected, specOf, titleOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { bytesOf } from "../../reading/quantities.ts";
import { rule } from "../../rule.ts";

interface LimitRule {
  clientSelectors?: object[];
  limit?: { requests?: number; unit?: string };
}

interface TrafficSpec {
  rateLimit?: { type?: string; local?: { rules?: LimitRule[] }; global?: { rules?: LimitRule[] } };
  circuitBreaker?: Record<string, number | object | undefined>;
  faultInjection?: object;
  requestBuffer?: { limit?: string | number };
  retry?: { retryOn?: { triggers?: string[]; httpStatusCodes?: number[] } };
}

/** A page asks for its parts, its models, sessions and files at once; the bucket holds no more requests than one unit brings. */
const burst = 100;
const certain = 20;

function rateLimits(inspected: Inspected): Fault[] {
  return policiesOfWorkspaces(inspected, "BackendTrafficPolicy").flatMap((one) => {
    const { rateLimit } = specOf<TrafficSpec>(one);
    const rules = [...(rateLimit?.local?.rules ?? []), ...(rateLimit?.global?.rules ?? [])];
    return rules
      .filter(({ clientSelectors }) => !clientSelectors?.length)
      .flatMap(({ limit = {} }) => {
        const { requests = Number.POSITIVE_INFINITY, unit = "" } = limit;
        if (requests >= burst) return [];
        return {
          message: `${titleOf(one)} lets ${requests} requests a ${unit.toLowerCase()} through: a browser that opens OpenCode asks for more at once, and the rest is answered with 429`,
          remedy: "leave rateLimit out: a password keeps strangers away",
          ...(requests < certain ? {} : { severity: "warning" as const }),
          ...inspected.placeOf(one, key("rateLimit"), key("requests")),
        };
      });
  });
}

/** The event stream and each terminal hold one for as long as a page is open. */
const streams = 16;
const few = 4;

function breakers(inspected: Inspected): Fault[] {
  const fields = ["maxConnections", "maxParallelRequests"];
  return policiesOfWorkspaces(inspected, "BackendTrafficPolicy").flatMap((one) =>
    fields.flatMap((field) => {
      const value = specOf<TrafficSpec>(one).circuitBreaker?.[field];
      if (typeof value !== "number" || value >= streams) return [];
      return {
        message: `${titleOf(one)} lets ${value} requests be under way (${field}): a page holds its event stream and its terminals, and what comes beyond is answered with 503`,
        remedy: `leave ${field} out, or let it be 1024`,
        ...(value < few ? {} : { severity: "warning" as const }),
        ...inspected.placeOf(one, key("circuitBreaker"), key(field)),
      };
    }),
  );
}

/** Envoy's triggers for which OpenCode cannot have begun with a request. */
const harmless = new Set(["connect-failure", "refused-stream", "reset-before-request", "cancelled"]);

function retries(inspected: Inspected): Fault[] {
  return policiesOfWorkspaces(inspected, "BackendTrafficPolicy").flatMap((one) => {
    const { triggers = [], httpStatusCodes = [] } = specOf<TrafficSpec>(one).retry?.retryOn ?? {};
    const doubling = triggers.filter(
      (trigger) => !harmless.has(trigger) && trigger !== "retriable-status-codes",
    );
    if (doubling.length === 0 && httpStatusCodes.every((code) => code === 503)) return [];
    return {
      message: `${titleOf(one)} sends a request again after ${[...doubling, ...httpStatusCodes].join(", ")}, also one that OpenCode has begun with: a prompt is answered twice`,
      remedy: "leave retry out, or let it be for connect-failure only",
      severity: "warning" as const,
      ...inspected.placeOf(one, key("retry"), key("retryOn")),
    };
  });
}

function faults(inspected: Inspected): Fault[] {
  return policiesOfWorkspaces(inspected, "BackendTrafficPolicy")
    .filter((one) => specOf<TrafficSpec>(one).faultInjection !== undefined)
    .map((one) => ({
      message: `${titleOf(one)} makes faults on purpose (faultInjection)`,
      remedy: "take faultInjection away",
      ...inspected.placeOf(one, key("faultInjection")),
    }));
}

/** Images that are pasted into a prompt are some MiB. */
const body = 4 * 2 ** 20;

function buffers(inspected: Inspected): Fault[] {
  return policiesOfWorkspaces(inspected, "BackendTrafficPolicy").flatMap((one) => {
    const { limit } = specOf<TrafficSpec>(one).requestBuffer ?? {};
    if (limit === undefined || bytesOf(limit) >= body) return [];
    return {
      message: `${titleOf(one)} refuses requests of more than ${limit} (requestBuffer): an image in a prompt is answered with 413`,
      remedy: "leave requestBuffer out",
      severity: "warning" as const,
      ...inspected.placeOf(one, key("requestBuffer"), key("limit")),
    };
  });
}

/** What policies of traffic do to a page that is used. */
export const trafficRules = [
  rule({
    id: "rate-limited",
    title: "a page may ask for all its parts at once",
    pitfalls: [4],
    find: rateLimits,
  }),
  rule({ id: "circuit-broken", title: "a page may hold its streams", pitfalls: [4], find: breakers }),
  rule({ id: "sent-twice", title: "no prompt is sent twice", find: retries }),
  rule({ id: "fault-injected", title: "nobody makes faults on purpose", find: faults }),
  rule({ id: "body-refused", title: "prompts may be large", find: buffers }),
];
