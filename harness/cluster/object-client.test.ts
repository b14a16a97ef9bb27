import { createServer } from "node:http";
import { describe, expect, it } from "vitest";
import { listening } from "./fake-api-server.ts";
import { ObjectClient } from "./object-client.ts";

const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "settings", namespace: "ai" } };

/** An API server that knows ConfigMaps, and breaks the connection of the first request of `method` after its discovery. */
async function serverThatBreaks(method: string) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const json = (body: object) =>
      response.setHeader("content-type", "application/json").end(JSON.stringify(body));
    if (request.url === "/api/v1") {
      const resource = {
        name: "configmaps",
        kind: "ConfigMap",
        namespaced: true,
        singularName: "",
        verbs: ["get"],
      };
      return void json({ groupVersion: "v1", resources: [resource] });
    }
    asked.push(String(request.method));
    if (request.method === method && asked.filter((one) => one === method).length === 1)
      return void request.socket.destroy();
    json(configMap);
  });
  const config = await listening(server);
  return {
    asked,
    objects: ObjectClient.makeApiClient(config),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("a connection to the API server that breaks", () => {
  it("is made again for a reading", async () => {
    await using server = await serverThatBreaks("GET");
    expect(await server.objects.find({ ...configMap, name: "settings", namespace: "ai" })).toMatchObject(
      configMap,
    );
    expect(server.asked).toEqual(["GET", "GET"]);
  });

  it("is made again for an apply, with its body", async () => {
    await using server = await serverThatBreaks("PATCH");
    await server.objects.apply(configMap);
    expect(server.asked).toEqual(["PATCH", "PATCH"]);
  });

  it("makes an apply of a creation, which may have been carried out", async () => {
    await using server = await serverThatBreaks("POST");
    await server.objects.createOrApply(configMap);
    expect(server.asked).toEqual(["POST", "PATCH"]);
  });
});
