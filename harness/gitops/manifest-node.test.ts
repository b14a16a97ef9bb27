import { expect, it } from "vitest";
import { manifestNodes } from "./manifest-node.ts";

it("reads a file once, however many places in it are asked for", () => {
  const text = "kind: Service\nmetadata: {name: a}\n---\nkind: Service\nmetadata: {name: b}\n";
  const nodes = manifestNodes(text);
  expect(nodes.map(({ name }) => name)).toEqual(["a", "b"]);
  expect(manifestNodes(Buffer.from(text).toString())).toBe(nodes);
});
