import { link, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { packed } from "./volume-places.ts";

const uid = "0b2c-uid";
const csi = "volumes/kubernetes.io~csi/pvc-1/mount";

it("packs what is on volumes and beside them, and nothing that is seen elsewhere", async () => {
  const directory = await mkdtemp(join(tmpdir(), "pods-"));
  try {
    const seen = [
      `${csi}/auth.json`,
      `${csi}/volume-subpaths/a`,
      "volumes/kubernetes.io~empty-dir/home/.netrc",
    ];
    const elsewhere = [
      "volumes/kubernetes.io~secret/copilot-auth/auth.json",
      "volumes/kubernetes.io~projected/kube-api-access/token",
    ];
    for (const path of [...seen, "etc-hosts", ...elsewhere]) {
      const file = join(directory, uid, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, "text");
    }
    // As the bind mount of a subPath shows it: one file, two names.
    await mkdir(join(directory, uid, "volume-subpaths/data/app/0"), { recursive: true });
    await link(
      join(directory, uid, csi, "auth.json"),
      join(directory, uid, "volume-subpaths/data/app/0/auth.json"),
    );
    const [file = "", ...args] = packed(directory);
    const { stdout } = await execa(file, args, { encoding: "buffer" });
    const { stdout: listed } = await execa("tar", ["-t", "-v", "-f", "-"], { input: stdout });
    const files = listed.split("\n").filter((line) => !line.startsWith("d"));
    const names = files.map((line) => line.replace(/^.* \.\//, "./")).sort();
    expect(names).toEqual([...seen, "etc-hosts"].map((path) => `./${uid}/${path}`).sort());
    expect(files.filter((line) => line.startsWith("h"))).toEqual([]);
  } finally {
    await rm(directory, { recursive: true });
  }
});

it("packs nothing where there is no pod", async () => {
  const directory = await mkdtemp(join(tmpdir(), "pods-"));
  try {
    const [file = "", ...args] = packed(directory);
    expect((await execa(file, args)).stdout).toBe("");
  } finally {
    await rm(directory, { recursive: true });
  }
});
