import { describe, expect, it } from "vitest";
import { newAuthority } from "../base/index.ts";
import { fakeHost, startFakeOpenCode } from "./fake-open-code.ts";
import { sendThroughGateway } from "./gateway-request.ts";

describe("sendThroughGateway", () => {
  it("asks by the host's name, with credentials and JSON, as a browser does", async () => {
    await using server = await startFakeOpenCode(() => ({ status: 201, text: "made" }));
    const answer = await sendThroughGateway(server.gateway, {
      hostname: fakeHost,
      path: "/session",
      method: "POST",
      auth: "opencode:secret",
      body: { title: "work" },
    });
    expect(answer).toEqual({ status: 201, body: "made" });
    expect(server.asked).toEqual([
      {
        what: "POST /session",
        host: fakeHost,
        authorization: `Basic ${Buffer.from("opencode:secret").toString("base64")}`,
        body: { title: "work" },
      },
    ]);
  });

  it("leaves the credentials out where none are given", async () => {
    await using server = await startFakeOpenCode(() => ({ status: 401 }));
    const { status } = await sendThroughGateway(server.gateway, { hostname: fakeHost, path: "/" });
    expect([status, server.asked[0]?.authorization]).toEqual([401, undefined]);
  });

  it("refuses a certificate for another name", async () => {
    await using server = await startFakeOpenCode(() => ({ status: 200 }));
    const sent = sendThroughGateway(server.gateway, { hostname: "ha.opencode.example.test", path: "/" });
    await expect(sent).rejects.toMatchObject({
      code: "failed",
      message: expect.stringMatching(
        /^GET https:\/\/ha\.opencode\.example\.test\/ through the gateway: .*altname/i,
      ),
    });
    expect(server.asked).toEqual([]);
  });

  it("refuses a certificate of another authority", async () => {
    await using server = await startFakeOpenCode(() => ({ status: 200 }));
    const { certPem } = await newAuthority({ dnsNames: [fakeHost] });
    const sent = sendThroughGateway({ ...server.gateway, caPem: certPem }, { hostname: fakeHost, path: "/" });
    await expect(sent).rejects.toMatchObject({ code: "failed" });
  });

  it("gives up on an answer that does not come", async () => {
    await using server = await startFakeOpenCode(() => "never");
    const sent = sendThroughGateway(server.gateway, { hostname: fakeHost, path: "/", timeoutMs: 100 });
    await expect(sent).rejects.toThrow(/through the gateway: no answer within \d+ ms/);
  });
});
