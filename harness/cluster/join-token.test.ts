import { expect, it } from "vitest";
import { redact } from "../base/index.ts";
import { joinToken } from "./join-token.ts";

it("is another one each time, and known to the redactor", () => {
  const [one, other] = [joinToken(), joinToken()];
  expect(one).not.toBe(other);
  expect(redact(`K3S_TOKEN=${one}`)).toBe("K3S_TOKEN=[redacted K3S_TOKEN]");
});
