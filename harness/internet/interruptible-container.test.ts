import { expect, it } from "vitest";
import { InterruptibleContainer } from "./interruptible-container.ts";

class Probe extends InterruptibleContainer {
  created = (id: string) => this.containerCreated(id);
}

it("removes a container that the engine has made after the interruption, and does not start it", async () => {
  const removed: string[] = [];
  const abort = new AbortController();
  const probe = new Probe("image", abort.signal, async (id) => void removed.push(id));
  await probe.created("in time");
  abort.abort(new Error("the run was interrupted"));
  await expect(probe.created("too late")).rejects.toThrow("the run was interrupted");
  expect(removed).toEqual(["too late"]);
});
