import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it, onTestFinished } from "vitest";
import { startGitHub } from "../../fixtures/github/index.ts";
import { newAuthority } from "../base/index.ts";
import { commitTree, digest } from "./commit.ts";
import { fluxRevision, publish } from "./publish.ts";
import { directoryWith } from "./test-directory.ts";
import { Tree } from "./tree.ts";

const tree = Tree.of([
  ["kubernetes/b.yaml", "b: 1\n"],
  ["kubernetes/a file.yaml", "a: ü\n"],
]);

describe("the commit of a tree", () => {
  it("is the same for the same files, in whatever order they came", async () => {
    expect(
      await digest(Tree.of([...tree.files.keys()].reverse().map((path) => [path, tree.text(path)]))),
    ).toBe(await digest(tree));
  });

  it("is another one as soon as a byte differs", async () => {
    const changed = tree.copy();
    changed.replaceText("kubernetes/b.yaml", "1", "2");
    expect(await digest(changed)).not.toBe(await digest(tree));
  });

  it("holds the files byte for byte", async () => {
    await using committed = await commitTree(tree);
    const { stdout } = await execa("git", ["-C", committed.directory, "show", "main:kubernetes/a file.yaml"]);
    expect(stdout).toBe("a: ü");
  });
});

describe("publishing", () => {
  async function remote() {
    const directory = await directoryWith({});
    const authority = await newAuthority({ dnsNames: ["github.com"], ips: ["127.0.0.1"] });
    const { certPem, keyPem } = await authority.issue({ dnsNames: ["github.com"], ips: ["127.0.0.1"] });
    const github = await startGitHub({
      tls: { certPem, keyPem },
      host: "127.0.0.1",
      root: join(directory, "root"),
    });
    onTestFinished(() => github[Symbol.asyncDispose]());
    await github.repositories.create("jbaker/home-kubernetes", {
      files: { "README.md": "seed\n" },
      tokens: { gitops: "gitops-token-1234" },
    });
    const url = `https://127.0.0.1:${github.port}/jbaker/home-kubernetes.git`;
    return { github, remote: { url, token: "gitops-token-1234", caPem: authority.certPem } };
  }

  it("makes the tree the whole of main, and going back makes the first revision again", async () => {
    const { github, remote: to } = await remote();
    const first = await publish(tree, to);
    expect(first).toBe(fluxRevision(await digest(tree)));
    const changed = tree.copy();
    changed.remove("kubernetes/b.yaml");
    const second = await publish(changed, to);
    expect(second).toBe(`main@sha1:${(await github.repositories.head("jbaker/home-kubernetes")).revision}`);
    expect(await publish(tree, to)).toBe(first);
  });

  it("says what git said when the token is wrong, without the token", async () => {
    const { remote: to } = await remote();
    const failure = await publish(tree, { ...to, token: "wrong-token-5678" }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({
      code: "environment",
      message: expect.stringContaining("cannot be pushed"),
    });
    expect((failure as { details: string }).details).toMatch(/fatal|Authentication|denied/i);
    expect(JSON.stringify(failure)).not.toContain("wrong-token-5678");
  });

  it("refuses a server that another CA vouches for", async () => {
    const { remote: to } = await remote();
    const other = await newAuthority({ dnsNames: ["github.com"], ips: ["127.0.0.1"] });
    await expect(publish(tree, { ...to, caPem: other.certPem })).rejects.toThrow(/cannot be pushed/);
  });
});
