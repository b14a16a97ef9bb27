import type { Browser } from "playwright-core";
import { z } from "zod";
import { HarnessError } from "../base/index.ts";
import { inContainer, route } from "../diagnosis/index.ts";
import { type OpenPage, openPage } from "./browser-page.ts";
import type { Session } from "./session.ts";
import type { Workspace } from "./workspace.ts";

/** OpenCode's pages ask for its provider list first, which takes seconds of a pod with half a core. */
export const pageWithinMs = 60_000;
const place = z.looseObject({ directory: z.string() });

/** The address of a session's page. */
export async function sessionLink({ api }: Workspace, { id }: Session): Promise<string> {
  const { directory } = await api.get("/path", place);
  return `https://${api.hostname}/${Buffer.from(directory).toString("base64url")}/session/${id}`;
}

/** A page for somebody who has the workspace's password. */
export function openUserPage(browser: Browser, { api, userName, password }: Workspace): Promise<OpenPage> {
  return openPage(browser, { origin: `https://${api.hostname}`, username: userName, password });
}

/** The session's page, once it shows this text of it. Throws where it does not within a minute. */
export async function openSessionPage(
  browser: Browser,
  user: Workspace,
  session: Session,
  text: string,
): Promise<OpenPage> {
  await using opened = new AsyncDisposableStack();
  const page = opened.use(await openUserPage(browser, user));
  const url = await sessionLink(user, session);
  const { status, error } = await page.go(url);
  try {
    if (status !== 200) throw new Error(error ?? `status ${status}`);
    await page.page.getByText(text).first().waitFor({ timeout: pageWithinMs });
  } catch (cause) {
    page.expectAlive();
    throw new HarnessError(
      `a browser should show "${text}" on a session's page of ${user.name}, and does not`,
      {
        code: "failed",
        cause,
        details: await page.account(String(cause)),
        remedy:
          "see what the scenario ingress says of the page: it must come whole, and OpenCode needs memory for it",
        look: [route(user.name, "rules"), inContainer(user.name, "app", "resources")],
      },
    );
  }
  opened.move();
  return page;
}
