import type { Browser } from "playwright-core";
import { HarnessError } from "../base/index.ts";
import { dataMounts } from "../diagnosis/index.ts";
import type { DeployedWorkspace, HeldStream, Model, Session } from "../workspace/index.ts";
import { AnswerStream } from "./answer-stream.ts";
import { ShownAnswer } from "./shown-answer.ts";
import { accountForWords, type SlowAnswer } from "./slow-answer.ts";

/** An answer that somebody asked for, as it comes to a program that listens and to a browser. */
export interface WatchedAnswer {
  workspace: DeployedWorkspace;
  session: Session;
  streams: HeldStream[];
}

/** Opens a session's page in the browser and OpenCode's events, and asks. The caller disposes of the streams. */
export async function watchAnswer(
  workspace: DeployedWorkspace,
  browser: Browser,
  answer: SlowAnswer,
  model: Model,
): Promise<WatchedAnswer> {
  const user = await workspace.user();
  const session = await user.openSession(answer.title);
  await using opened = new AsyncDisposableStack();
  const shown = opened.use(await ShownAnswer.open(browser, user, session, answer));
  const events = opened.use(await AnswerStream.ask(user, session, answer, model));
  opened.move();
  return { workspace, session, streams: [events, shown] };
}

/** The session itself has the answer, every word once and in order. */
export async function expectWhole({ workspace, session }: WatchedAnswer, answer: SlowAnswer): Promise<void> {
  const last = (await session.messages()).at(-1);
  const text = last?.parts.map((part) => part.text ?? "").join("") ?? "";
  const { trouble } = accountForWords(answer, text);
  if (trouble === undefined) return;
  throw new HarnessError(`the session of ${workspace.name} should have the whole answer: ${trouble}`, {
    code: "failed",
    ...(last?.info.error ? { details: JSON.stringify(last.info.error) } : {}),
    remedy: "keep OpenCode's whole data directory on the volume (pitfall 8)",
    look: [dataMounts(workspace.name)],
  });
}
