import { scaleLinear, scaleSqrt } from "d3-scale";
import { area, curveStepAfter, line } from "d3-shape";
import type { TimelineStream } from "../../timeline.ts";
import { type Html, html } from "../html.ts";

/** Every chart is drawn into this box and stretched over its row; its strokes keep their width. */
const width = 10_000;
const height = 100;

type Point = [ms: number, value: number];

/** Values over time from 0 to `most`, `broken` wherever one line ends and another begins. */
export function lineChart(lines: readonly Point[][], most: number, totalMs: number): Html {
  const x = scaleLinear([0, totalMs], [0, width]);
  const y = scaleLinear([0, most], [height, 2]);
  const fill = area<Point>()
    .x(([ms]) => round(x(ms)))
    .y0(height)
    .y1(([, value]) => round(y(value)));
  const stroke = line<Point>()
    .x(([ms]) => round(x(ms)))
    .y(([, value]) => round(y(value)));
  return chart(
    lines.map(
      (points) =>
        html`<path class="fill" d=${fill(points) ?? ""} /><path class="stroke" d=${stroke(points) ?? ""} />`,
    ),
  );
}

/** A stream's bytes in each second; a heartbeat is seen beside a burst, so the scale is that of the square root. */
export function bytesChart(segments: readonly TimelineStream[], totalMs: number): Html {
  const most = Math.max(1, ...segments.flatMap(({ bytes }) => bytes.map(([, amount]) => amount)));
  const x = scaleLinear([0, totalMs], [0, width]);
  const y = scaleSqrt([0, most], [height, 8]);
  const shape = area<Point>()
    .x(([ms]) => round(x(ms)))
    .y0(height)
    .y1(([, value]) => round(y(value)))
    .curve(curveStepAfter);
  return chart(segments.map((segment) => html`<path class="fill" d=${shape(everySecond(segment)) ?? ""} />`));
}

/** Seconds without a byte are 0. */
function everySecond({ startMs, endMs, bytes }: TimelineStream): Point[] {
  const amounts = new Map(bytes);
  const seconds = Math.max(1, Math.ceil((endMs - startMs) / 1_000));
  const at = (second: number) => Math.min(endMs, startMs + second * 1_000);
  const points = Array.from(
    { length: seconds },
    (_, second): Point => [at(second), amounts.get(second) ?? 0],
  );
  return [...points, [endMs, 0]];
}

function chart(content: readonly Html[]): Html {
  return html`<svg class="chart" viewBox=${`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true">
    ${content}
  </svg>`;
}

const round = (value: number) => Math.round(value * 10) / 10;
