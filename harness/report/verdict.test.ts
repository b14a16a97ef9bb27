import { describe, expect, it } from "vitest";
import { plain } from "./paint.ts";
import type { RunResult } from "./result.ts";
import { renderVerdict } from "./verdict.ts";

const run: RunResult = {
  version: 1,
  runId: "20261121-1203-persistence-ab12",
  command: "scenario",
  status: "failed",
  exitCode: 1,
  startedAt: "2026-11-21T12:03:00.000Z",
  ms: 71_000,
  options: { manifests: "manifests", images: "auto", store: "webhook", keep: "on-failure" },
  tree: { published: "sha256:a", applied: "sha256:a" },
  scenarios: [
    {
      name: "persistence",
      title: "Work survives the pod",
      status: "failed",
      ms: 60_000,
      steps: [
        { title: "Everything is Ready", status: "passed", ms: 21_400 },
        {
          title: "Delete the pod",
          status: "failed",
          ms: 12_000,
          failure: {
            message: "expected the volume pvc-1, the new pod has an emptyDir (pitfall 6)",
            remedy: "mount the claim in helmrelease.yaml",
            where: ["manifests/helmrelease.yaml:57 (HelmRelease opencode-flux, spec.values.persistence)"],
            at: "scenarios/persistence.scenario.ts:20",
            details: "volumes:\n- emptyDir: {}",
          },
        },
        { title: "Upgrade the release", status: "skipped", ms: 0 },
      ],
    },
  ],
  mutants: [],
  fidelity: 9,
  egress: { asked: 3, unanswered: 1, refused: 2 },
  kept: "npm run enter",
  directory: "results/20261121-1203-persistence-ab12",
};

describe("renderVerdict", () => {
  it("shows steps, what failed and what to do, ledgers, and where the rest is", () => {
    expect(renderVerdict(run, plain)).toBe(`
persistence: Work survives the pod
  ✔  Everything is Ready  21.4 s
  ✖  Delete the pod       12.0 s
  -  Upgrade the release  skipped

Failed: Delete the pod
  expected the volume pvc-1, the new pod has an emptyDir (pitfall 6)
  What to do: mount the claim in helmrelease.yaml
  Where to look: manifests/helmrelease.yaml:57 (HelmRelease opencode-flux, spec.values.persistence)
  at scenarios/persistence.scenario.ts:20
  volumes:
  - emptyDir: {}

Verdict   FAILED in 1 min 11 s
Fidelity  9 differences from production (fidelity.json: which, why, and what it could hide)
Egress    3 questions for a name outside of the cluster, 1 unanswered; 2 for an address outside, refused (egress.json: who asked for what)
Tree      Flux applied sha256:a, the working tree as it was published
Results   results/20261121-1203-persistence-ab12   (npm run report opens its page)
Kept      npm run enter   (npm run down removes it)
`);
  });

  it("tells of a step that the tree has nothing for why it is not applicable", () => {
    const scenarios = run.scenarios.map((scenario) => ({
      ...scenario,
      steps: [
        {
          title: "the login is seeded",
          status: "not applicable" as const,
          ms: 0,
          why: "the tree has no login",
        },
      ],
    }));
    expect(renderVerdict({ ...run, scenarios }, plain)).toContain(
      "  -  the login is seeded  not applicable: the tree has no login",
    );
  });

  it("is no plain green where the check finds errors that no scenario shows, and says what cannot be noticed", () => {
    const told = renderVerdict(
      {
        ...run,
        status: "passed",
        checkErrors: ["a.yaml:7 the policy forgets the gateway", "b.yaml:2 a token stands here"],
        home: { leftOut: 3, kept: 1, blind: ["a key that Doppler lacks"] },
      },
      plain,
    );
    expect(told).toContain("passed, but the check finds 2 errors that no scenario shows in 1 min 11 s");
    expect(told).toMatch(
      /Check +a\.yaml:7 the policy forgets the gateway\n +b\.yaml:2 a token stands here\n/,
    );
    expect(told).toMatch(/Not noticed +a key that Doppler lacks\n/);
    expect(told).toMatch(
      /Home +3 Kustomizations that no workspace needs are suspended, 1 file of the tree gives way to the home's own \(home\.json\)/,
    );
  });

  it("proves nothing where no scenario is applicable, and says so", () => {
    const told = renderVerdict({ ...run, status: "not applicable", exitCode: 0 }, plain);
    expect(told).toContain("Verdict   NOT APPLICABLE: nothing was proved in");
  });

  it("says so when Flux applied another tree than the one published", () => {
    const other = { ...run, tree: { published: "sha256:a", applied: "sha256:b" } };
    expect(renderVerdict(other, plain)).toContain("Flux applied sha256:b, but sha256:a was published");
  });

  it("shows what stopped a run before its first step", () => {
    const stopped: RunResult = {
      ...run,
      status: "error",
      scenarios: [],
      error: { message: "no engine answers" },
    };
    expect(renderVerdict(stopped, plain)).toContain("Failed\n  no engine answers");
    expect(renderVerdict(stopped, plain)).toContain("COULD NOT RUN");
  });
});
