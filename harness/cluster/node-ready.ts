import { getContainerRuntimeClient, Wait } from "testcontainers";
import { HarnessError, messageOf } from "../base/index.ts";
import { withoutFrames } from "./container-output.ts";

/** The line that the node program (and k3s) prints once its own node is Ready. */
const readyLine = "Node controller sync successful";
/** A node is Ready in 5 s on two quiet processors; the rest is for a machine that is very busy. */
const timeoutMs = 120_000;

type Strategy = ReturnType<typeof Wait.forLogMessage>;

/**
 * Waits until the node is Ready. Testcontainers removes a container that does not come so far, and its logs with it:
 * the error has their last lines.
 */
export function nodeReady(name: string): Strategy {
  const strategy = Wait.forLogMessage(readyLine).withStartupTimeout(timeoutMs);
  const wait = strategy.waitUntilReady.bind(strategy);
  strategy.waitUntilReady = async (container, ...rest) => {
    try {
      await wait(container, ...rest);
    } catch (cause) {
      throw new HarnessError(`node ${name} did not become Ready: ${messageOf(cause)}`, {
        code: "environment",
        details: await lastWords(container),
        remedy:
          "npm run doctor: a node that cannot start lacks memory, processor time or inotify instances, most often since other clusters run beside it",
        cause,
      });
    }
  };
  return strategy;
}

/** The end of what the node's programs have logged; rancher/k3s logs to its output alone. */
async function lastWords(container: Parameters<Strategy["waitUntilReady"]>[0]): Promise<string> {
  try {
    const { container: containers } = await getContainerRuntimeClient();
    const { State } = await container.inspect();
    const output = await container.logs({ stdout: true, stderr: true, tail: 20 });
    const words = [`${State.Status}, exit code ${State.ExitCode}`, withoutFrames(output)];
    if (State.Running) {
      const tail = 'for log in /var/log/k3s/*.log; do [ ! -e "$log" ] || tail -n 8 "$log"; done';
      words.push((await containers.exec(container, ["sh", "-c", tail])).output);
    }
    return words.join("\n");
  } catch (error) {
    return `its logs cannot be had: ${messageOf(error)}`;
  }
}
