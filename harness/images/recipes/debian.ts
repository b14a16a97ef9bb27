import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheDir, HarnessError } from "../../base/index.ts";
import { debianMirror, sourcesFile, unpackDebianPackages } from "../../engine/index.ts";
import type { Component } from "../component.ts";
import { versions } from "../versions.ts";

/** What the Debian roots hold beyond minbase. The real images are larger or smaller; these are what is called. */
export const rootPackages = {
  base: "bash busybox-static ca-certificates curl docker-registry e2fsprogs git mount musl openssh-client procps util-linux wget",
  "node-base":
    "busybox-static ca-certificates conntrack containerd containernetworking-plugins curl e2fsprogs ethtool etcd-server iproute2 iptables kmod mount procps runc socat util-linux",
  /** fonts-dejavu-core: without any font a page has no letters. */
  "browser-base": "chromium fonts-dejavu-core libnss3-tools",
} as const;

export type DebianRoot = keyof typeof rootPackages;

/** Documentation and translations are a third of a small root. */
const leftOut = ["/usr/share/doc/*", "/usr/share/man/*", "/usr/share/locale/*", "/usr/share/info/*"];

/** What Chromium's packages bring for drawing with a graphics card, 200 MB; without a screen it draws by itself. */
const leftOutOf: Partial<Record<DebianRoot, string[]>> = {
  "browser-base": [
    "/usr/lib/*/libLLVM*",
    "/usr/lib/*/libgallium*",
    "/usr/lib/*/libz3*",
    "/usr/lib/*/dri/*",
    "/usr/lib/*/gbm/*",
    "/usr/lib/chromium/libVkLayer*",
  ],
};

/** mmdebstrap itself, unpacked into the cache: the system's packages stay as they are. */
export const mmdebstrap: Component = {
  name: "mmdebstrap",
  needs: [],
  inputs: [{ text: "1" }],
  output: "directory",
  build: async ({ directory, task, signal }) => {
    task.update("fetching from Debian");
    const root = join(directory, "root");
    await unpackDebianPackages(["mmdebstrap"], root, join(directory, "apt"), signal);
    if (!existsSync(join(root, "usr/bin/mmdebstrap"))) throw new Error("apt brought no mmdebstrap");
  },
};

/** A Debian root made by mmdebstrap, as a base image. */
export function debianRoot(root: DebianRoot): Component {
  const packages = rootPackages[root];
  const paths = [...leftOut, ...(leftOutOf[root] ?? [])];
  return {
    name: `debian ${root}`,
    needs: [],
    tools: [mmdebstrap.name],
    inputs: [{ text: packages }, { text: versions.debian }, { text: paths.join() }],
    output: "image",
    build: async ({ directory, output, outputOf, run, docker, task }) => {
      requireRoot();
      const programs = join(outputOf(mmdebstrap.name), "root/usr/bin");
      const mirror = await debianMirror();
      const sources = join(directory, "debian.sources");
      if (mirror !== undefined) await writeFile(sources, sourcesFile(mirror, [versions.debian]));
      const tar = join(directory, "root.tar");
      const options = [
        "--mode=root",
        "--variant=minbase",
        "--format=tar",
        `--include=${packages.replaceAll(" ", ",")}`,
        ...paths.map((path) => `--dpkgopt=path-exclude=${path}`),
      ];
      task.update(`installing ${packages.split(" ").length} packages`);
      await run(
        join(programs, "mmdebstrap"),
        [...options, versions.debian, tar, ...(mirror === undefined ? [] : [sources])],
        // It looks for its companion mmtarfilter on PATH; its scratch root goes where an interrupted build is cleaned.
        { env: { PATH: `${programs}:${process.env.PATH}`, TMPDIR: directory } },
      );
      await docker(["import", tar, output]);
    },
  };
}

/** The same packages on the release's own image, where a registry answers. */
export function debianRootFromRegistry(root: DebianRoot): Component {
  const recipe = ["ARG RELEASE", "FROM docker.io/library/debian:$RELEASE-slim", "ARG PACKAGES"].concat(
    "RUN apt-get update && apt-get install -y --no-install-recommends $PACKAGES && rm -rf /var/lib/apt/lists/*",
  );
  return {
    name: `debian ${root}`,
    needs: [],
    inputs: [{ text: recipe.join("\n") }, { text: rootPackages[root] }, { text: versions.debian }],
    output: "image",
    build: async ({ directory, output, docker }) => {
      await writeFile(join(directory, "Dockerfile"), `${recipe.join("\n")}\n`);
      const args = [`RELEASE=${versions.debian}`, `PACKAGES=${rootPackages[root]}`];
      const buildArgs = args.flatMap((arg) => ["--build-arg", arg]);
      // The host's network: on its own bridge the private engine leads nowhere.
      await docker(["build", "--network", "host", ...buildArgs, "--tag", output, directory]);
    },
  };
}

function requireRoot(): void {
  if (process.getuid?.() === 0) return;
  throw new HarnessError("images can be built from Debian packages by root only", {
    code: "environment",
    remedy: `Run as root, or with a registry that answers (--images registry). The cache is ${cacheDir()}.`,
  });
}
