import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { HarnessError, patientMs, type StepSurroundings } from "../base/index.ts";
import { dataMounts } from "../diagnosis/index.ts";
import type { CopilotControl } from "../internet/index.ts";
import type { DeployedWorkspace, Message, Model, Session } from "../workspace/index.ts";
import { accountForWords, answerOver } from "./slow-answer.ts";

/** So many words have come when the pod is deleted. */
const enoughWords = 12;
const wordsWithinMs = 60_000;

/**
 * Copilot is in the middle of an answer (a tool's work is done, words are coming) when the workspace's pod is deleted. The
 * session has its prompt and all that was whole, the tool's work is on the volume, and the next prompt is answered.
 * OpenCode writes a text when it is whole: what of it had come is told, not judged.
 */
export async function expectKeptInMidAnswer(
  { copilot }: { copilot: CopilotControl },
  workspace: DeployedWorkspace,
  model: Model,
  { signal, progress }: StepSurroundings,
): Promise<void> {
  const { name } = workspace;
  const mark = randomBytes(6).toString("hex");
  const prompt = `Work on ${mark}, and tell me of it.`;
  const file = `work-${mark}.txt`;
  const { words, everyMs } = answerOver(60_000);
  await using plan = await copilot.plan({
    prompt,
    answers: [
      {
        kind: "tool",
        tool: "bash",
        arguments: { command: `echo ${mark} | tee ${file}`, description: "work" },
      },
      { kind: "words", count: words, everyMs },
    ],
  });
  const session = await (await workspace.user()).openSession(`Cut off ${mark}`);
  const pod = await workspace.readyPod();
  await session.begin(prompt, model);
  const came = await untilWordsCome(copilot, session, signal);
  await workspace.deletePod(pod);
  await workspace.readyPod({ otherThan: pod.metadata?.uid });
  await plan[Symbol.asyncDispose]();
  const after = await (await workspace.user()).session(session.id);
  const messages = await after.messages();
  expectThere(name, messages, [prompt, mark]);
  const { received } = accountForWords({ title: "", prompt, words, everyMs }, textOf(messages));
  progress.note(`${name}: of ${came} words that had come the session has ${received.length}`);
  const kept = (await after.run(`cat ${file}; rm ${file}`)).trim();
  if (kept !== mark) expectThere(name, [], [mark]);
  const { info } = await after.ask("And now?", model);
  if (info.error) {
    throw new HarnessError(
      `the session of ${name} that was cut off should go on, and shows ${info.error.data?.message}`,
      {
        code: "failed",
        remedy: "keep OpenCode's whole data directory on the volume (pitfall 8)",
        look: [dataMounts(name)],
      },
    );
  }
}

/** There is nothing to watch: the stand-in counts what it sends. */
async function untilWordsCome(
  copilot: CopilotControl,
  session: Session,
  signal: AbortSignal,
): Promise<number> {
  const grantedMs = patientMs(wordsWithinMs);
  const deadline = performance.now() + grantedMs;
  for (;;) {
    const requests = await copilot.requests({ operation: "prompt", session: session.id });
    const pieces = requests.length > 1 ? (requests.at(-1)?.pieces ?? 0) : 0;
    if (pieces >= enoughWords) return pieces;
    if (performance.now() > deadline) {
      throw new HarnessError(
        `Copilot should be in the middle of its second answer after ${grantedMs / 1000} s`,
        {
          code: "failed",
          details: `it was asked ${requests.length} times, and has sent ${pieces} words of the last answer`,
        },
      );
    }
    await delay(250, undefined, { signal });
  }
}

function expectThere(name: string, messages: Message[], texts: string[]): void {
  const all = JSON.stringify(messages);
  const lost = texts.filter((text) => !all.includes(text));
  if (lost.length === 0) return;
  throw new HarnessError(
    `the session of ${name} that was cut off should have its prompt and the tool's work, and has not`,
    {
      code: "failed",
      details: all.slice(0, 2_000),
      remedy: "keep OpenCode's whole data directory on the volume (pitfall 8)",
      look: [dataMounts(name)],
    },
  );
}

const textOf = (messages: Message[]): string =>
  messages.flatMap(({ parts }) => parts.map(({ type, text }) => (type === "text" ? text : ""))).join(" ");
