import { describe, expect, it } from "vitest";
import { runOnItsOwn } from "./on-its-own.ts";

describe("what runs on its own", () => {
  it("collects no garbage until it has much, and before it is ended for that", async () => {
    const { text } = await runOnItsOwn("/bin/sh", ["-c", 'echo "$GOGC $GOMEMLIMIT"'], "/");
    expect(text).toBe("off 512MiB\n");
  });
});
