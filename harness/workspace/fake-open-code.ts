import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { newAuthority } from "../base/index.ts";
import type { GatewayAccess } from "./gateway-request.ts";

export const fakeHost = "flux.opencode.example.test";

export interface Asked {
  /** Method and path, for instance `GET /session`. */
  what: string;
  host: string | undefined;
  authorization: string | undefined;
  body: unknown;
}

/** An answer: JSON with status 200, a text with another status, or none at all. */
export type Answer = { json: unknown } | { status: number; text?: string } | "never";

/** A gateway with TLS of the harness's own authority, behind which anything may answer; for unit tests. */
export interface FakeOpenCode extends AsyncDisposable {
  gateway: GatewayAccess;
  asked: Asked[];
}

export async function startFakeOpenCode(
  answer: (asked: Asked) => Answer | Promise<Answer>,
  dnsNames = [fakeHost],
): Promise<FakeOpenCode> {
  const authority = await newAuthority({ dnsNames });
  const { certPem, keyPem } = await authority.issue({ dnsNames });
  const asked: Asked[] = [];
  const server = createServer({ cert: certPem, key: keyPem }, async (request, response) => {
    const { method, url, headers } = request;
    const body = method === "GET" ? undefined : await json(request);
    const one = { what: `${method} ${url}`, host: headers.host, authorization: headers.authorization, body };
    asked.push(one);
    const answered = await answer(one);
    if (answered === "never") return;
    if ("json" in answered) response.end(JSON.stringify(answered.json));
    else response.writeHead(answered.status).end(answered.text);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    asked,
    gateway: { host: "127.0.0.1", httpsPort: port, caPem: authority.certPem },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}
