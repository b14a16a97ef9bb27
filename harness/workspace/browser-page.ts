import type { Browser, Page, Response } from "playwright-core";
import { HarnessError, messageOf, patientMs } from "../base/index.ts";

const answerWithinMs = 20_000;
const textWithinMs = 5_000;

/** What came of going to a page: what the server said first, and the browser's own error. */
export interface Outcome {
  status?: number;
  /** The header WWW-Authenticate, which makes a browser ask for a password. */
  challenge?: string;
  error?: string;
}

export interface Credentials {
  /** The only place that gets them, and only when it asks. */
  origin: string;
  username: string;
  password: string;
}

/** A page in a window of its own: no cookies, no cache, nobody else's password. Disposing closes it. */
export interface OpenPage extends AsyncDisposable {
  page: Page;
  /** Throws as `expectAlive` does; what else goes wrong stands in the outcome. */
  go(url: string): Promise<Outcome>;
  /** Throws HarnessError `environment` when the browser or the page's process is gone: that says nothing about the page. */
  expectAlive(): void;
  /** Resolves with the address and the reason once a script of the page could not be had: it will not show anything then. */
  broken: Promise<string>;
  /** The words that the page shows now. */
  text(): Promise<string>;
  /** What the page shows and what went wrong on it, for a person; `trouble` is why somebody asks. */
  account(trouble: string): Promise<string>;
}

export async function openPage(browser: Browser, credentials?: Credentials): Promise<OpenPage> {
  const context = await browser.newContext(credentials ? { httpCredentials: credentials } : {});
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on("console", (line) => line.type() === "error" && troubles.push(line.text()));
  page.on("pageerror", (error) => troubles.push(error.message));
  let hasCrashed = false;
  page.on("crash", () => {
    hasCrashed = true;
  });
  const expectAlive = () => {
    if (browser.isConnected() && !hasCrashed) return;
    throw new HarnessError("the browser of the harness has ended", {
      code: "environment",
      remedy: "npm run doctor: most often memory is short",
    });
  };
  const { promise: broken, resolve: breaks } = Promise.withResolvers<string>();
  page.on("requestfailed", (request) => {
    const why = request.failure()?.errorText;
    troubles.push(`${request.url()}: ${why}`);
    // What is on its way when one leaves the page is given up.
    if (request.resourceType() === "script" && why !== "net::ERR_ABORTED") breaks(`${request.url()}: ${why}`);
  });
  const shownText = () => page.locator("body").innerText({ timeout: patientMs(textWithinMs) });
  return {
    page,
    broken,
    expectAlive,
    async go(url) {
      let first: Response | undefined;
      page.on("response", (response) => {
        if (response.url() === url) first ??= response;
      });
      const error = await page.goto(url, { timeout: patientMs(answerWithinMs), waitUntil: "commit" }).then(
        () => undefined,
        // Its first line; the rest is Playwright's log.
        (thrown: unknown) =>
          messageOf(thrown)
            .split("\n")[0]
            ?.replace(/^page\.goto: /, ""),
      );
      if (error !== undefined) expectAlive();
      const challenge = await first?.headerValue("www-authenticate");
      return {
        ...(first ? { status: first.status() } : {}),
        ...(challenge ? { challenge } : {}),
        ...(error ? { error } : {}),
      };
    },
    text: shownText,
    async account(trouble) {
      const text = await shownText().catch(() => "");
      const shown = text.trim().slice(0, 500) || "nothing";
      return [`${page.url()}: ${trouble.split("\n")[0]}`, ...troubles.slice(0, 10), `shown: ${shown}`].join(
        "\n",
      );
    },
    [Symbol.asyncDispose]: () => context.close(),
  };
}
