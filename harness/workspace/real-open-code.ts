import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer as createHttpServer, request } from "node:http";
import { createServer } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type StartedCopilot, startCopilot } from "../../fixtures/copilot/index.ts";
import { endGroup, newAuthority } from "../base/index.ts";
import { CopilotControl } from "../internet/index.ts";
import type { GatewayAccess } from "./gateway-request.ts";
import { Workspace } from "./workspace.ts";

const hostname = "real.opencode.example.test";
const password = "a password for tests";

/** The real OpenCode on this machine, Copilot's stand-in in place of the internet, and a gateway with TLS before it. */
export interface RealOpenCode extends AsyncDisposable {
  user: Workspace;
  copilot: CopilotControl;
  gateway: GatewayAccess;
  /** Ends OpenCode without a word, as a pod that is deleted by force, and starts it again on the same data. */
  restart(): Promise<void>;
}

/** For tests. OpenCode reaches the name `api.githubcopilot.com` through a proxy, and no other name. */
export async function startRealOpenCode(binary: string): Promise<RealOpenCode> {
  await using started = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), "real-open-code-"));
  started.defer(() => rm(home, { recursive: true, force: true }));
  // As in a run, it may vouch for the harness's address too: Bun looks at that more strictly than others.
  const authority = await newAuthority({ dnsNames: ["api.githubcopilot.com", hostname], ips: ["127.0.0.1"] });
  const tls = await authority.issue({ dnsNames: ["api.githubcopilot.com"] });
  const fixture = started.use(await startCopilot({ tls, host: "127.0.0.1" }));
  const copilot = new CopilotControl({
    url: `http://127.0.0.1:${fixture.controlPort}`,
    token: fixture.controlToken,
  });
  await copilot.setLogins({ one: "gho_one", two: "gho_two" });
  await leave(home, "ca.pem", authority.certPem);
  const login = { type: "oauth", refresh: "gho_one", access: "gho_one", expires: 0 };
  await leave(home, ".local/share/opencode/auth.json", JSON.stringify({ "github-copilot": login }));
  const proxy = started.use(await proxyTo(fixture));
  const port = await freePort();
  let running: ChildProcess | undefined;
  started.defer(() => end(running));
  const start = () => {
    running = spawn(binary, ["web", "--hostname", "127.0.0.1", "--port", String(port)], {
      cwd: home,
      detached: true,
      stdio: "ignore",
      env: {
        PATH: "/usr/bin:/bin",
        HOME: home,
        HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
        NODE_EXTRA_CA_CERTS: join(home, "ca.pem"),
        OPENCODE_DISABLE_AUTOUPDATE: "true",
        OPENCODE_SERVER_PASSWORD: password,
      },
    });
  };
  const entry = started.use(await entryTo(port, await authority.issue({ dnsNames: [hostname] })));
  const gateway = { host: "127.0.0.1", httpsPort: entry.port, caPem: authority.certPem };
  const user = new Workspace({ name: "real", hostname, userName: "opencode", password }, gateway);
  start();
  await user.untilAnswered("/session");
  const all = started.move();
  return {
    user,
    copilot,
    gateway,
    async restart() {
      await end(running);
      start();
      await user.untilAnswered("/session");
    },
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function leave(home: string, path: string, content: string): Promise<void> {
  await mkdir(join(home, path, ".."), { recursive: true });
  await writeFile(join(home, path), content, { mode: 0o600 });
}

async function end(running: ChildProcess | undefined): Promise<void> {
  if (running?.exitCode !== null) return;
  const ended = once(running, "exit");
  await endGroup(running.pid);
  await ended;
}

/** A proxy that lets one name through, to the stand-in. */
async function proxyTo(copilot: StartedCopilot) {
  const server = createHttpServer((_request, response) => response.writeHead(502).end());
  server.on("connect", ({ url }, client, head) => {
    client.on("error", () => client.destroy());
    if (url !== "api.githubcopilot.com:443") return void client.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    const upstream = connect(copilot.port, "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.write(head);
      upstream.pipe(client).pipe(upstream);
    });
    upstream.on("error", () => client.destroy());
  });
  return listening(server);
}

/** What Envoy is in the cluster: it ends TLS and passes everything on. */
async function entryTo(port: number, { certPem, keyPem }: { certPem: string; keyPem: string }) {
  const server = createServer({ cert: certPem, key: keyPem }, (incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const passed = request(
      { host: "127.0.0.1", port, method, path: url, headers, agent: false },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      },
    );
    passed.on("error", () => (outgoing.headersSent ? outgoing.destroy() : outgoing.writeHead(503).end()));
    outgoing.on("close", () => passed.destroy());
    incoming.pipe(passed);
  });
  return listening(server);
}

async function listening(server: ReturnType<typeof createHttpServer> | ReturnType<typeof createServer>) {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function freePort(): Promise<number> {
  const server = await listening(createHttpServer());
  await server[Symbol.asyncDispose]();
  return server.port;
}
