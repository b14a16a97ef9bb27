import type { Browser, Page } from "playwright-core";
import { HarnessError, type ManifestPlace } from "../base/index.ts";
import { certificateNames, inContainer, route } from "../diagnosis/index.ts";
import { openPage } from "./browser-page.ts";
import { openUserPage, sessionLink } from "./session-page.ts";
import { pageWithinMs, untilShown } from "./until-shown.ts";
import type { Workspace } from "./workspace.ts";

const message = "This message came through the API.";

/** A browser that does not know the harness's authority shows nothing of the page: what the others see, they see by trust. */
export async function expectDistrusted(stranger: Browser, hostname: string): Promise<void> {
  await using page = await openPage(stranger);
  const outcome = await page.go(`https://${hostname}/`);
  if (outcome.error?.includes("ERR_CERT_AUTHORITY_INVALID")) return;
  throw failed(
    `a browser that does not trust the authority should refuse https://${hostname}/, and has ${outcome.error ?? `status ${outcome.status}`}`,
    "serve the certificate that cert-manager made: this one is of a public authority, or there is no TLS (pitfall 9)",
    [certificateNames],
  );
}

/** The browser is asked for a password, and has nothing of OpenCode until it gives it. */
export async function expectAskedForPassword(browser: Browser, hostname: string): Promise<void> {
  await using page = await openPage(browser);
  const { status, challenge, error } = await page.go(`https://${hostname}/`);
  if (status === 401 && challenge?.startsWith("Basic ")) return;
  const seen =
    status === undefined
      ? error
      : `status ${status}, and ${challenge === undefined ? "no WWW-Authenticate header" : `asks for ${challenge}`}`;
  throw failed(
    `https://${hostname}/ should ask a browser for a password, and has ${seen}`,
    "set OPENCODE_SERVER_PASSWORD, and let no filter of the route touch the header WWW-Authenticate: without it a browser asks for nothing (security mistakes)",
    [
      inContainer(undefined, "app", "env", "OPENCODE_SERVER_PASSWORD"),
      route(undefined, "rules"),
      certificateNames,
    ],
  );
}

/**
 * With the password the browser shows OpenCode at its production URL, and a session by its link. Both pages are kept as
 * pictures, `<workspace>-home.png` and `<workspace>-session.png`, and what it shows instead as `<workspace>-failed.png`.
 * @param pictureOf The file for a picture of this name.
 */
export async function expectOpenCodeShown(
  browser: Browser,
  user: Workspace,
  pictureOf: (name: string) => string,
): Promise<void> {
  const { hostname } = user.api;
  const title = `Seen in a browser ${Date.now()}`;
  const session = await user.openSession(title);
  await session.say(message);
  const link = await sessionLink(user, session);
  await using page = await openUserPage(browser, user);
  const shows = (url: string, what: string, appears: (page: Page) => Promise<void>, picture: string) =>
    untilShown(page, {
      of: user.name,
      url,
      appears: async (shown) => {
        await Promise.race([appears(shown), page.broken.then(failForScript)]);
        await shown.screenshot({ path: pictureOf(`${user.name}-${picture}`) });
      },
      message: `a browser at ${url.split("/session/")[0]} should show ${what}, and does not`,
      remedy:
        "let the route pass OpenCode's pages, scripts and requests on as they are, and give OpenCode memory for its provider list: no filter, no short time limit (pitfalls 4 and 9)",
      pictureOfFailure: pictureOf(`${user.name}-failed`),
    });
  // index.html has no word in it, and nor has OpenCode's script until it has asked the server.
  await shows(
    `https://${hostname}/`,
    "OpenCode",
    (shown) =>
      shown
        .locator("#root")
        .filter({ hasText: /[a-z]{3}/i })
        .waitFor({ timeout: pageWithinMs }),
    "home",
  );
  await shows(
    link,
    `the session "${title}"`,
    async (shown) => {
      await shown.getByText(title).first().waitFor({ timeout: pageWithinMs });
      await shown.getByText(message).first().waitFor({ timeout: pageWithinMs });
    },
    "session",
  );
}

function failForScript(which: string): never {
  throw new Error(`a script of the page was not loaded, ${which}`);
}

function failed(message: string, remedy: string, look: ManifestPlace[]): HarnessError {
  return new HarnessError(message, { code: "failed", remedy, look });
}
