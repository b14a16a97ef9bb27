import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import type { AnyObject } from "./object-client.ts";

/** As much of a Kubernetes API server as a list and a watch of pods need; for unit tests. */
export interface FakeApiServer extends AsyncDisposable {
  config: KubeConfig;
  /** Every request so far, as `list` or `watch` with its query. */
  asked: string[];
  /** What a list returns from now on. */
  objects: AnyObject[];
  /** Requests answered with this status first. */
  refuseWith: number[];
  /** Whether discovery knows pods. */
  knowsPods: boolean;
  /** Sends an event to every open watch. */
  send(type: "ADDED" | "MODIFIED" | "DELETED" | "ERROR", object: AnyObject): void;
  /** Ends every open watch, as an API server does now and then. */
  endWatches(): void;
  /** Resolves once a watch is open. */
  untilWatched(): Promise<void>;
}

/** Has the server listen on loopback, and tells how a client reaches it. */
export async function listening(server: Server): Promise<KubeConfig> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    {
      name: "fake",
      server: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      skipTLSVerify: true,
    },
    { name: "nobody" },
  );
  return config;
}

export async function startFakeApiServer(): Promise<FakeApiServer> {
  const watches = new Set<ServerResponse>();
  let watched = Promise.withResolvers<void>();
  const server = createServer((request, response) => answer(request, response));
  const config = await listening(server);
  const fake: FakeApiServer = {
    config,
    asked: [],
    objects: [],
    refuseWith: [],
    knowsPods: true,
    send: (type, object) => {
      for (const watch of watches) watch.write(`${JSON.stringify({ type, object })}\n`);
    },
    endWatches: () => {
      for (const watch of watches) watch.end();
    },
    untilWatched: () => watched.promise,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://fake");
    const json = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    if (pathname === "/api/v1") {
      const pods = { name: "pods", kind: "Pod", namespaced: true, singularName: "pod", verbs: ["list"] };
      return void json(200, { groupVersion: "v1", resources: fake.knowsPods ? [pods] : [] });
    }
    const refusal = fake.refuseWith.shift();
    if (refusal !== undefined) return void json(refusal, { kind: "Status", message: "refused" });
    const isWatch = searchParams.has("watch");
    searchParams.delete("watch");
    fake.asked.push(`${isWatch ? "watch" : "list"} ${pathname}?${decodeURIComponent(String(searchParams))}`);
    if (!isWatch) {
      return void json(200, { kind: "PodList", metadata: { resourceVersion: "7" }, items: fake.objects });
    }
    response.writeHead(200, { "content-type": "application/json" });
    response.flushHeaders();
    watches.add(response);
    watched.resolve();
    response.on("close", () => {
      watches.delete(response);
      if (watches.size === 0) watched = Promise.withResolvers<void>();
    });
  }
  return fake;
}
