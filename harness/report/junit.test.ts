import { describe, expect, it } from "vitest";
import { renderJunit } from "./junit.ts";
import type { ScenarioResult } from "./result.ts";

const result: ScenarioResult = {
  name: "drain",
  title: "A drained node",
  status: "failed",
  ms: 1_500,
  steps: [
    { title: "Ready", status: "passed", ms: 250 },
    {
      title: "moved",
      status: "failed",
      ms: 1_000,
      failure: {
        message: 'expected "a" < b & saw c\u0007\nsecond line',
        remedy: "mend it (pitfall 6)",
        where: ["manifests/x.yaml:3 (HelmRelease x)", "manifests/y.yaml:4"],
        details: "log",
      },
    },
    { title: "back", status: "skipped", ms: 0 },
  ],
};

describe("renderJunit", () => {
  const xml = renderJunit(result);

  it("has a case for each step, with seconds", () => {
    expect(xml).toContain(
      '<testsuite name="drain" tests="3" failures="1" errors="0" skipped="1" time="1.500">',
    );
    expect(xml).toContain('<testcase classname="drain" name="A drained node &gt; Ready" time="0.250"/>');
    expect(xml).toContain('name="A drained node &gt; back" time="0.000"><skipped/></testcase>');
  });

  it("says of a failure what the verdict says: expected, seen, remedy and where to look", () => {
    expect(xml).toContain(
      '<failure message="expected &quot;a&quot; &lt; b &amp; saw c" type="HarnessError">',
    );
    expect(xml).toContain("What to do: mend it (pitfall 6)");
    expect(xml).toContain(
      "Where to look:\n  manifests/x.yaml:3 (HelmRelease x)\n  manifests/y.yaml:4\nlog</failure>",
    );
  });

  it("skips what is not applicable, and says why", () => {
    const steps = [
      { title: "login", status: "not applicable" as const, ms: 0, why: "the tree has no login" },
    ];
    expect(renderJunit({ ...result, steps })).toContain(
      '<skipped message="not applicable: the tree has no login"/>',
    );
  });

  it("counts a failure outside of every step", () => {
    const outside = renderJunit({ ...result, steps: [], failure: { message: "the engine died" } });
    expect(outside).toContain('tests="1" failures="1"');
    expect(outside).toContain("the engine died</failure>");
  });
});
