import { describe, expect, it } from "vitest";
import { fakeHost, startFakeOpenCode } from "../workspace/fake-open-code.ts";
import { shownNames } from "./shown-certificate.ts";

describe("shownNames", () => {
  it("reads the names off the wire", async () => {
    await using server = await startFakeOpenCode(() => ({ status: 200 }));
    expect(await shownNames(server.gateway, fakeHost)).toBe(fakeHost);
  });

  it("refuses a certificate for another host", async () => {
    await using server = await startFakeOpenCode(() => ({ status: 200 }));
    await expect(shownNames(server.gateway, "ha.opencode.example.test")).rejects.toThrow(/altnames/);
  });
});
