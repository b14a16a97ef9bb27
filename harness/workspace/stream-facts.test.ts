import { setTimeout as delay } from "node:timers/promises";
import { expect, it } from "vitest";
import { standingFacts } from "../base/index.ts";
import type { HeldStream } from "./held-stream.ts";
import { remember } from "./stream-facts.ts";
import { StreamRecord } from "./stream-record.ts";

function held(name: string, record: StreamRecord): HeldStream {
  const settle = async () => ({ account: "" });
  return { name, record, settle, [Symbol.asyncDispose]: async () => record.close() };
}

const factOf = (name: string) => standingFacts().find((fact) => fact.what === "stream" && fact.name === name);

it("tells of a held stream as it is: bytes by the second, when the first and last came, whether it was cut", async () => {
  const record = new StreamRecord(Date.now() - 1_500);
  remember(held("the terminal", record));
  expect(factOf("the terminal")).toMatchObject({ openedAt: record.openedAt, bytes: [] });
  record.add(Buffer.from("four"));
  const firstAt = record.lastAt;
  record.add(Buffer.from("more"));
  record.end("closed with code 1006");
  const fact = factOf("the terminal");
  expect(fact).toMatchObject({ bytes: [[1, 8]], cut: "closed with code 1006" });
  expect(fact).toMatchObject({ firstByteAt: firstAt, lastByteAt: record.lastAt });
});

it("ends a stream that we closed when we closed it, and calls that no cut", async () => {
  const record = new StreamRecord();
  await using _stream = held("the closed one", record);
  remember(held("the closed one", record));
  record.close();
  await delay(5);
  record.end("connection closed");
  expect(factOf("the closed one")).toMatchObject({ until: record.closedAt });
  expect(factOf("the closed one")).not.toHaveProperty("cut");
});
