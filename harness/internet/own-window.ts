import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import type { BrowserContext } from "playwright-core";
import * as tar from "tar";
import { LocalContainer } from "../cluster/index.ts";

/** A workspace as a browser of this machine visits it. */
export interface Visit {
  host: string;
  /** Where the gateway is reached from here. */
  address: string;
  port: number;
  passwordFile: string;
}

export interface WindowOptions {
  /** The program; see findBrowser. */
  browser: string;
  visit: Visit;
  /** PEM file of the one authority that is trusted beside the public ones. */
  caFile: string;
  /** The image of fixtures/images/browser: it has the program that writes a list of authorities. */
  image: string;
  /** Docker labels of the run. */
  labels: Record<string, string>;
  /** Where the profile is made, and removed again. */
  directory: string;
  env: NodeJS.ProcessEnv;
  /** Without a window; for machines without a screen. */
  headless?: boolean;
}

/** A window of a browser that knows nothing but the workspace. Disposing closes it and forgets all of it. */
export interface OwnWindow extends AsyncDisposable {
  context: BrowserContext;
  /** Resolves when the person has closed it. */
  closed: Promise<void>;
}

/**
 * Opens a window of the machine's own browser at the workspace's production URL, with a profile for this visit only: it
 * trusts the run's authority, finds the workspace's name and no other, and knows the password. What the person's own
 * browser trusts and remembers stays as it is.
 */
export async function openWindow(options: WindowOptions): Promise<OwnWindow> {
  const { browser, visit, caFile, directory, env, headless = false } = options;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const profile = await mkdtemp(join(directory, "browser-"));
  await using opened = new AsyncDisposableStack();
  opened.defer(() => rm(profile, { recursive: true, force: true, maxRetries: 5 }));
  await trustIn(profile, await readFile(caFile, "utf8"), options);
  const { chromium } = await import("playwright-core");
  const context = await chromium.launchPersistentContext(join(profile, "profile"), {
    executablePath: browser,
    headless,
    // As root it has no sandbox of its own; everybody else gets it, for the page may be anybody's.
    chromiumSandbox: process.getuid?.() !== 0,
    viewport: null,
    args: argumentsFor(visit),
    ignoreDefaultArgs: ["--enable-automation"],
    env: environmentFor(profile, env),
    httpCredentials: {
      origin: `https://${visit.host}`,
      username: "opencode",
      password: await readFile(visit.passwordFile, "utf8"),
    },
  });
  opened.defer(() => context.close());
  const closed = new Promise<void>((resolve) => context.once("close", () => resolve()));
  const [page = await context.newPage()] = context.pages();
  await page.goto(`https://${visit.host}/`, { waitUntil: "commit" });
  const all = opened.move();
  return { context, closed, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

/** The workspace's name leads to the gateway; no other resolves, numbers included. */
export function argumentsFor({ host, address, port }: Visit): string[] {
  return [
    `--host-resolver-rules=MAP ${host}:443 ${address}:${port}, MAP * ~NOTFOUND`,
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-sync",
  ];
}

/** What a window needs, and a home without anything of the person's. */
export function environmentFor(home: string, env: NodeJS.ProcessEnv): Record<string, string> {
  const names = ["PATH", "LANG", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR", "XDG_SESSION_TYPE"];
  const kept = names.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const XAUTHORITY = env.XAUTHORITY ?? join(env.HOME ?? homedir(), ".Xauthority");
  return { ...Object.fromEntries(kept), XAUTHORITY, HOME: home };
}

/** Chromium on Linux reads the authorities that its user has added from a database below the home, old place or new. */
const databases = [".pki/nssdb", ".local/share/pki/nssdb"];

/** Writes that database with the one authority in it; the program for it is in the browser's image. */
async function trustIn(
  home: string,
  caPem: string,
  { image, labels }: Pick<WindowOptions, "image" | "labels">,
): Promise<void> {
  const made = "/tmp/nssdb";
  const certutil = `certutil -d sql:${made}`;
  const script = `mkdir ${made} && ${certutil} -N --empty-password && ${certutil} -A -n opencode-harness -t C,, -i /tmp/authority.pem`;
  const container = await new LocalContainer(image)
    .withLabels(labels)
    .withNetworkMode("none")
    .withCommand(["sleep", "infinity"])
    .withCopyContentToContainer([{ content: caPem, target: "/tmp/authority.pem", mode: 0o644 }])
    .start();
  try {
    const { exitCode, output } = await container.exec(["sh", "-c", script]);
    if (exitCode !== 0) throw new Error(`certutil: ${output}`);
    for (const database of databases) {
      const target = join(home, database);
      await mkdir(target, { recursive: true, mode: 0o700 });
      const archive = await container.copyArchiveFromContainer(`${made}/.`);
      await new Promise<void>((done, failed) => {
        archive
          .pipe(tar.extract({ cwd: target, strip: 1 }))
          .on("close", done)
          .on("error", failed);
      });
    }
  } finally {
    await container.stop({ timeout: 0 });
  }
}
