import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { LeakIndex } from "./leak-index.ts";
import { LeakScan, type Sighting } from "./leak-scan.ts";
import type { Secret } from "./secret-values.ts";

const value = 'gho_T4mZk8BfY6+9pQ2v/Xw7<Lr"';
const secret: Secret = { name: "token", holders: [], bytes: Buffer.from(value), isFormer: false };
const index = new LeakIndex([secret]);

function seenIn(...chunks: (string | Uint8Array)[]): Sighting[] {
  const scan = new LeakScan(index);
  for (const chunk of chunks) scan.feed(typeof chunk === "string" ? Buffer.from(chunk) : chunk);
  return scan.sightings();
}

/** How much of which form was seen. */
const told = (sightings: Sighting[]) =>
  sightings.map(({ form, offset, length }) => `${form} ${offset}+${length}`);

describe("a secret is seen", () => {
  it("as it is, with its line and how much of it", () => {
    const [seen, ...more] = seenIn(`first\n  password: ${value}\n`);
    expect(more).toEqual([]);
    expect(seen).toMatchObject({
      form: "as it is",
      offset: 0,
      length: value.length,
      line: 2,
      isSplit: false,
    });
  });

  it.each([0, 1, 2])("in base64 with %i bytes before it", (before) => {
    const text = Buffer.from(`${"u".repeat(before)}${value} and more`).toString("base64");
    const [seen] = seenIn(`Authorization: Basic ${text}`);
    expect(seen?.form).toBe("base64");
    expect(seen?.length).toBeGreaterThanOrEqual(Math.floor((value.length * 8) / 6) - 1);
  });

  it("in base64 for URLs", () => {
    const bytes = Buffer.from("~~~???>>>T4mZk8Bf~~~???>>>");
    const scan = new LeakScan(new LeakIndex([{ ...secret, bytes }]));
    scan.feed(Buffer.from(bytes.toString("base64url")));
    expect(told(scan.sightings()).join()).toMatch(/base64 for URLs/);
  });

  it("URL-encoded, in capitals or not", () => {
    const encoded = encodeURIComponent(value);
    expect(told(seenIn(`https://${encoded}@github.com`)).join()).toMatch(/URL-encoded/);
    expect(
      told(seenIn(`https://${encoded.replaceAll(/%../g, (code) => code.toLowerCase())}@x`)).join(),
    ).toMatch(/URL-encoded/);
  });

  it("JSON-escaped, as JavaScript and as Go do it", () => {
    const json = JSON.stringify({ value });
    expect(told(seenIn(json)).join()).toMatch(/JSON-escaped/);
    expect(told(seenIn(json.replaceAll("<", "\\u003c"))).join()).toMatch(/JSON-escaped/);
  });

  it.each([
    ["lines", `${value.slice(0, 9)}\n${value.slice(9)}`],
    ["lines of Windows", `${value.slice(0, 9)}\r\n${value.slice(9)}`],
    ["indented lines", `key: |\n  ${value.slice(0, 7)}\n  ${value.slice(7, 14)}\n  ${value.slice(14)}`],
    ["a shell's lines", `${value.slice(0, 9)}\\\n    ${value.slice(9)}`],
    ["lines that are written as \\n", JSON.stringify(`${value.slice(0, 9)}\n${value.slice(9, 25)}`)],
  ])("split over %s", (_how, text) => {
    const [seen] = seenIn(`before\n${text}`);
    expect(seen).toMatchObject({ form: "as it is", isSplit: true });
    expect(seen?.line).toBeGreaterThanOrEqual(2);
  });

  it("in base64 that is wrapped", () => {
    const text = Buffer.from(`x-access-token:${value}`).toString("base64");
    expect(seenIn(text.replaceAll(/(.{10})/g, "$1\n"))[0]).toMatchObject({ form: "base64", isSplit: true });
  });

  it("by any twelve characters of it, and not by eleven", () => {
    for (let at = 0; at + 12 <= value.length; at++) {
      const seen = seenIn(`…${value.slice(at, at + 12)}…`);
      expect(told(seen)).toEqual([`as it is ${at}+12`]);
      expect(seenIn(`…${value.slice(at, at + 11)}…`)).toEqual([]);
    }
  });

  it("where two chunks meet, wherever that is", () => {
    const text = Buffer.from(`a line\n${value}\n`);
    for (let at = 1; at < text.length; at++) {
      const [seen, ...more] = seenIn(text.subarray(0, at), text.subarray(at));
      expect(more).toEqual([]);
      expect(seen).toMatchObject({ offset: 0, length: value.length, line: 2, position: 7, isSplit: false });
    }
  });

  it("in bytes that are no text, once for every stretch", () => {
    // No byte of a text: by chance one would go on where the value breaks off.
    const noise = randomBytes(5_000).map((byte) => byte | 0x80);
    const seen = seenIn(noise, Buffer.from(value.slice(0, 13)), noise, Buffer.from(value.slice(15)), noise);
    expect(told(seen)).toEqual(["as it is 0+13", `as it is 15+${value.length - 15}`]);
  });
});

it("nothing is seen in what only looks alike", () => {
  expect(seenIn(`{"github-copilot":{"type":"oauth","refresh":"gho_"}}`, randomBytes(200_000))).toEqual([]);
  expect(seenIn(value.toLowerCase(), [...value].reverse().join(""), value.replaceAll(/[49v]/g, "5"))).toEqual(
    [],
  );
});
