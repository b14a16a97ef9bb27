import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addSecret } from "../../base/index.ts";
import type { RunResult } from "../result.ts";
import type { Timeline } from "../timeline.ts";
import { localBrowser } from "./local-browser.ts";
import { sampleComparison } from "./sample/comparison.ts";
import { leaveSampleRun } from "./sample/leave.ts";
import { sampleMutants } from "./sample/mutants.ts";
import { sampleResult } from "./sample/result.ts";
import { writeLanesReport } from "./write-lanes-report.ts";
import { writeReport } from "./write-report.ts";

const executablePath = localBrowser();
const title = "a run's page in a real Chromium";

/** The checks that a person with a screen reader relies on; see dequeuniversity.com/rules/axe. */
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const desktop = { width: 1360, height: 900 };
const phone = { width: 390, height: 844 };

describe.skipIf(!executablePath)(
  executablePath ? title : `${title} (no Chromium here: apt-get install chromium, or set CHROME_BIN)`,
  () => {
    let browser: Browser;
    let dir: string;
    beforeAll(async () => {
      dir = await mkdtemp(join(tmpdir(), "report-"));
      browser = await chromium.launch({ executablePath: executablePath ?? "", chromiumSandbox: false });
    }, 60_000);
    afterAll(async () => {
      await browser?.close();
      await rm(dir, { recursive: true });
    });

    async function reportOf(result: RunResult = sampleResult()): Promise<string> {
      const run = await mkdtemp(join(dir, "run-"));
      await leaveSampleRun(run, result);
      return writeReport(run);
    }

    /** The page, and every request that leaves it. */
    async function open(
      file: string,
      options: BrowserContextOptions = {},
    ): Promise<{ page: Page; asked: string[] } & AsyncDisposable> {
      const context = await browser.newContext({ viewport: desktop, ...options });
      const asked: string[] = [];
      const url = pathToFileURL(file).href;
      // What the page's own policy refuses does not come here.
      await context.route(
        (asks) => asks.href !== url && asks.protocol !== "data:",
        (route) => {
          asked.push(route.request().url());
          return route.abort();
        },
      );
      const page = await context.newPage();
      page.on("pageerror", (error) => asked.push(`error: ${error.message}`));
      await page.goto(url);
      return { page, asked, [Symbol.asyncDispose]: () => context.close() };
    }

    const violations = async (page: Page) => {
      await page.evaluate(axe);
      const found = await page.evaluate(async () => {
        // biome-ignore lint/suspicious/noExplicitAny: axe has just put itself there
        const { violations } = await (globalThis as any).axe.run();
        return violations as { id: string; nodes: { html: string; failureSummary: string }[] }[];
      });
      return found.map(
        ({ id, nodes }) =>
          `${id}: ${nodes
            .map((node) => `${node.html} ${node.failureSummary}`)
            .slice(0, 3)
            .join("\n")}`,
      );
    };

    it.each(["light", "dark"] as const)(
      "shows a comparison, %s: what differs beyond noise, and the rest",
      async (colorScheme) => {
        const run = await mkdtemp(join(dir, "run-"));
        await writeFile(join(run, "compare.json"), JSON.stringify(sampleComparison));
        await using shown = await open(await writeReport(run), { colorScheme });
        const { page, asked } = shown;
        expect(await page.locator("h1").innerText()).toMatch(
          /^main → working tree\s+1 verdict differs, 1 figure differs beyond noise, 1 record differs\.$/s,
        );
        expect(await page.locator("h2").allInnerTexts()).toEqual([
          "Verdicts",
          "Beyond noise",
          "Records in DNS",
          "Objects",
          "Within noise",
          "Runs",
        ]);
        expect(await page.locator("#beyond td").allInnerTexts()).toEqual([
          "1.0 s",
          "9.0 s",
          "+8.0 s",
          "± 2.0 s",
        ]);
        expect(await page.getByRole("link", { name: "head-1" }).getAttribute("href")).toBe(
          "../head-1/report.html",
        );
        expect(await violations(page)).toEqual([]);
        expect(asked).toEqual([]);
      },
    );

    it("says the verdict in one sentence, and in order what is wrong, what to do and where", async () => {
      await using shown = await open(await reportOf());
      const { page } = shown;
      expect(await page.locator("h1").innerText()).toMatch(
        /^Failed\s+drain fails at “drained the other way.*; the other 3 scenarios pass\.$/s,
      );
      expect(await page.locator("h2").allInnerTexts()).toEqual([
        "What is wrong",
        "Scenarios",
        "Timeline",
        "How a move's time divides",
        "What is proved",
        "What a green run does not prove",
        "Asked for outside",
        "What of the home takes no part",
        "This run",
      ]);
      const failure = page.locator(".failure");
      expect(await failure.locator(".message").innerText()).toMatch(
        /^expected that a new pod of opencode-flux/,
      );
      expect(await failure.locator(".remedy dd").innerText()).toContain("pin opencode-flux to no node");
      expect(await failure.locator("mark").innerText()).toContain(
        "nodeSelector: { kubernetes.io/hostname: agent-1 }",
      );
      expect(await failure.locator(".line:has(mark)").getAttribute("data-number")).toBe("21");
      expect(await failure.getByRole("link", { name: "events.txt" }).getAttribute("href")).toBe(
        "evidence/drain/events.txt",
      );
    });

    it("puts first what went wrong while the step ran, and says of the rest that it was so before", async () => {
      const run = await mkdtemp(join(dir, "run-"));
      await leaveSampleRun(run);
      const route = (name: string, since: string) =>
        `---\nkind: HTTPRoute\nmetadata: { namespace: a, name: ${name} }\nstatus:\n  parents:\n    - conditions:\n        - { type: ResolvedRefs, status: "False", reason: BackendNotFound, lastTransitionTime: "${since}" }\n`;
      const routes = `${route("long-ago", "2026-11-21T12:03:10Z")}${route("just-now", "2026-11-21T12:59:00Z")}`;
      await writeFile(join(run, "evidence", "drain", "httproute.yaml"), routes);
      await using shown = await open(await writeReport(run));
      const told = await shown.page.locator(".unready li").allInnerTexts();
      expect(told).toHaveLength(2);
      expect(told[0]).toMatch(/^HTTPRoute a\/just-now\s+ResolvedRefs is False: BackendNotFound$/);
      expect(told[1]).toMatch(/long-ago[\s\S]*so since before the step$/);
    });

    it("is no plain green where the check finds errors, and names what took no part", async () => {
      const passed = sampleResult();
      passed.status = "passed";
      passed.scenarios = passed.scenarios.filter(({ status }) => status === "passed");
      passed.checkErrors = ["ks.yaml:7 <b>the policy</b> forgets the gateway"];
      await using shown = await open(await reportOf(passed));
      const { page } = shown;
      expect(await page.locator("h1").innerText()).toContain("but the check finds 1 error in them");
      expect(await page.locator("#check li").allInnerTexts()).toEqual(passed.checkErrors);
      expect(await page.locator("#home li").allInnerTexts()).toEqual([
        "a misspelt key of Doppler",
        "flux-system/media",
        "flux-system/monitoring",
        "kubernetes/templates/volsync/externalsecret.yaml",
      ]);
      expect(await violations(page)).toEqual([]);
    });

    it("counts the steps of every kind, and tells why one is not applicable", async () => {
      await using shown = await open(await reportOf());
      const { page } = shown;
      expect(await page.locator(".counts").innerText()).toMatch(
        /27 passed\s+1 failed\s+3 skipped\s+1 not applicable/,
      );
      await page.locator("#scenario-persistence > summary").click();
      expect(await page.locator("#scenario-persistence .step.not-applicable").innerText()).toContain(
        "not applicable: the tree has no login",
      );
    });

    it("shows waits with what they saw, acts, streams with their gaps, and memory with its limit", async () => {
      await using shown = await open(await reportOf());
      const timeline = shown.page.locator(".timeline");
      await timeline.locator(".group > summary", { hasText: "persistence" }).click();
      await timeline.locator(".task > summary", { hasText: "Flux reports everything Ready" }).first().click();
      await timeline.locator(".task > summary", { hasText: "Flux applied the tree" }).first().click();
      expect(await timeline.locator(".task[open] .said").first().innerText()).toContain(
        "Reconciliation in progress",
      );
      expect(await timeline.locator(".marks").innerText()).toContain("node agent-1 is drained");
      expect(
        await timeline.locator(".stream", { hasText: "busy terminal of opencode-flux" }).innerText(),
      ).toMatch(/cut once, gap 11\.\d s/);
      expect(await timeline.locator(".gap").count()).toBe(4);
      expect(await timeline.locator(".memory", { hasText: "opencode/opencode-flux" }).innerText()).toContain(
        "of 537 MB",
      );
    });

    it("asks nothing of the network, whatever a message says", async () => {
      const result = sampleResult();
      const evil = '<img src="https://example.org/x.png"><script>fetch("https://example.org")</script>';
      result.error = { message: evil, remedy: evil, details: evil, where: [evil] };
      const file = await reportOf(result);
      await using shown = await open(file);
      expect(await shown.page.locator("#failure-run .message").innerText()).toBe(evil);
      await shown.page.evaluate(() => {
        // biome-ignore lint/suspicious/noExplicitAny: the page's own document, which Node knows nothing of
        const { document } = globalThis as any;
        document.body.append(
          Object.assign(document.createElement("img"), { src: "https://example.org/y.png" }),
        );
      });
      expect(shown.asked).toEqual([]);
    });

    it.each([
      ["light", desktop],
      ["dark", desktop],
      ["light", phone],
      ["dark", phone],
    ] as const)(
      "has no barrier that axe finds, %s, %o",
      async (colorScheme, viewport) => {
        await using shown = await open(await reportOf(), { colorScheme, viewport });
        expect(await violations(shown.page)).toEqual([]);
        await shown.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
        expect(await violations(shown.page)).toEqual([]);
      },
      60_000,
    );

    it("takes the theme of the system, or the one that is chosen", async () => {
      await using shown = await open(await reportOf(), { colorScheme: "dark" });
      const ground = () => shown.page.evaluate("getComputedStyle(document.body).backgroundColor");
      const dark = await ground();
      await shown.page.getByRole("radio", { name: "light" }).check();
      expect(await ground()).not.toBe(dark);
      await shown.page.getByRole("radio", { name: "dark" }).check();
      expect(await ground()).toBe(dark);
    });

    it("is as wide as a phone, but for what scrolls by itself", async () => {
      const result = sampleResult();
      const word = `main@sha1:${"0123456789".repeat(8)}`;
      for (const step of result.scenarios.flatMap(({ steps }) => steps)) {
        step.title += ` ${word}`;
        if (step.failure) step.failure = { ...step.failure, message: word, remedy: word, where: [word] };
      }
      await using shown = await open(await reportOf(result), { viewport: phone });
      expect(await shown.page.evaluate("document.documentElement.scrollWidth")).toBe(phone.width);
    });

    const widthOf = (page: Page) =>
      page.evaluate("document.querySelector('.timeline .axis .track').offsetWidth") as Promise<number>;

    it("draws the timeline apart with no script at all", async () => {
      await using shown = await open(await reportOf(), { javaScriptEnabled: false });
      const labels = () => shown.page.locator(".timeline .tick:visible").count();
      const before = await labels();
      await shown.page.getByRole("radio", { name: "8×" }).check();
      expect(await labels()).toBeGreaterThan(before);
    });

    it("draws it apart by keys and the wheel, and keeps the moment where it was", async () => {
      await using shown = await open(await reportOf());
      const { page } = shown;
      const width = await widthOf(page);
      await page.locator(".timeline .scroll").focus();
      await page.keyboard.press("+");
      await page.keyboard.press("+");
      expect((await widthOf(page)) / width).toBeCloseTo(4, 2);
      const bar = page.locator(".timeline details.group .bar.failed").first();
      await page.keyboard.press("0");
      await bar.scrollIntoViewIfNeeded();
      const { x, y } = (await bar.boundingBox()) ?? { x: 0, y: 0 };
      await page.mouse.move(x + 1, y + 3);
      await page.keyboard.down("Control");
      await page.mouse.wheel(0, -100);
      await page.mouse.wheel(0, -100);
      await page.keyboard.up("Control");
      await expect.poll(async () => (await widthOf(page)) / width).toBeCloseTo(4, 2);
      expect(Math.abs(((await bar.boundingBox())?.x ?? 0) - x)).toBeLessThan(6);
    });

    it("unfolds everything for paper", async () => {
      await using shown = await open(await reportOf());
      const pdf = shown.page.pdf();
      await shown.page.evaluate("dispatchEvent(new Event('beforeprint'))");
      expect(await shown.page.locator("#scenario-persistence").getAttribute("open")).not.toBeNull();
      await shown.page.evaluate("dispatchEvent(new Event('afterprint'))");
      expect((await pdf).length).toBeGreaterThan(20_000);
    });

    it("shows the score of mutants as a grid, the ones that were not caught first", async () => {
      await using shown = await open(await reportOf(sampleMutants()));
      const { page } = shown;
      expect(await page.locator("h1").innerText()).toContain(
        "2 of 31 mutants are not caught for the right reason",
      );
      expect(await page.locator(".squares a").count()).toBe(31);
      expect(await page.locator(".not-caught li").allInnerTexts()).toEqual([
        expect.stringContaining("drain / two-replicas"),
        expect.stringContaining("ingress / header-removed"),
      ]);
      await page.getByRole("link", { name: "no-fs-group: caught" }).click();
      await expect.poll(() => page.locator("#mutant-persistence-no-fs-group").isVisible()).toBe(true);
      expect(await violations(page)).toEqual([]);
    });

    it("shows all lanes on one page, with a link to the page of each", async () => {
      const results = await mkdtemp(join(dir, "results-"));
      const run = join(results, "20261121-1203-all-ab12");
      await leaveSampleRun(run);
      await writeReport(run);
      const [persistence, , , drain] = sampleResult().scenarios;
      const lane = (scenario = persistence): RunResult => ({
        ...sampleResult(),
        status: scenario?.status ?? "error",
        scenarios: scenario ? [scenario] : [],
      });
      const file = await writeLanesReport(join(results, "lanes"), [
        { name: "persistence", folder: "persistence", result: lane() },
        { name: "drain", folder: "drain", result: lane(drain) },
        { name: "crash", folder: "crash", result: undefined },
        { name: "ingress", folder: "ingress", result: undefined, doubt: "it is about drain" },
      ]);
      await using shown = await open(file);
      const { page } = shown;
      expect(await page.locator("h1").innerText()).toContain(
        "1 of 4 scenarios pass; drain, crash and ingress do not.",
      );
      expect(await page.getByRole("link", { name: "drain", exact: true }).first().getAttribute("href")).toBe(
        "../20261121-1203-all-ab12/report.html",
      );
      expect(await page.locator(".failure").count()).toBe(3);
      expect(await page.locator(".failure").first().innerText()).toContain("FailedScheduling");
      expect(await violations(page)).toEqual([]);
    });
  },
);

const mutantNames = Array.from({ length: 130 }, (_, index) => `mutant-${index}`);
const stepNames = (mutant: string) => Array.from({ length: 12 }, (_, index) => `step ${index} of ${mutant}`);

function manyRuns(): RunResult["scenarios"] {
  return mutantNames.map((name) => ({
    name: `drain/${name}`,
    title: "",
    status: "failed",
    ms: 12_000,
    steps: stepNames(name).map((title) => ({ title, status: "passed", ms: 1_000 })),
  }));
}

function manyTimes(): Timeline {
  const wait = (index: number, startMs: number) => ({
    title: `the pod of opencode-flux is Ready, for the ${index}th time`,
    kind: "wait" as const,
    startMs,
    ms: 900,
    said: [{ atMs: startMs, text: "opencode-flux-6d5f7c9b4-x2x4z is Pending: git-clone running" }],
    children: [],
  });
  const entries = mutantNames.flatMap((name, mutant) =>
    stepNames(name).map((title, step) => {
      const startMs = mutant * 12_000 + step * 1_000;
      const children = Array.from({ length: 15 }, (_, index) => wait(index, startMs));
      return { title: `${name}: ${title}`, startMs, ms: 1_000, children };
    }),
  );
  return { version: 2, startedAt: "2026-11-21T12:03:04.100Z", entries, streams: [] };
}

describe("the page of lanes", () => {
  it("takes nothing from outside of a lane's own folder", async () => {
    const dir = await mkdtemp(join(tmpdir(), "report-"));
    try {
      const run = join(dir, "lane-drain", "20261121-1203-all-ab12");
      await leaveSampleRun(run);
      const secret = join(dir, "elsewhere.txt");
      await writeFile(secret, "2026-11-21T12:07:02.000Z Warning Pod a/b Seen: the key of the house\n");
      await rm(join(run, "evidence", "drain", "events.txt"));
      await symlink(secret, join(run, "evidence", "drain", "events.txt"));
      const [, , , drain] = sampleResult().scenarios;
      const result = { ...sampleResult(), scenarios: drain ? [drain] : [] };
      const lane = { name: "drain", folder: "lane-drain/lanes/drain" };
      const html = readFileSync(await writeLanesReport(dir, [{ ...lane, result }]), "utf8");
      expect(html).toContain("lane-drain/20261121-1203-all-ab12/evidence/drain/pod.yaml");
      expect(html).not.toContain("the key of the house");
      await symlink(run, join(dir, "lane-drain", "20261121-1203-other-ab12"));
      const elsewhere = { ...result, directory: "results/20261121-1203-other-ab12" };
      const other = readFileSync(await writeLanesReport(dir, [{ ...lane, result: elsewhere }]), "utf8");
      expect(other).not.toContain("pod.yaml");
    } finally {
      await rm(dir, { recursive: true });
    }
  });
});

describe("a run's page", () => {
  it("shows no secret, though its letters are written otherwise in HTML", async () => {
    addSecret("PAGE", `<s3cret> & "more"`);
    const run = await mkdtemp(join(tmpdir(), "report-"));
    try {
      await leaveSampleRun(run, { ...sampleResult(), error: { message: `saw <s3cret> & "more" in a log` } });
      const html = readFileSync(await writeReport(run), "utf8");
      expect(html).toContain("saw [redacted PAGE] in a log");
      expect(html).not.toContain("s3cret");
    } finally {
      await rm(run, { recursive: true });
    }
  });

  it("stays below 2 MB for a hundred mutants with all that was waited for", async () => {
    const run = await mkdtemp(join(tmpdir(), "report-"));
    try {
      await leaveSampleRun(run, { ...sampleMutants(), scenarios: manyRuns() });
      await writeFile(join(run, "timeline.json"), JSON.stringify(manyTimes()));
      const html = readFileSync(await writeReport(run), "utf8");
      expect(html.length).toBeLessThan(2_000_000);
      expect(html).toContain("step 11 of mutant-99");
    } finally {
      await rm(run, { recursive: true });
    }
  });

  it("stays below 2 MB however many pictures there are, and names those that it leaves out", async () => {
    const run = await mkdtemp(join(tmpdir(), "report-"));
    try {
      await leaveSampleRun(run);
      await mkdir(join(run, "pictures"));
      const png = Buffer.alloc(400_000);
      for (const name of ["a-home", "b-home", "c-home", "d-home"])
        await writeFile(join(run, "pictures", `${name}.png`), png);
      const html = readFileSync(await writeReport(run), "utf8");
      expect(html.length).toBeLessThan(2_000_000);
      expect(html).toContain('href="pictures/d-home.png"');
      expect(html.match(/data:image\/png/g)).toHaveLength(3);
    } finally {
      await rm(run, { recursive: true });
    }
  });
});
