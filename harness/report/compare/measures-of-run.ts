import { divisionsOf } from "../page/moves-view.ts";
import type { RunPageData } from "../page/run-page-data.ts";
import { streamRows } from "../page/timeline/streams.ts";
import { workloadName } from "../page/workload-name.ts";
import type { Timeline } from "../timeline.ts";
import type { Measure, RunMeasures } from "./measures.ts";

type Source = Pick<RunPageData, "result" | "timeline" | "usage" | "ending">;

/** What a run has left, as figures. */
export function measuresOfRun({ result, timeline, usage, ending }: Source): RunMeasures {
  const { runId, scenarios } = result;
  const counted: Measure[] = [
    ...counts("clones", merged(timeline?.counts, ending?.clones), (name) => `clones and fetches of ${name}`),
    ...counts("restarts", ending?.restarts, (name) => `restarts of ${name}`),
  ];
  return {
    runId,
    statuses: Object.fromEntries(
      scenarios.flatMap(({ name, status, steps }) => [
        [name, status],
        ...steps.map((step) => [`${name}: ${step.title}`, step.status]),
      ]),
    ),
    measures: [
      ...scenarios.flatMap(({ name, steps }) =>
        steps
          .filter(({ status }) => status === "passed")
          .map(({ title, ms }) => time("steps", `${name}: ${title}`, ms)),
      ),
      ...(timeline ? [...movesOf(timeline), ...streamsOf(timeline)] : []),
      ...peaksOf(usage),
      ...counted,
    ],
    ...(ending ? { records: [...ending.records].sort() } : {}),
  };
}

const time = (group: Measure["group"], what: string, value: number): Measure => ({
  id: `${group}/${what}`,
  what,
  kind: "time",
  group,
  value,
});

/** The same move may happen several times: they are told apart by their order. */
function movesOf(timeline: Timeline): Measure[] {
  const seen = new Map<string, number>();
  return divisionsOf(timeline).flatMap(({ title, parts }) => {
    const turn = (seen.get(title) ?? 0) + 1;
    seen.set(title, turn);
    const name = turn === 1 ? title : `${title} (${turn})`;
    return parts.map(({ part, ms }) => time("moves", `${name}: ${part}`, ms));
  });
}

function streamsOf(timeline: Timeline): Measure[] {
  return streamRows(timeline).flatMap(({ of, name: held, gaps, segments }): Measure[] => {
    const name = of === undefined ? held : `${of}: ${held}`; // as a step's, whatever else the run ran
    const cuts = segments.filter(({ cut }) => cut !== undefined).length;
    const longest = Math.max(0, ...gaps.map(({ startMs, endMs }) => endMs - startMs));
    const what = `${name}: times that it was cut`;
    return [
      { id: `streams/${what}`, what, kind: "count", group: "streams", value: cuts },
      ...(gaps.length > 0 ? [time("streams", `${name}: longest gap`, longest)] : []),
    ];
  });
}

function peaksOf(usage: RunPageData["usage"]): Measure[] {
  const groups = Map.groupBy(usage, ({ namespace, pod }) => `${namespace}/${workloadName(pod)}`);
  return [...groups].map(([name, pods]) => ({
    id: `memory/${name}`,
    what: `peak of ${name}`,
    kind: "memory",
    group: "memory",
    value: Math.max(0, ...pods.flatMap(({ samples }) => samples.map(([, bytes]) => bytes))),
  }));
}

function counts(
  group: Measure["group"],
  amounts: Readonly<Record<string, number>> | undefined,
  name: (of: string) => string,
): Measure[] {
  return Object.entries(amounts ?? {}).map(([of, value]) => ({
    id: `${group}/${of}`,
    what: name(of),
    kind: "count",
    group,
    value,
  }));
}

function merged(...all: (Readonly<Record<string, number>> | undefined)[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [of, amount] of all.flatMap((one) => Object.entries(one ?? {})))
    sums[of] = (sums[of] ?? 0) + amount;
  return sums;
}
