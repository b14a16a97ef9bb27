import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { fakeHost, startFakeOpenCode } from "../workspace/fake-open-code.ts";
import { shownCertificate, shownNames } from "./shown-certificate.ts";

describe("shownNames", () => {
  it("reads the names off the wire", async () => {
    await using server = await startFakeOpenCode(() => ({ status: 200 }));
    expect(await shownNames(server.gateway, fakeHost)).toBe(fakeHost);
  });

  it("refuses a certificate for another host", async () => {
    await using server = await startFakeOpenCode(() => ({ status: 200 }));
    await expect(shownNames(server.gateway, "ha.opencode.example.test")).rejects.toThrow(/altnames/);
  });

  it("waits no longer for a gateway that takes the connection and says nothing", async () => {
    await using silent = createServer((socket) => socket.on("error", () => {}).resume()).listen(
      0,
      "127.0.0.1",
    );
    await once(silent, "listening");
    const { port } = silent.address() as AddressInfo;
    const gateway = { host: "127.0.0.1", httpsPort: port, caPem: "" };
    await expect(shownCertificate(gateway, fakeHost, 50)).rejects.toThrow("no TLS within 0.05 s");
  });
});
