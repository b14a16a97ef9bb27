import { expect, it } from "vitest";
import { Collector } from "./container-exec.ts";

it("keeps what a program says as long as it is not too much, and says so", () => {
  const collector = new Collector(10);
  collector.add(Buffer.from("größe: "));
  expect(collector.text).toBe("größe: ");
  collector.add(Buffer.from("0123456789"));
  expect(collector.text).toBe("größe: 0\n… 9 more bytes");
  for (let round = 0; round < 1000; round++) collector.add(Buffer.alloc(1000, "x"));
  expect(collector.text.length).toBeLessThan(50);
});
