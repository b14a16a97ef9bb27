import { describe, expect, it, vi } from "vitest";
import { patiently } from "./patiently.ts";

const failing = (code: string) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error(code), { code }) });
const broke = failing("UND_ERR_SOCKET");
const refused = failing("ECONNREFUSED");

describe("a request whose connection fails", () => {
  it.each(["GET", "PATCH", "PUT", "DELETE"])("is sent again when it broke, if it is a %s", async (method) => {
    const send = vi.fn<() => Promise<string>>().mockRejectedValueOnce(broke).mockResolvedValue("answered");
    expect(await patiently(method, send)).toBe("answered");
    expect(send).toHaveBeenCalledTimes(2);
  });

  it("is not sent again when a POST broke, which may have been carried out", async () => {
    const send = vi.fn<() => Promise<string>>().mockRejectedValue(broke);
    await expect(patiently("POST", send)).rejects.toBe(broke);
    expect(send).toHaveBeenCalledTimes(1);
  });

  it("is sent again when a POST never left", async () => {
    const send = vi.fn<() => Promise<string>>().mockRejectedValueOnce(refused).mockResolvedValue("answered");
    expect(await patiently("POST", send)).toBe("answered");
  });

  it("ends at once for what is no failure of a connection", async () => {
    const mistake = new TypeError("x is not a function");
    const send = vi.fn<() => Promise<string>>().mockRejectedValue(mistake);
    await expect(patiently("GET", send)).rejects.toBe(mistake);
    expect(send).toHaveBeenCalledTimes(1);
  });

  it("ends when it is interrupted", async () => {
    const interrupted = new AbortController();
    const send = vi.fn<() => Promise<string>>().mockImplementation(async () => {
      interrupted.abort();
      throw broke;
    });
    await expect(patiently("GET", send, interrupted.signal)).rejects.toThrow(/abort/i);
    expect(send).toHaveBeenCalledTimes(1);
  });
});
