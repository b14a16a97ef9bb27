import { describe, expect, it } from "vitest";
import { coverageOf, unknownClaims } from "./claims.ts";

const drain = {
  name: "drain",
  covers: { pitfalls: [6], checklist: ["WebSocket support"], systems: ["ceph-block"] },
};

describe("coverage", () => {
  it("names every scenario that covers a claim", () => {
    const found = coverageOf([drain, { ...drain, name: "crash" }]);
    expect(found.find(({ what }) => what.startsWith("6:"))?.coveredBy).toEqual(["drain", "crash"]);
    expect(found.find(({ what }) => what === "WebSocket support")?.coveredBy).toEqual(["drain", "crash"]);
  });

  it("says of a system which part of it is proved", () => {
    expect(coverageOf([drain]).filter(({ kind, coveredBy }) => kind === "system" && coveredBy[0])).toEqual([
      { kind: "system", what: "ceph-block", coveredBy: ["drain"], part: "a stand-in, by real CSI sidecars" },
    ]);
  });

  it("lists what nobody covers too", () => {
    expect(coverageOf([drain]).filter(({ coveredBy }) => coveredBy.length === 0)).toHaveLength(38);
  });

  it("knows a claim that no document makes", () => {
    expect(unknownClaims({ pitfalls: [6, 13], checklist: ["Websocket"], systems: ["Argo"] })).toEqual([
      "pitfall 13",
      "Websocket",
      "Argo",
    ]);
  });
});
