import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { engineFacts } from "./engine-facts.ts";

async function engine(answers: Record<string, unknown>): Promise<string> {
  const server = createServer(({ url }, response) => {
    const found = answers[url ?? ""];
    response.writeHead(found === undefined ? 404 : 200).end(JSON.stringify(found ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const info = {
  ServerVersion: "28.5.1",
  Architecture: "x86_64",
  OperatingSystem: "Docker Desktop",
  CgroupVersion: "2",
  SecurityOptions: ["name=seccomp,profile=builtin", "name=cgroupns"],
};

it("reads what Docker says of itself", async () => {
  const host = await engine({ "/info": info, "/version": { Components: [{ Name: "Engine" }] } });
  expect(await engineFacts(host)).toEqual({
    kind: "Docker",
    version: "28.5.1",
    architecture: "x86_64",
    operatingSystem: "Docker Desktop",
    isRootless: false,
    cgroups: "v2",
  });
});

it("knows Podman, and one that runs without root", async () => {
  const host = await engine({
    "/info": { ...info, SecurityOptions: ["name=seccomp", "name=rootless"] },
    "/version": { Components: [{ Name: "Podman Engine" }] },
  });
  expect(await engineFacts(host)).toMatchObject({ kind: "Podman", isRootless: true });
});

it("is nothing where no engine answers", async () => {
  expect(await engineFacts("tcp://127.0.0.1:1")).toBeUndefined();
  expect(await engineFacts("ssh://elsewhere")).toBeUndefined();
});
