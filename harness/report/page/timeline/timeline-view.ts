import { formatBytes, formatDuration } from "../../duration.ts";
import type { ScenarioResult } from "../../result.ts";
import type { Timeline, TimelineEntry, TimelineMoment } from "../../timeline.ts";
import { type Child, type Html, html } from "../html.ts";
import type { PodUsage } from "../run-page-data.ts";
import { count } from "../words.ts";
import { bytesChart, lineChart } from "./charts.ts";
import { type MarkPoint, marksOf } from "./marks.ts";
import { type TaskGroup, type TaskRow, taskGroups } from "./rows.ts";
import { type StreamRow, streamRows, titleOf } from "./streams.ts";
import { type Place, placeIn, ticksOf, zooms } from "./time-axis.ts";
import { type WorkloadUsage, workloadsOf } from "./usage.ts";

export interface TimelineParts {
  timeline: Timeline;
  scenarios: readonly ScenarioResult[];
  usage: readonly PodUsage[];
  /** How long the run took. */
  ms: number;
}

/** All that happened, on one axis of time: tasks and their waits, acts upon the world, streams, memory and CPU. */
export function timelineView({ timeline, scenarios, usage, ms }: TimelineParts): Html {
  const totalMs = Math.max(ms, ...timeline.entries.map(endOf), 1_000);
  const place = placeIn(totalMs);
  const marks = marksOf(timeline, totalMs);
  const streams = streamRows(timeline);
  const { shown, others } = workloadsOf(usage, Date.parse(timeline.startedAt));
  const draw: Drawing = { place, totalMs };
  // One scale for all: a small pod is to look small.
  const mostBytes = Math.max(1, ...shown.flatMap(({ peakBytes, limitBytes = 0 }) => [peakBytes, limitBytes]));
  const mostMillicores = Math.max(1, ...shown.map(({ peakMillicores }) => peakMillicores));
  return html`<div class="timeline">
    ${zoomControl()}
    <div class="scroll" tabindex="0" role="region" aria-label="Timeline, scrolls sideways when it is drawn apart">
      <div class="inner">
        ${axis(totalMs, place)}
        <div class="grid" aria-hidden="true">
          ${marks.map(({ atMs }) => html`<i class="mark" style=${`left:${place(atMs)}`}></i>`)}
        </div>
        ${marks.length > 0 && marksRow(marks, place)}
        ${taskGroups(timeline, scenarios, totalMs).map((group) => groupView(group, draw))}
        ${
          streams.length > 0 &&
          group(
            "Streams",
            count(streams.length, "stream"),
            streams.map((row) => streamView({ ...row, name: titleOf(row, streams) }, draw)),
          )
        }
        ${
          shown.length > 0 && [
            group(
              "Memory",
              "of the pods that need most",
              shown.map((workload) => memoryView(workload, mostBytes, draw)),
            ),
            group(
              "CPU",
              "of the same pods",
              shown.map((workload) => cpuView(workload, mostMillicores, draw)),
            ),
          ]
        }
      </div>
    </div>
    ${
      others.length > 0 &&
      html`<p class="note beside">${count(others.length, "other workload")} needed at most ${formatBytes(mostOf(others))} each; all figures are in usage.json.</p>`
    }
    ${marks.length > 0 && marksList(marks)}
  </div>`;
}

interface Drawing {
  place: Place;
  totalMs: number;
}

function zoomControl(): Html {
  return html`<fieldset class="zooms">
    <legend>Draw apart</legend>
    ${zooms.map(
      (zoom) =>
        html`<label><input type="radio" name="zoom" value=${zoom} checked=${zoom === 1} /><span>${zoom}×</span></label>`,
    )}
    <p class="note hint">or double-click a bar; or + − 0 in it, or Ctrl and the wheel</p>
  </fieldset>`;
}

function axis(totalMs: number, place: Place): Html {
  const ticks = ticksOf(totalMs).map(({ atMs, label, zoom }) => {
    const kind = atMs > totalMs * 0.95 ? "tick late" : "tick";
    return html`<span class=${kind} data-zoom=${zoom} style=${`left:${place(atMs)}`}>${label}</span>`;
  });
  return html`<div class="row axis" aria-hidden="true"><div class="label"></div><div class="track">${ticks}</div></div>`;
}

/** A row: its name on the left, which stays there, and its track. */
function row(name: Child, track: Child, kind = ""): Html {
  return html`<div class="row ${kind}"><div class="label">${name}</div><div class="track">${track}</div></div>`;
}

function group(title: string, note: string, rows: readonly Html[]): Html {
  return html`<details class="group" open>
    <summary>${row(html`<b>${title}</b> <span class="note">${note}</span>`, "")}</summary>
    ${rows}
  </details>`;
}

function marksRow(marks: readonly MarkPoint[], place: Place): Html {
  return row(
    html`<b>What was done to the cluster</b>`,
    marks.map(
      ({ number, atMs, texts }) =>
        html`<i class="flag" style=${`left:${place(atMs)}`} title=${texts.join("; ")}>${number}</i>`,
    ),
    "flags",
  );
}

/** The marks in words: who reads needs no axis. */
function marksList(marks: readonly MarkPoint[]): Html {
  return html`<ol class="marks">
    ${marks.map(({ atMs, texts }) => html`<li><span class="time">${formatDuration(atMs)}</span> ${texts.join("; ")}</li>`)}
  </ol>`;
}

/** Folded, its one line shows all bars of the group. */
function groupView({ title, rows, isOpen }: TaskGroup, draw: Drawing): Html {
  const startMs = Math.min(...rows.map((one) => one.startMs));
  const endMs = Math.max(...rows.map((one) => one.endMs));
  return html`<details class="group" open=${isOpen}>
    <summary>
      ${row(
        html`<b>${title}</b> <span class="time">${formatDuration(endMs - startMs)}</span>`,
        rows.map((one) => bar(one, draw)),
      )}
    </summary>
    ${rows.map((one) => taskView(one, draw))}
  </details>`;
}

function taskView(task: TaskRow, draw: Drawing): Html {
  const { title, tone, said, children, error } = task;
  const name = html`<span class="title">${title}</span> ${time(task)}`;
  const shown = row(name, [bar(task, draw), ...children.map((child) => bar(child, draw))], tone);
  if (said.length === 0 && children.length === 0 && error === undefined)
    return html`<div class="task leaf">${shown}</div>`;
  return html`<details class="task">
    <summary>${shown}</summary>
    ${(said.length > 0 || error !== undefined) && saidView(said, error)}
    ${children.map((child) => taskView(child, draw))}
  </details>`;
}

function saidView(said: readonly TimelineMoment[], error: string | undefined): Html {
  return html`<ol class="said">
    ${said.map(({ atMs, text }) => html`<li><span class="time">${formatDuration(atMs)}</span> ${text}</li>`)}
    ${error !== undefined && html`<li class="error">${error}</li>`}
  </ol>`;
}

function time({ startMs, endMs, isOver }: TaskRow): Html {
  return html`<span class="time">${isOver ? formatDuration(endMs - startMs) : "not over"}</span>`;
}

function bar({ tone, startMs, endMs }: TaskRow, { place }: Drawing): Html {
  return html`<i class="bar ${tone}" style=${span(startMs, endMs, place)}></i>`;
}

function span(startMs: number, endMs: number, place: Place): string {
  return `left:${place(startMs)};right:calc(100% - ${place(endMs)})`;
}

function streamView({ name, segments, gaps, bytes }: StreamRow, { place, totalMs }: Drawing): Html {
  const cuts = segments.filter(({ cut }) => cut !== undefined);
  const longest =
    gaps.length === 0
      ? ""
      : `, gap ${gaps.map(({ startMs, endMs }) => formatDuration(endMs - startMs)).join(" and ")}`;
  const often = cuts.length === 1 ? "once" : `${cuts.length} times`;
  // What a failure says of a stream was seen at its own moment.
  const moments = cuts.slice(0, 3).map(({ endMs }) => formatDuration(endMs));
  const state =
    cuts.length === 0
      ? "never cut"
      : `cut ${often}${longest}, at ${moments.join(", ")}${cuts.length > moments.length ? " …" : ""}`;
  return row(
    html`<span class="title">${name}</span> <span class="note">${state}; ${formatBytes(bytes)}</span>`,
    [
      ...segments.map(
        ({ startMs, endMs }) => html`<i class="open" style=${span(startMs, endMs, place)}></i>`,
      ),
      bytesChart(segments, totalMs),
      ...gaps.map(({ startMs, endMs }) => html`<i class="gap" style=${span(startMs, endMs, place)}></i>`),
      ...cuts.map(({ endMs, cut }) => html`<i class="cut" style=${`left:${place(endMs)}`} title=${cut}></i>`),
    ],
    "stream",
  );
}

function memoryView(
  { name, pods, peakBytes, limitBytes }: WorkloadUsage,
  most: number,
  { totalMs }: Drawing,
): Html {
  const lines = pods.map((points) => points.map(({ atMs, bytes }): [number, number] => [atMs, bytes]));
  const limit = limitBytes === undefined ? "" : ` of ${formatBytes(limitBytes)}`;
  return row(
    html`<span class="title">${name}</span> <span class="note">at most ${formatBytes(peakBytes)}${limit}</span>`,
    [
      lineChart(lines, most, totalMs),
      ...(limitBytes === undefined
        ? []
        : [html`<i class="limit" style=${`top:${(100 - (98 * limitBytes) / most).toFixed(1)}%`}></i>`]),
    ],
    "memory",
  );
}

function cpuView({ name, pods, peakMillicores }: WorkloadUsage, most: number, { totalMs }: Drawing): Html {
  const lines = pods.map((points) =>
    points.map(({ atMs, millicores }): [number, number] => [atMs, millicores]),
  );
  return row(
    html`<span class="title">${name}</span> <span class="note">at most ${(peakMillicores / 1_000).toFixed(2)} CPU</span>`,
    lineChart(lines, most, totalMs),
    "cpu",
  );
}

function mostOf(workloads: readonly WorkloadUsage[]): number {
  return Math.max(...workloads.map(({ peakBytes }) => peakBytes));
}

function endOf({ startMs, ms = 0 }: TimelineEntry): number {
  return startMs + ms;
}
