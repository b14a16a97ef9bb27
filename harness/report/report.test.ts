import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addSecret, HarnessError } from "../base/index.ts";
import { formatBytes, formatDuration } from "./duration.ts";
import { failureOf } from "./failure.ts";
import { paintFor } from "./paint.ts";
import { createRunDirectory } from "./run-directory.ts";
import { createRunId } from "./run-id.ts";
import { formatTable } from "./table.ts";

describe("formatDuration", () => {
  it.each([
    [0.4, "0 ms"],
    [850, "850 ms"],
    [3_240, "3.2 s"],
    [59_960, "1 min 00 s"],
    [65_000, "1 min 05 s"],
    [4_000_000, "66 min 40 s"],
  ])("%d ms is %s", (ms, text) => expect(formatDuration(ms)).toBe(text));
});

describe("formatBytes", () => {
  it.each([
    [12, "12 B"],
    [1_500, "1.5 kB"],
    [126_000_000, "126 MB"],
    [1_540_000_000, "1.5 GB"],
  ])("%d is %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

describe("a failure", () => {
  it("shows what a pod's words would have a terminal do", () => {
    const error = new HarnessError("a\u001b[2K", { code: "failed", details: "b\u0007", remedy: "c\rd" });
    expect(failureOf(error)).toMatchObject({ message: "a␛[2K", details: "b␇", remedy: "c␍d" });
    expect(failureOf(new Error("a\u001b]0;x")).message).toBe("a␛]0;x");
  });
});

describe("formatTable", () => {
  it("lines columns up by what is seen, not by colour codes, without trailing blanks", () => {
    expect(formatTable([["a", "b"], ["\u001b[31mlong\u001b[39m", "x"], ["c"]])).toBe(
      "a     b\n\u001b[31mlong\u001b[39m  x\nc",
    );
  });
});

describe("paintFor", () => {
  it("colours on a terminal only, and never against NO_COLOR", () => {
    expect(paintFor({ isTTY: true, env: {} })("red", "x")).toBe("\u001b[31mx\u001b[39m");
    expect(paintFor({ isTTY: true, env: { NO_COLOR: "1" } })("red", "x")).toBe("x");
    expect(paintFor({ isTTY: false, env: {} })("red", "x")).toBe("x");
  });
});

describe("createRunId", () => {
  it("sorts by time and says what ran", () => {
    expect(createRunId("persistence", new Date("2026-11-21T12:03:59Z"))).toMatch(
      /^20261121-1203-persistence-[0-9a-f]{4}$/,
    );
  });
});

describe("createRunDirectory", () => {
  it("stores files without secrets, in directories as they are needed", async () => {
    addSecret("STORED", "s3cret-in-a-file");
    const results = await mkdtemp(join(tmpdir(), "results-"));
    try {
      const directory = await createRunDirectory(results, "run-1");
      await directory.writeJson("deep/result.json", { message: "saw s3cret-in-a-file" });
      const text = await readFile(join(results, "run-1", "deep", "result.json"), "utf8");
      expect(JSON.parse(text)).toEqual({ message: "saw [redacted STORED]" });
    } finally {
      await rm(results, { recursive: true });
    }
  });
});

describe("failureOf", () => {
  it("keeps message, remedy, details and code of a HarnessError", () => {
    const error = new HarnessError("no", { code: "usage", remedy: "do", details: "log" });
    expect(failureOf(error)).toEqual({ message: "no", code: "usage", remedy: "do", details: "log" });
  });

  it("tells the places to look at, by name where no tree is known", () => {
    const look = [{ kind: "HelmRelease", name: "x", field: ["spec", "values"] }, { kind: "Certificate" }];
    const error = new HarnessError("no", { code: "failed", look });
    expect(failureOf(error).where).toEqual(["HelmRelease x, spec.values", "every Certificate"]);
    expect(failureOf(error, (places) => places.map(({ kind }) => ({ told: `${kind}:1` }))).where).toEqual([
      "HelmRelease:1",
      "Certificate:1",
    ]);
  });

  it("says what to do when the disk is full or a port is taken", () => {
    const full = Object.assign(new Error("write"), { code: "ENOSPC" });
    expect(failureOf(full)).toMatchObject({ code: "environment", remedy: /disk is full/ });
    const taken = Object.assign(new Error("listen"), { code: "EADDRINUSE" });
    expect(failureOf(taken).remedy).toContain("npm run down");
  });

  it.each([
    ["EROFS", /OPENCODE_HARNESS_CACHE/],
    ["ENOTDIR", /move it away, or set OPENCODE_HARNESS_CACHE/],
    ["ELOOP", /take them away/],
    ["ENAMETOOLONG", /shorter one/],
    ["EDQUOT", /full/],
    ["EMFILE", /ulimit -n/],
    ["ENFILE", /too many files/],
    ["EACCES", /access/],
  ])("says what to do at %s", (code, remedy) => {
    expect(failureOf(Object.assign(new Error(code), { code })).remedy).toMatch(remedy);
  });

  it("has no remedy for a code that is none", () => {
    const odd = Object.assign(new Error("odd"), { code: "constructor" });
    expect(failureOf(odd)).toMatchObject({ message: "odd", code: "environment" });
    expect(failureOf(odd).remedy).toBeUndefined();
  });

  it("lets the first error win over the one of the cleaning up", () => {
    const first = new HarnessError("Flux rejects the tree", { code: "failed" });
    expect(failureOf(new SuppressedError(new Error("volume is busy"), first))).toEqual({
      message: "Flux rejects the tree",
      code: "failed",
      details: "while cleaning up: volume is busy",
    });
  });
});
