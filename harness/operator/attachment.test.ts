import { describe, expect, it } from "vitest";
import { type HolderChange, sharedAt } from "./attachment.ts";

const history = (...changes: string[]): HolderChange[] =>
  changes.map((text, index) => {
    const [event, node = ""] = text.split(" ");
    return { at: `t${index}`, event: event as HolderChange["event"], volume: "v", node };
  });

describe("the history of a volume's holders", () => {
  it("is fine when attach and detach take turns", () => {
    expect(sharedAt(history("attach a", "detach a", "attach b"))).toBeUndefined();
  });

  it("names the moment at which two nodes had it", () => {
    expect(sharedAt(history("attach a", "attach b"))).toBe("attached to b at t1 while a had it");
  });

  it("names a detach from a node that did not have it", () => {
    expect(sharedAt(history("attach a", "detach b"))).toBe("detached from b at t1, which did not have it");
  });
});
