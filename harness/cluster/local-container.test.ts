import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkoutDir } from "../base/index.ts";
import { publishLocally } from "./local-container.ts";

const bound = (host: string) => {
  const options: { PortBindings: Record<string, { HostIp?: string; HostPort: string }[]> } = {
    PortBindings: { "443/tcp": [{ HostPort: "0" }], "8080/tcp": [{ HostPort: "0" }] },
  };
  publishLocally(options, host);
  return Object.values(options.PortBindings)
    .flat()
    .map(({ HostIp }) => HostIp);
};

describe("what a container publishes", () => {
  it.each(["localhost", "127.0.0.1", "127.0.1.1"])("is for this machine alone (%s)", (host) => {
    expect(bound(host)).toEqual(["127.0.0.1", "127.0.0.1"]);
  });

  it("is where the engine is, when that is elsewhere", () => {
    expect(bound("docker.example.org")).toEqual([undefined, undefined]);
  });
});

it("is so for every container that the harness starts", () => {
  const sources = globSync("harness/**/*.ts", { cwd: checkoutDir });
  const open = sources.filter((file) =>
    /(extends|new) (GenericContainer|K3sContainer)\b/.test(readFileSync(join(checkoutDir, file), "utf8")),
  );
  // The server extends another class, and does the same: see node-containers.ts.
  expect(open.filter((file) => !file.endsWith(".test.ts")).sort()).toEqual([
    "harness/cluster/local-container.ts",
    "harness/cluster/node-containers.ts",
  ]);
  const server = readFileSync(join(checkoutDir, "harness/cluster/node-containers.ts"), "utf8");
  expect(server).toContain("publishLocally(this.hostConfig");
});
