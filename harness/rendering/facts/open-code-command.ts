import type { V1Container } from "@kubernetes/client-node";
import type { Program } from "./program.ts";

export interface OpenCodeCommand {
  command: "web" | "serve";
  /** Of `--port`; missing where it is left to OpenCode. */
  port?: number;
}

/** `opencode`, its options, and which server it is to be; also as a package that is run (`npx opencode-ai@1 web`). */
const invocation =
  /(?:^|[\s;&|"'`(/])opencode(?:-ai)?(?:@[\w.^~-]+)?["']?(?:\s+--?[\w-]+(?:[= ]\S+)?)*?\s+["']?(web|serve)\b([^\n;&|]*)/m;

/** An image whose entrypoint is OpenCode, as the official one. */
const openCodeImage = /(?:^|\/)opencode(?=[:@]|$)/;

/** The server that a container starts; undefined for one that is no OpenCode. */
export function openCodeCommand(
  container: V1Container,
  { words, text }: Program,
): OpenCodeCommand | undefined {
  const image = container.image ?? "";
  const isEntrypoint = openCodeImage.test(image) && !container.command?.length;
  const [, command, options = ""] = invocation.exec(isEntrypoint ? `opencode ${text}` : text) ?? [];
  if (command === "web" || command === "serve") return withPort(command, options);
  // An image of somebody's own that starts it by itself: it takes OpenCode's settings.
  const isServer = container.env?.some(({ name }) => name.startsWith("OPENCODE_SERVER_"));
  return words.length === 0 && isServer ? { command: "serve" } : undefined;
}

function withPort(command: OpenCodeCommand["command"], options: string): OpenCodeCommand {
  const port = /--port[= ]+["']?(\d+)/.exec(options)?.[1];
  return port === undefined ? { command } : { command, port: Number(port) };
}
