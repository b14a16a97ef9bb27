import type { Fault } from "../../finding.ts";
import { type Inspected, specOf } from "../../reading/inspected.ts";
import { key } from "../../reading/place.ts";
import { bytesOf, isQuantity } from "../../reading/quantities.ts";
import { rule } from "../../rule.ts";

const modes = ["ReadWriteOnce", "ReadWriteOncePod", "ReadWriteMany", "ReadOnlyMany"];

function refusedClaims({ of, concernsUs, placeOf }: Inspected): Fault[] {
  return of("PersistentVolumeClaim")
    .filter(concernsUs)
    .flatMap((one) => {
      const {
        accessModes = [],
        resources,
        volumeName,
        storageClassName,
      } = specOf<{
        accessModes?: string[];
        volumeName?: string;
        storageClassName?: string;
        resources?: { requests?: { storage?: string | number | null } };
      }>(one);
      const { storage } = resources?.requests ?? {};
      const wrong = accessModes.find((mode) => !modes.includes(mode));
      const name = one.object.metadata.name;
      if (wrong !== undefined) {
        return {
          message: `the API server refuses claim ${name}: it has no access mode ${wrong}`,
          remedy: "write ReadWriteOnce",
          ...placeOf(one, key("accessModes")),
        };
      }
      if (storage === undefined || storage === null || storage === "" || bytesOf(storage) >= 64 * 2 ** 20)
        return [];
      const isSmall = isQuantity(storage);
      // Of a volume that is there already the size is for show.
      if (isSmall && (volumeName !== undefined || storageClassName === "")) return [];
      return {
        message: isSmall
          ? `claim ${name} asks for ${storage}, which is ${bytesOf(storage)} bytes`
          : `the API server refuses claim ${name}: ${storage} is no size`,
        ...(isSmall ? { severity: "warning" as const, isBlocker: false } : {}),
        remedy: "write a size with its unit, as 5Gi",
        ...placeOf(one, key("storage")),
      };
    });
}

/** Durations that Go reads, of fields whose schema says no more than that they are text. */
const durations: Readonly<Record<string, readonly string[]>> = {
  ExternalSecret: ["refreshInterval"],
  Certificate: ["duration", "renewBefore"],
};

function refusedDurations({ of, concernsUs, placeOf }: Inspected): Fault[] {
  return Object.entries(durations).flatMap(([kind, fields]) =>
    of(kind)
      .filter(concernsUs)
      .flatMap((one) =>
        fields.flatMap((field) => {
          const value = (one.object.spec as Record<string, unknown> | undefined)?.[field];
          if (value === undefined || /^([+-]?([\d.]+(ns|us|µs|ms|s|m|h))+|0)$/.test(String(value))) return [];
          return {
            message: `the API server refuses ${kind} ${one.object.metadata.name}: ${field} ${value} is no duration of Go's`,
            remedy: "write hours, minutes and seconds, as 24h or 1h30m; there are no days",
            ...placeOf(one, key(field)),
          };
        }),
      ),
  );
}

/** Sizes, modes and durations that no schema says, and the API server refuses. */
export const refusedValueRules = [
  rule({
    id: "claim-refused",
    title: "the API server takes every claim",
    pitfalls: [6],
    isBlocker: true,
    find: refusedClaims,
  }),
  rule({
    id: "duration-refused",
    title: "durations are in Go's units",
    isBlocker: true,
    find: refusedDurations,
  }),
];
