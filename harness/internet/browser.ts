import { randomBytes } from "node:crypto";
import type { Browser } from "playwright-core";
import { Wait } from "testcontainers";
import { HarnessError, messageOf } from "../base/index.ts";
import { InterruptibleContainer } from "./interruptible-container.ts";

export interface BrowserOptions {
  /** The image of fixtures/images/browser. */
  image: string;
  /** Name of the network that the browser joins. */
  network: string;
  /** Docker labels of the run. */
  labels: Record<string, string>;
  /** Where names lead to, `host:port` of a page to `host:port` on the network; a name may begin with `*.`. No other resolves. */
  leadsTo: Record<string, string>;
  /** PEM of the one authority that is trusted beside the public ones; nobody on the network has a certificate of those. */
  caPem?: string;
  /** The run's: what comes up after its interruption goes at once. */
  interrupted: AbortSignal;
}

/** A running Chromium. Disposing ends it and removes its container. */
export interface StartedBrowser extends AsyncDisposable {
  browser: Browser;
  /** Name and version, and whether its renderers are locked in. */
  about: string;
}

const port = 3000;
const ready = /listening, (.*)/;

/** Starts Debian's Chromium in a container of its own, and connects to it over Playwright's protocol. */
export async function startBrowser(options: BrowserOptions): Promise<StartedBrowser> {
  const { image, network, labels, leadsTo, caPem, interrupted } = options;
  // The port is published, and whoever knows the path may drive the browser.
  const path = randomBytes(16).toString("hex");
  const rules = Object.entries(leadsTo).map(([from, to]) => `MAP ${from} ${to}`);
  const authority = caPem === undefined ? [] : [{ content: caPem, target: "/authority.pem", mode: 0o644 }];
  let sandbox = "";
  await using started = new AsyncDisposableStack();
  const container = await new InterruptibleContainer(image, interrupted)
    .withNetworkMode(network)
    .withLabels(labels)
    .withEnvironment({ WS_PATH: path, HOST_RULES: rules.join(", ") })
    .withCopyContentToContainer(authority)
    // Docker's own profile forbids the user namespaces with which Chromium locks its renderers in.
    .withSecurityOpt("seccomp=unconfined")
    .withExposedPorts(port)
    .withWaitStrategy(Wait.forLogMessage(ready))
    .withLogConsumer((log) => log.on("data", (line) => (sandbox ||= ready.exec(String(line))?.[1] ?? "")))
    .withStartupTimeout(60_000)
    .start()
    .catch(didNotStart);
  started.defer(async () => void (await container.stop({ timeout: 0 })));
  interrupted.throwIfAborted();
  const { chromium } = await import("playwright-core");
  const address = `ws://${container.getHost()}:${container.getMappedPort(port)}/${path}`;
  const browser = await chromium.connect(address, { timeout: 30_000 }).catch(didNotStart);
  started.defer(() => browser.close());
  const all = started.move();
  return {
    browser,
    about: `Chromium ${browser.version()}, ${sandbox}`,
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

function didNotStart(cause: unknown): never {
  if (cause instanceof HarnessError) throw cause;
  throw new HarnessError(`the browser did not start: ${messageOf(cause)}`, {
    code: "environment",
    remedy: "npm run images prepares its image; the engine's log says more.",
    cause,
  });
}
