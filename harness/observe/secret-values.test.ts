import { generateKeyPairSync } from "node:crypto";
import ssh2 from "ssh2";
import { describe, expect, it } from "vitest";
import { LeakIndex } from "./leak-index.ts";
import { LeakScan } from "./leak-scan.ts";
import { type Secret, secretsIn } from "./secret-values.ts";

const random = "T4mZk8BfY69pQ2vXw7Lr1cDe";

/** The random values in one entry of a Secret. */
function valuesOf(entries: Record<string, string>, name = "one", type = "Opaque"): Secret[] {
  const data = Object.fromEntries(
    Object.entries(entries).map(([key, value]) => [key, Buffer.from(value).toString("base64")]),
  );
  return secretsIn([{ metadata: { namespace: "opencode", name }, type, data }]);
}

/** As `openssl genpkey -aes256` writes it: encrypted PKCS#8. */
function withPassphrase(): string {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const options = { format: "pem", type: "pkcs8", cipher: "aes-256-cbc", passphrase: random } as const;
  return privateKey.export(options).toString();
}

/** Head and lines as `ssh-keygen` writes them; the bytes are no key. */
const openSsh = [
  "-----BEGIN OPENSSH PRIVATE KEY-----",
  "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQAAAAAAAAABAAAAMwAAAAtzc2gtZW",
  `QyNTUxOQAAACDv${random.repeat(2)}`,
  `${random}Gg==`,
  "-----END OPENSSH PRIVATE KEY-----",
  "",
].join("\n");

const told = (secrets: Secret[]) => secrets.map(({ name, bytes }) => `${name}: ${bytes}`);

function isSeen(secrets: Secret[], text: string): boolean {
  const scan = new LeakScan(new LeakIndex(secrets));
  scan.feed(Buffer.from(text));
  return scan.sightings().length > 0;
}

describe("the random values in a Secret", () => {
  it("are its entries, named by object and key, and the same value once", () => {
    const secrets = valuesOf({ PASSWORD: random, AGAIN: random });
    expect(told(secrets)).toEqual([`PASSWORD of Secret opencode/one: ${random}`]);
    expect(secrets[0]?.holders).toEqual(["opencode/one PASSWORD", "opencode/one AGAIN"]);
  });

  it("in an auth.json are the credentials, not the structure around them", () => {
    const login = {
      type: "oauth",
      refresh: `gho_${random}`,
      access: `tid=${random}`,
      url: "https://api.github.com/v3",
    };
    const auth = JSON.stringify({ "github-copilot": login });
    const secrets = valuesOf({ AUTH: auth });
    expect(told(secrets)).toEqual([
      `github-copilot.refresh in AUTH of Secret opencode/one: gho_${random}`,
      `github-copilot.access in AUTH of Secret opencode/one: tid=${random}`,
    ]);
    expect(isSeen(secrets, auth)).toBe(true);
    expect(isSeen(secrets, auth.replaceAll(random, ""))).toBe(false);
  });

  it("leave out the path behind a random value", () => {
    expect(told(valuesOf({ REPOSITORY: `s3:https://minio/${random}/opencode-flux` }))).toEqual([
      `REPOSITORY of Secret opencode/one: ${random}`,
    ]);
  });

  it("are not certificates, names, or Helm's stored releases", () => {
    expect(valuesOf({ "tls.crt": random, "ca.crt": random })).toEqual([]);
    expect(valuesOf({ release: random }, "sh.helm.release.v1.x.v1", "helm.sh/release.v1")).toEqual([]);
    expect(valuesOf({ short: "opencode" })).toEqual([]);
  });
});

describe("a private key", () => {
  it.each([
    ["RSA", generateKeyPairSync("rsa", { modulusLength: 2048 }), "pkcs1"],
    ["EC", generateKeyPairSync("ec", { namedCurve: "P-256" }), "pkcs8"],
  ] as const)(
    "(%s) is seen in its PEM text and in its Secret, and its certificate's half is not",
    (_kind, pair, type) => {
      const pem = pair.privateKey.export({ format: "pem", type }).toString();
      const secrets = valuesOf({ "tls.key": pem });
      expect(isSeen(secrets, pem)).toBe(true);
      expect(isSeen(secrets, pem.replaceAll("\n", "\\n"))).toBe(true);
      expect(isSeen(secrets, Buffer.from(pem).toString("base64"))).toBe(true);
      expect(isSeen(secrets, pair.publicKey.export({ format: "pem", type: "spki" }).toString())).toBe(false);
      const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
      expect(isSeen(secrets, other.export({ format: "pem", type: "pkcs8" }).toString())).toBe(false);
    },
  );

  it("of OpenSSH's own format is its number, and not what all such keys have in common", () => {
    const [mine, theirs] = [1, 2].map(() => ssh2.utils.generateKeyPairSync("ed25519"));
    const secrets = valuesOf({ id: mine?.private ?? "" });
    expect(isSeen(secrets, mine?.private ?? "")).toBe(true);
    expect(isSeen(secrets, Buffer.from(mine?.private ?? "").toString("base64"))).toBe(true);
    expect(isSeen(secrets, mine?.public ?? "")).toBe(false);
    expect(isSeen(secrets, theirs?.private ?? "")).toBe(false);
  });

  it.each([
    ["with a passphrase", withPassphrase()],
    ["of OpenSSH that is none", openSsh],
    ["of nobody", `-----BEGIN PRIVATE KEY-----\n${random.repeat(3)}\n-----END PRIVATE KEY-----\n`],
  ])("%s is seen by the lines of its PEM text, and a certificate beside it is not", (_whose, pem) => {
    const certificate = `-----BEGIN CERTIFICATE-----\n${[...random].reverse().join("")}\n-----END CERTIFICATE-----\n`;
    const secrets = valuesOf({ identity: `${certificate}${pem}` });
    expect(secrets[0]?.name).toBe("a line in identity of Secret opencode/one");
    expect(isSeen(secrets, pem)).toBe(true);
    expect(isSeen(secrets, Buffer.from(pem).toString("base64"))).toBe(true);
    expect(isSeen(secrets, certificate)).toBe(false);
    // What says of which kind it is stands in each of its kind.
    expect(isSeen(secrets, withPassphrase().split("\n").slice(0, 2).join("\n"))).toBe(false);
  });

  it("that ends nowhere is searched for as it stands", () => {
    const cut = `-----BEGIN PRIVATE KEY-----\n${random}`;
    expect(told(valuesOf({ identity: cut }))).toEqual([`identity of Secret opencode/one: ${cut}`]);
  });
});
