import ssh2 from "ssh2";
import { describe, expect, it } from "vitest";
import { generateSecret, shownToGitHub } from "./generate-secret.ts";

describe("a deploy key", () => {
  it.each([false, true])(
    "is a key of OpenSSH's, of which GitHub is told the public half (base64: %s)",
    (base64) => {
      const stored = generateSecret({ shape: "ssh-key", base64 });
      const plain = base64 ? Buffer.from(stored, "base64").toString() : stored;
      const key = ssh2.utils.parseKey(plain);
      if (key instanceof Error) throw key;
      expect(key.isPrivateKey()).toBe(true);
      expect(shownToGitHub(stored, { base64 })).toBe(`ssh-ed25519 ${key.getPublicSSH().toString("base64")}`);
    },
  );
});

it("tells GitHub a token as it is", () => {
  expect(shownToGitHub("ghp_abc")).toBe("ghp_abc");
});
