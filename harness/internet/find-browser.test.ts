import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { findBrowser, hasDisplay } from "./find-browser.ts";

async function pathWith(...names: string[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "browsers-"));
  onTestFinished(() => rm(directory, { recursive: true }));
  for (const name of names) {
    await writeFile(join(directory, name), "#!/bin/sh\n");
    await chmod(join(directory, name), 0o755);
  }
  return directory;
}

it("finds a browser of Chromium's kind, wherever on the path", async () => {
  const [first, second] = [await pathWith("firefox"), await pathWith("google-chrome", "brave-browser")];
  expect(findBrowser([first, second].join(delimiter))).toBe(join(second, "google-chrome"));
  expect(findBrowser(first)).toBeUndefined();
  expect(findBrowser()).toBeUndefined();
});

it("passes over what is no program, and a snap, which reads no profile of ours", async () => {
  const directory = await pathWith();
  await writeFile(join(directory, "chromium"), "", { mode: 0o644 });
  await mkdir(join(directory, "usr"));
  await writeFile(join(directory, "usr/snap"), "", { mode: 0o755 });
  await symlink(join(directory, "usr/snap"), join(directory, "chromium-browser"));
  expect(findBrowser(directory)).toBeUndefined();
});

it("knows a display of either kind", () => {
  expect(hasDisplay({ DISPLAY: ":0" })).toBe(true);
  expect(hasDisplay({ WAYLAND_DISPLAY: "wayland-0" })).toBe(true);
  expect(hasDisplay({ DISPLAY: "" })).toBe(false);
});
