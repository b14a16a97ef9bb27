import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { Tree } from "../gitops/index.ts";
import { whereIsIn } from "./where-is.ts";

const path = "kubernetes/apps/opencode/opencode-flux/app/helmrelease.yaml";
const text =
  "---\n# a comment\nkind: HelmRelease\nmetadata:\n  name: opencode-flux\nspec:\n  # why\n  interval: 30m\n";
const place = { kind: "HelmRelease", name: "opencode-flux", field: ["spec", "interval"] };
const fileOf = (path: string) => join(process.cwd(), "other", "tree", path);

describe("whereIsIn", () => {
  const read = Tree.of([[path, text]]);

  it("gives the line on disk, by the path from the current directory", () => {
    expect(whereIsIn({ read, fileOf, published: read.copy() }, [place])).toMatchObject([
      { told: `other/tree/${path}:8 (HelmRelease opencode-flux, spec.interval)` },
    ]);
  });

  it("shows the lines around it, with their numbers", () => {
    const [found] = whereIsIn({ read, fileOf, published: read.copy() }, [place]);
    expect(found?.excerpt).toEqual({
      file: `other/tree/${path}`,
      line: 8,
      firstLine: 4,
      lines: ["metadata:", "  name: opencode-flux", "spec:", "  # why", "  interval: 30m"],
    });
  });

  it("says so when the line is that of a file which a mutant has edited", () => {
    const published = read.copy();
    published.editObject({ kind: "HelmRelease", name: "opencode-flux" }, (object) => {
      (object.spec as Record<string, unknown>).interval = "1m";
    });
    expect(whereIsIn({ read, fileOf, published, mutant: "hasty" }, [place])).toMatchObject([
      { told: `other/tree/${path}:8 (HelmRelease opencode-flux, spec.interval; as mutant hasty edits it)` },
    ]);
  });

  it("names a directory without a line", () => {
    const bare = Tree.of([["kubernetes/apps/opencode/notes.txt", ""]]);
    expect(whereIsIn({ read: bare, fileOf, published: bare }, [place])).toEqual([
      { told: expect.stringMatching(/^other\/tree\/kubernetes\/apps\/opencode\/ \(there is no HelmRelease/) },
    ]);
  });
});
