import type { V1Pod } from "@kubernetes/client-node";
import { expect, it } from "vitest";
import { hasPassed, type Warning } from "./passed-events.ts";

const warning = (reason: string, kind = "Pod", message = ""): Warning => ({
  reason,
  message,
  involvedObject: { kind, name: "opencode-flux", fieldPath: "spec.containers{app}" },
});
const pod = (status: V1Pod["status"]): V1Pod => ({
  metadata: { name: "opencode-flux" },
  status: status ?? {},
});
const scheduled = (status: string) => pod({ conditions: [{ type: "PodScheduled", status }] });
const container = (more: object) =>
  pod({
    containerStatuses: [{ name: "app", image: "", imageID: "", ready: false, restartCount: 0, ...more }],
  });
const claim = (phase: string) => ({ metadata: { name: "opencode-flux" }, status: { phase } });
const startup = warning("Unhealthy", "Pod", "Startup probe failed: connection refused");

it.each([
  ["no node would take a pod that has one", warning("FailedScheduling"), [scheduled("True")], []],
  ["a volume was late for what runs", warning("FailedMount"), [container({ state: { running: {} } })], []],
  ["an application was not up yet that is", startup, [container({ started: true })], []],
  [
    "a claim waited for its volume",
    warning("ProvisioningFailed", "PersistentVolumeClaim"),
    [],
    [claim("Bound")],
  ],
])("%s: passed", (_what, told, pods, claims) => {
  expect(hasPassed(told, { pods, claims })).toBe(true);
});

it.each([
  ["no node takes the pod", warning("FailedScheduling"), [scheduled("False")], []],
  ["a volume does not come", warning("FailedMount"), [container({ state: { waiting: {} } })], []],
  ["an application does not come up", startup, [container({ started: false })], []],
  [
    "a readiness probe fails",
    warning("Unhealthy", "Pod", "Readiness probe"),
    [container({ started: true })],
    [],
  ],
  ["the claim is not bound", warning("ProvisioningFailed", "PersistentVolumeClaim"), [], [claim("Pending")]],
  [
    "a bound claim does not grow",
    warning("VolumeResizeFailed", "PersistentVolumeClaim"),
    [],
    [claim("Bound")],
  ],
  ["a pod that is gone was killed", warning("FailedScheduling"), [], []],
])("%s: told", (_what, told, pods, claims) => {
  expect(hasPassed(told, { pods, claims })).toBe(false);
});
