import type { Browser } from "playwright-core";
import { describe, expect, it } from "vitest";
import { expectAskedForPassword, expectDistrusted } from "./browser-visit.ts";

const host = "flux.opencode.example.test";

interface Given {
  status?: number;
  challenge?: string;
  /** What the browser itself says, for instance ERR_CERT_AUTHORITY_INVALID. */
  error?: string;
  /** Its process is gone. */
  hasEnded?: true;
}

/** As much of a browser as one page needs that is opened once. */
function browserThat({ status, challenge, error, hasEnded }: Given): Browser {
  const listeners: ((response: object) => void)[] = [];
  const page = {
    on: (event: string, listener: (response: object) => void) =>
      event === "response" && listeners.push(listener),
    goto: async (url: string) => {
      const response = { url: () => url, status: () => status, headerValue: async () => challenge ?? null };
      if (status !== undefined) for (const listener of listeners) listener(response);
      if (error) throw new Error(`page.goto: net::${error} at ${url}\nCall log:\n  - navigating`);
    },
  };
  return {
    isConnected: () => !hasEnded,
    newContext: async () => ({ newPage: async () => page, close: async () => {} }),
  } as unknown as Browser;
}

describe("expectAskedForPassword", () => {
  it("is content with the question for a password", async () => {
    const asking = {
      status: 401,
      challenge: 'Basic realm="Secure Area"',
      error: "ERR_INVALID_AUTH_CREDENTIALS",
    };
    await expectAskedForPassword(browserThat(asking), host);
  });

  it.each([
    ["a page that anybody may see", { status: 200 }, "has status 200, and no WWW-Authenticate header"],
    ["a refusal without a question", { status: 401 }, "has status 401, and no WWW-Authenticate header"],
    ["another question", { status: 401, challenge: "Bearer" }, "has status 401, and asks for Bearer"],
    ["no answer", { error: "ERR_CONNECTION_RESET" }, "has net::ERR_CONNECTION_RESET at"],
  ])("tells %s", async (_what, given, told) => {
    await expect(expectAskedForPassword(browserThat(given), host)).rejects.toThrow(told);
  });

  it("blames no manifest for a browser that is gone", async () => {
    const gone = browserThat({ error: "ERR_ABORTED", hasEnded: true });
    await expect(expectAskedForPassword(gone, host)).rejects.toMatchObject({ code: "environment" });
  });
});

describe("expectDistrusted", () => {
  it("is content with a browser that knows no such authority", async () => {
    await expectDistrusted(browserThat({ error: "ERR_CERT_AUTHORITY_INVALID" }), host);
  });

  it.each([
    ["a page that is shown all the same", { status: 401, challenge: "Basic realm=x" }, "and has status 401"],
    ["another reason", { error: "ERR_NAME_NOT_RESOLVED" }, "and has net::ERR_NAME_NOT_RESOLVED"],
  ])("tells %s", async (_what, given, told) => {
    await expect(expectDistrusted(browserThat(given), host)).rejects.toThrow(told);
  });
});
