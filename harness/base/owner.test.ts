import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { describeOwner, hasOwnerEnded, ownerOf } from "./owner.ts";

const [boot, namespace, pid, start, machine, host] = ownerOf(process.pid).split("/") as [
  string,
  string,
  string,
  string,
  string,
  string,
];
const owner = (...parts: string[]) => parts.join("/");

it("knows a living process, an ended one, and one that got the same id later", async () => {
  const child = spawn(process.execPath, ["--eval", "setTimeout(() => {}, 60_000)"]);
  const living = ownerOf(child.pid as number);
  expect(hasOwnerEnded(living)).toBe(false);
  child.kill("SIGKILL");
  await once(child, "exit");
  expect(hasOwnerEnded(living)).toBe(true);
  expect(hasOwnerEnded(ownerOf(child.pid as number))).toBe(true);
  expect(hasOwnerEnded(owner(boot, namespace, pid, `1${start}`, machine, host))).toBe(true);
});

it("knows nothing of the processes of another container, whatever their ids here", () => {
  expect(hasOwnerEnded(owner(boot, "4026530000", "4194305", "1", machine, host))).toBe(false);
});

it("knows nothing of another machine that has the same name", () => {
  expect(hasOwnerEnded(owner("another-boot", namespace, "4194305", "1", "another-machine", host))).toBe(
    false,
  );
  expect(hasOwnerEnded(owner("another-boot", namespace, "4194305", "1", "", host))).toBe(false);
});

it.runIf(machine)("knows that this machine has been started anew, though the ids are in use again", () => {
  expect(hasOwnerEnded(owner("an-earlier-boot", namespace, pid, start, machine, host))).toBe(true);
});

it.each(["", "host/1/1", "nonsense"])("judges nothing that it has not written: %j", (text) => {
  expect(hasOwnerEnded(text)).toBe(false);
});

it("says where a process is that is not here", () => {
  expect(describeOwner(ownerOf(process.pid))).toBe(`process ${process.pid}`);
  expect(describeOwner(owner("another-boot", namespace, "7", "1", "m", "box"))).toBe("process 7 on box");
  expect(describeOwner(owner(boot, "1", "7", "1", machine, "box"))).toBe(
    "process 7 of another container (box)",
  );
});
