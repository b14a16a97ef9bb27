import type { V1Container } from "@kubernetes/client-node";
import { officialImage } from "./official-images.ts";
import type { Program } from "./program.ts";

export interface OpenCodeCommand {
  command: "web" | "serve";
  /** Of `--port`; missing where it is left to OpenCode. */
  port?: number;
}

/**
 * `opencode`, its options, and which server it is to be; also as a package that is run (`npx opencode-ai@1 web`). A word can
 * be read in one way only: of an option's value that may look like an option there are as many ways as two to the words.
 */
const invocation =
  /(?:^|[\s;&|"'`(/])opencode(?:-ai)?(?:@[\w.^~-]+)?["']?(?:\s+-[\w-]+(?:=\S+| [^\s-]\S*)?)*?\s+["']?(web|serve)\b([^\n;&|]*)/m;

/** An image whose entrypoint is OpenCode, as the official one. */
const openCodeImage = /(?:^|\/)opencode(?=[:@]|$)/;

/** One that somebody has made of it, by its name. */
const isNamedAfterIt = (image: string): boolean =>
  [...image.matchAll(/(?:^|\/)([\w.-]*)(?=[:@]|$)/g)].some(([, name]) => name?.includes("opencode"));

/** What `opencode web` and `serve` listen on when nobody says. */
export const defaultPort = 4096;

/** The server that a container starts; undefined for one that is no OpenCode. */
export function openCodeCommand(
  container: V1Container,
  { words, text }: Program,
): OpenCodeCommand | undefined {
  const image = container.image ?? "";
  const isToldToServe = isNamedAfterIt(image) && /^(web|serve)$/.test(container.args?.[0] ?? "");
  const isEntrypoint = (openCodeImage.test(image) || isToldToServe) && !container.command?.length;
  const [, command, options = ""] = invocation.exec(isEntrypoint ? `opencode ${text}` : text) ?? [];
  if (command === "web" || command === "serve") return withPort(command, options);
  // An image of somebody's own that starts it by itself: it takes OpenCode's settings, or is called so and has its port.
  const isServer =
    container.env?.some(({ name }) => name.startsWith("OPENCODE_SERVER_")) ||
    (isNamedAfterIt(image) && !officialImage.test(image) && hasPort(container));
  return words.length === 0 && isServer ? { command: "serve" } : undefined;
}

/** That it is a server there its probes know too. */
const hasPort = ({ ports = [], startupProbe, readinessProbe, livenessProbe }: V1Container): boolean =>
  ports.some(({ containerPort }) => containerPort === defaultPort) ||
  [startupProbe, readinessProbe, livenessProbe].some(
    (probe) => (probe?.tcpSocket ?? probe?.httpGet)?.port === defaultPort,
  );

function withPort(command: OpenCodeCommand["command"], options: string): OpenCodeCommand {
  const port = /--port[= ]+["']?(\d+)/.exec(options)?.[1];
  return port === undefined ? { command } : { command, port: Number(port) };
}
