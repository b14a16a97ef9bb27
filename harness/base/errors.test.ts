import { describe, expect, it } from "vitest";
import { describePlace, HarnessError, messageOf, withRemedy } from "./errors.ts";

describe("describePlace", () => {
  it.each([
    [{ kind: "Certificate" }, "every Certificate"],
    [{ kind: "HelmRelease", name: "opencode-ha", field: [] }, "HelmRelease opencode-ha"],
    [{ kind: "HelmRelease", field: ["spec", "values", 0] }, "every HelmRelease, spec.values.0"],
  ])("of %j is %s", (place, words) => expect(describePlace(place)).toBe(words));
});

describe("messageOf", () => {
  it("says why a request failed", () => {
    const refused = new Error("connect ECONNREFUSED 127.0.0.1:6443");
    const nowhere = Object.assign(new AggregateError([refused]), { code: "ECONNREFUSED" });
    const failed = (cause: Error) => messageOf(new TypeError("fetch failed", { cause }));
    expect(failed(refused)).toBe("fetch failed: connect ECONNREFUSED 127.0.0.1:6443");
    expect(failed(nowhere)).toBe("fetch failed: ECONNREFUSED");
  });
});

describe("withRemedy", () => {
  it("says what to do about a failure", async () => {
    const failure = new HarnessError("no node takes the pod", { code: "failed", details: "0/3 nodes" });
    await expect(withRemedy(Promise.reject(failure), "pin it to no node")).rejects.toMatchObject({
      message: "no node takes the pod",
      details: "0/3 nodes",
      remedy: "pin it to no node",
    });
  });

  it("says where to look, unless the failure knows better", async () => {
    const [here, there] = [[{ kind: "HelmRelease" }], [{ kind: "Certificate" }]];
    const vague = new HarnessError("it failed", { code: "failed" });
    const exact = new HarnessError("it failed", { code: "failed", look: there });
    await expect(withRemedy(Promise.reject(vague), "mend it", here)).rejects.toMatchObject({ look: here });
    await expect(withRemedy(Promise.reject(exact), "mend it", here)).rejects.toMatchObject({ look: there });
  });

  it("leaves a remedy, an interruption and any other error alone", async () => {
    const known = new HarnessError("it failed", { code: "failed", remedy: "known better" });
    const interrupted = new HarnessError("interrupted", { code: "interrupted" });
    for (const error of [known, interrupted, new TypeError("a bug")]) {
      await expect(withRemedy(Promise.reject(error), "other")).rejects.toBe(error);
    }
  });
});
