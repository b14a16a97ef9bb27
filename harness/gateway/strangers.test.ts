import { describe, expect, it } from "vitest";
import { type Answer, type Asked, fakeHost, startFakeOpenCode } from "../workspace/fake-open-code.ts";
import { type DeployedWorkspace, type GatewayAccess, Workspace } from "../workspace/index.ts";
import { expectNothingForWrongHost, expectNothingWithoutPassword } from "./strangers.ts";

const workspaceBehind = (gateway: GatewayAccess) => {
  const login = { name: "opencode-flux", hostname: fakeHost, userName: "opencode", password: "" };
  return {
    name: login.name,
    hostname: async () => fakeHost,
    stranger: async () => new Workspace(login, gateway),
    user: async () => new Workspace({ ...login, password: "right" }, gateway),
  } as DeployedWorkspace;
};

async function withoutPassword(answer: (asked: Asked) => Answer) {
  await using server = await startFakeOpenCode(answer);
  await expectNothingWithoutPassword(workspaceBehind(server.gateway), server.gateway);
  return server.asked.map(({ what }) => what);
}

it("tries page, sessions, events and shell without a password, and with wrong ones", async () => {
  const asked = await withoutPassword(() => ({ status: 401 }));
  expect(new Set(asked)).toEqual(new Set(["GET /", "GET /session", "GET /event", "GET /pty"]));
  expect(asked.filter((what) => what === "GET /pty")).toHaveLength(3);
});

it("tells what is open to anybody", async () => {
  const open = withoutPassword(({ what }) => ({ status: what === "GET /pty" ? 200 : 401 }));
  await expect(open).rejects.toThrow(`https://${fakeHost}/pty answers 200`);
});

it("tells a password that is not compared", async () => {
  const open = withoutPassword(({ authorization }) => ({ status: authorization ? 200 : 401 }));
  await expect(open).rejects.toThrow(/answers 200 with a wrong/);
});

it("takes a certificate that does not cover the wrong host for a refusal", async () => {
  await using server = await startFakeOpenCode(() => ({ status: 200 }));
  await expectNothingForWrongHost(workspaceBehind(server.gateway), server.gateway);
  expect(server.asked).toEqual([]);
});

describe("a host that no route names", () => {
  const wrongHost = async (answer: (asked: Asked) => Answer) => {
    await using server = await startFakeOpenCode(answer, [fakeHost.replace(/^[^.]*/, "nobody")]);
    await expectNothingForWrongHost(workspaceBehind(server.gateway), server.gateway);
  };

  it.each([
    ["the gateway's own word", () => ({ status: 404 })],
    ["the home's page for what is not there", () => ({ status: 404, text: "<html>not here</html>" })],
    ["a page of the home", () => ({ status: 200, text: "<html>welcome</html>" })],
  ])("may show %s", (_what, answer) => wrongHost(answer));

  it.each([
    ["asks for a password", () => ({ status: 401 })],
    [
      "lists sessions",
      ({ what }: Asked) => ({ status: 200, text: what === "GET /session" ? "[]" : "<html>" }),
    ],
  ])("leads to a workspace where it %s", async (_what, answer) => {
    await expect(wrongHost(answer)).rejects.toThrow("a host that is no workspace");
  });
});
