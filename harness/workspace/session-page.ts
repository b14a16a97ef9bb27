import type { Browser } from "playwright-core";
import { z } from "zod";
import { type OpenPage, openPage } from "./browser-page.ts";
import type { Session } from "./session.ts";
import { pageWithinMs, untilShown } from "./until-shown.ts";
import type { Workspace } from "./workspace.ts";

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
  await untilShown(page, {
    of: user.name,
    url: await sessionLink(user, session),
    appears: (shown) => shown.getByText(text).first().waitFor({ timeout: pageWithinMs }),
    message: `a browser should show "${text}" on a session's page of ${user.name}, and does not`,
    remedy:
      "see what the scenario ingress says of the page: it must come whole, and OpenCode needs memory for it",
  });
  opened.move();
  return page;
}
