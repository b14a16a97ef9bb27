import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { HarnessError } from "../base/index.ts";
import type { AnyObject, Wait } from "../cluster/index.ts";
import { fakeMachine } from "../operator/fake-machine.ts";
import { OperatorShell } from "../operator/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";
import type { LostNode } from "./lost-node.ts";
import { recoverBy } from "./recovery.ts";
import { broughtBack, returnBy } from "./returned-node.ts";

let shell: OperatorShell;
let calls: string[];
beforeEach(async () => {
  shell = new OperatorShell(await fakeMachine());
  calls = [];
});
afterEach(() => shell[Symbol.asyncDispose]());

const block = (command: string) => ({ heading: "Step", line: 1, command });
const document = (whileOff: string, whenBack = "true") => ({
  path: "node-lost.md",
  whileOff: [block(whileOff)],
  whenBack: [block(whenBack)],
});
const context = {
  signal: new AbortController().signal,
  progress: { note: (line: string) => void calls.push(line) },
};

const attached = (nodeName: string, persistentVolumeName: string): AnyObject => ({
  spec: { nodeName, source: { persistentVolumeName } },
});
const node = (taints: string[]): AnyObject => ({
  spec: { taints: taints.map((key) => ({ key, effect: "NoExecute" })) },
  status: { conditions: [{ type: "Ready", status: "True" }] },
});
const driver: AnyObject = {
  spec: { nodeName: "agent-1" },
  status: { conditions: [{ type: "Ready", status: "True" }] },
};

const pod = (name: string, ready: string): AnyObject => ({
  metadata: { name },
  status: { conditions: [{ type: "Ready", status: ready }] },
});
const event = (name: string, about: string, message = "Multi-Attach error for volume"): AnyObject =>
  ({ metadata: { name }, message, involvedObject: { name: about } }) as AnyObject;

/** agent-1 has died with one workspace; a wait judges once, and what it waits for has not come then. */
function lostWith(objects: Record<string, AnyObject[]>, isRunning = false): LostNode {
  const wait = async <T>({ what, kind, until }: Wait<T>): Promise<T> => {
    const verdict = until(objects[kind] ?? []);
    if ("ready" in verdict) return verdict.ready;
    throw new HarnessError(`${what}: ${Object.values(verdict)[0]}`, { code: "failed" });
  };
  const kubectl = async (...args: string[]) => void calls.push(args.join(" "));
  const workspace = { name: "opencode-flux", readyPod: async () => ({ spec: { nodeName: "agent-2" } }) };
  return {
    cluster: {
      wait,
      kubectl,
      objects: {
        all: async ({ kind }: { kind: string }) => objects[kind] ?? [],
        remove: async ({ kind, name }: { kind: string; name: string }) =>
          void calls.push(`remove ${kind} ${name}`),
      },
      pods: async () => [pod("running", "True"), pod("waiting", "False")],
    },
    node: { name: "agent-1", start: async () => void calls.push("start"), isRunning: async () => isRunning },
    workspaces: [{ workspace, pod: { metadata: { uid: "old" } }, volumes: ["pv-1"] }],
  } as unknown as LostNode;
}

describe("recoverBy", () => {
  it("is done when the commands are, the volumes are free, and the workspaces are elsewhere", async () => {
    const lost = lostWith({
      VolumeAttachment: [attached("agent-2", "pv-1"), attached("agent-1", "of-others")],
    });
    await recoverBy(document("echo freed"), shell, lost, context);
    expect(calls.at(-1)).toContain("opencode-flux is Ready on agent-2");
  });

  it("ends commands that wait for what cannot come, and says what the document lacks", async () => {
    const lost = lostWith({ VolumeAttachment: [attached("agent-1", "pv-1")] });
    await expect(recoverBy(document("sleep 60"), shell, lost, context)).rejects.toMatchObject({
      message: expect.stringMatching(/free the volumes of agent-1: pv-1 still attached to agent-1/),
      remedy: expect.stringContaining("out-of-service=nodeshutdown:NoExecute"),
    });
  });

  it("fails with the command that fails", async () => {
    await expect(recoverBy(document("exit 7"), shell, lostWith({}), context)).rejects.toThrow("exit code 7");
  });
});

const outOfService = "node.kubernetes.io/out-of-service";

describe("returnBy", () => {
  it("starts the node before the document's commands", async () => {
    await returnBy(document("", "echo back"), shell, lostWith({ Node: [node([])], Pod: [driver] }), context);
    expect(calls).toEqual(["start", "$ echo back"]);
  });

  it("fails when the document leaves the node out of service", async () => {
    const lost = lostWith({ Node: [node([outOfService])], Pod: [driver] });
    await expect(returnBy(document("", "true"), shell, lost, context)).rejects.toThrow(
      "agent-1 should take pods again after the last command of the document, and still has the taint",
    );
  });

  it.each([
    ["is taken for unreachable", { Node: [node(["node.kubernetes.io/unreachable"])], Pod: [driver] }],
    ["cannot mount volumes yet", { Node: [node([])], Pod: [] }],
  ])("waits while the node %s", async (_, objects) => {
    await expect(returnBy(document("", "true"), shell, lostWith(objects), context)).rejects.toThrow(
      /again|back/,
    );
  });
});

describe("broughtBack", () => {
  const dispose = ({ cluster, node: lost }: LostNode) =>
    broughtBack(lost, [{ cluster, namespace: "opencode" } as DeployedWorkspace])[Symbol.asyncDispose]();

  it("starts a node that is off, and takes the taint away", async () => {
    await dispose(lostWith({ Node: [node([outOfService])], Pod: [driver] }));
    expect(calls).toEqual(["start", `taint node agent-1 ${outOfService}-`]);
  });

  it("forgets that volumes were refused to pods that have them now, and nothing else", async () => {
    const events = [
      event("settled", "running"),
      event("of-the-lost", "gone"),
      event("open", "waiting"),
      event("other", "running", "Pulled"),
    ];
    await dispose(lostWith({ Node: [node([])], Pod: [driver], Event: events }, true));
    expect(calls).toEqual(["remove Event settled", "remove Event of-the-lost"]);
  });

  it("leaves a node alone that is back", async () => {
    await dispose(lostWith({ Node: [node([])], Pod: [driver] }, true));
    expect(calls).toEqual([]);
  });
});
