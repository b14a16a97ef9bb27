import type { Timeline, TimelineStream } from "../../timeline.ts";
import { entriesOf } from "./entries.ts";
import { plans } from "./plans.ts";
import { phase, stream, wait } from "./timeline-parts.ts";

const typing = (second: number) => 480 + ((second * 37) % 60);
const announcing = (second: number) => 210 + ((second * 13) % 20);
const heartbeat = (second: number) => (second % 10 === 0 ? 58 : 0);

export function timelineOf(startedAt: string): Timeline {
  const inEach = (make: (workspace: string) => TimelineStream[]) =>
    ["opencode-flux", "opencode-ha"].flatMap(make);
  return {
    version: 2,
    startedAt,
    entries: [
      phase("Start the world", 0.4, 40.2, [
        phase("nodes", 0.6, 6.1),
        phase("stand-ins", 0.6, 3.2),
        phase("platform", 7, 31.5, [
          wait(
            "Deployment flux-system/kustomize-controller is available",
            7.4,
            6.2,
            "0 of 1 replicas available",
          ),
          wait(
            "Kustomization cert-manager is Ready",
            9.1,
            17.3,
            "DependencyNotReady",
            "Reconciliation in progress",
          ),
          wait(
            "Gateway network/envoy-internal is programmed",
            14.2,
            21.9,
            "nothing yet",
            "Waiting for controller",
            "AddressNotAssigned",
          ),
        ]),
        phase("publish the tree", 38.6, 1.9),
      ]),
      ...plans.flatMap(entriesOf),
      phase("Evidence", 247.2, 3.4),
      phase("remove the cluster", 251, 4.2),
    ],
    streams: [
      ...inEach((workspace) => [
        stream(`the busy terminal of ${workspace}`, 140, 216, typing),
        stream(`the busy event stream of ${workspace}`, 140, 216, announcing),
        stream(`the idle event stream of ${workspace}`, 140.4, 216, heartbeat),
        stream(`the idle terminal of ${workspace}`, 140.6, 216, (second) => (second === 0 ? 6 : 0)),
        stream(`the busy terminal of ${workspace}`, 223.2, 227.6, typing, "closed with code 1006"),
        stream(`the busy terminal of ${workspace}, opened again`, 238.6, 240, heartbeat),
        stream(`the busy event stream of ${workspace}`, 223.2, 227.7, announcing, "ended by the other side"),
        stream(`the busy event stream of ${workspace}, opened again`, 238.4, 240, heartbeat),
      ]),
    ],
  };
}
