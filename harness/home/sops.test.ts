import { createDecipheriv, createHash } from "node:crypto";
import { armor, Decrypter, generateIdentity, identityToRecipient } from "age-encryption";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { redact } from "../base/index.ts";
import { encrypt, isSopsFile, withValues } from "./sops.ts";
import { SopsValues } from "./sops-values.ts";

const sealed = `# the owner's
apiVersion: v1
kind: Secret
metadata:
  name: cluster-secrets
stringData:
  SECRET_DOMAIN: ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]
data:
  KEY: ENC[AES256_GCM,data:x,iv:x,tag:x,type:str]
sops:
  version: 3.9.4
`;

it("knows what SOPS has encrypted from what only speaks of it", () => {
  expect(isSopsFile(sealed)).toBe(true);
  expect(isSopsFile("kind: Kustomization\nspec: {decryption: {provider: sops}}\n")).toBe(false);
});

it("puts values in the place of the owner's, in base64 where Kubernetes wants that", () => {
  const plain = withValues(sealed, ({ secret, key }) => `${secret} ${key}`);
  expect(parse(plain)).toEqual({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: "cluster-secrets" },
    stringData: { SECRET_DOMAIN: "cluster-secrets SECRET_DOMAIN" },
    data: { KEY: Buffer.from("cluster-secrets KEY").toString("base64") },
  });
});

it("takes each document of a file for itself, and an empty one for nothing", () => {
  const two = `---\n${sealed}---\n${sealed.replace("cluster-secrets", "tokens")}---\n`;
  const plain = withValues(two, ({ secret, key }) => `${secret} ${key}`);
  expect(plain.split("---\n").map((one) => parse(one).stringData)).toEqual([
    { SECRET_DOMAIN: "cluster-secrets SECRET_DOMAIN" },
    { SECRET_DOMAIN: "tokens SECRET_DOMAIN" },
  ]);
  expect(plain).not.toMatch(/ENC|sops/);
});

/** As SOPS opens it: the data key by age, each value by the way to it, the MAC over all of them in order. */
async function opened(text: string, identity: string) {
  const { sops, ...document } = parse(text);
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity);
  const key = await decrypter.decrypt(armor.decode(sops.age[0].enc));
  const open = (value: string, additional: string) => {
    const [, data = "", iv = "", tag = ""] = /data:(.*),iv:(.*),tag:(.*),type:str/.exec(value) ?? [];
    const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(iv, "base64"));
    decipher.setAAD(Buffer.from(additional)).setAuthTag(Buffer.from(tag, "base64"));
    return Buffer.concat([decipher.update(Buffer.from(data, "base64")), decipher.final()]).toString();
  };
  return { sops, document, open };
}

it("encrypts values alone, for the recipient, with a MAC over everything", async () => {
  const identity = await generateIdentity();
  const plain = withValues(sealed, () => "a value");
  const { sops, document, open } = await opened(
    await encrypt(plain, await identityToRecipient(identity), new Date("2026-01-01T00:00:00.5Z")),
    identity,
  );
  expect(document.metadata.name).toBe("cluster-secrets");
  expect(open(document.stringData.SECRET_DOMAIN, "stringData:SECRET_DOMAIN:")).toBe("a value");
  const encoded = Buffer.from("a value").toString("base64");
  expect(open(document.data.KEY, "data:KEY:")).toBe(encoded);
  const values = ["v1", "Secret", "cluster-secrets", "a value", encoded].join("");
  expect(sops.lastmodified).toBe("2026-01-01T00:00:00Z");
  expect(open(sops.mac, sops.lastmodified)).toBe(
    createHash("sha512").update(values).digest("hex").toUpperCase(),
  );
});

it("encrypts each document of a file by itself, as Flux opens objects", async () => {
  const identity = await generateIdentity();
  const two = withValues(`${sealed}---\n${sealed}`, () => "a value");
  const parts = (await encrypt(two, await identityToRecipient(identity))).split(/^---$/m);
  expect(parts).toHaveLength(2);
  for (const part of parts) {
    const { document, open } = await opened(part, identity);
    expect(open(document.stringData.SECRET_DOMAIN, "stringData:SECRET_DOMAIN:")).toBe("a value");
  }
});

it("gives a run that goes on the values that it had", () => {
  const first = new SopsValues({});
  const key = { secret: "cluster-secrets", key: "TOKEN" };
  const value = first.valueFor(key);
  expect(new SopsValues({}, first.all).valueFor(key)).toBe(value);
  expect(new SopsValues({}).valueFor(key)).not.toBe(value);
});

it("lets the redactor know what it makes up, and what it goes on with, but no domain and nothing that is given", () => {
  const first = new SopsValues({ GIVEN: "as outside.yaml has it" });
  const valueFor = (key: string) => first.valueFor({ secret: "cluster-secrets", key });
  const made = valueFor("TOKEN");
  expect(redact(`a ${made} b`)).toBe("a [redacted cluster-secrets_TOKEN] b");
  expect(redact(Buffer.from(made).toString("base64"))).not.toContain(Buffer.from(made).toString("base64"));
  const open = [
    valueFor("SECRET_DOMAIN"),
    valueFor("SECRET_ACME_EMAIL"),
    valueFor("GATEWAY_ADDR"),
    valueFor("GIVEN"),
  ];
  expect(open.map(redact)).toEqual(open);
  const kept = "0123456789abcdef0123456789abcdef0123";
  new SopsValues({}, [["tokens/KEY", kept]]);
  expect(redact(kept)).toBe("[redacted tokens_KEY]");
});
