import { expect, it } from "vitest";
import { OperatorContainer } from "./operator-machine.ts";

/** What the engine is asked for. */
class Probe extends OperatorContainer {
  get asked() {
    return { ...this.createOpts, HostConfig: { ...this.hostConfig, NetworkMode: this.networkMode } };
  }
}

const { asked } = new Probe({
  image: "operator:1",
  network: "opencode-harness-run",
  labels: { "opencode-harness.run": "run" },
  interrupted: new AbortController().signal,
});

it("has no right that a foreign command could use", () => {
  expect(asked.User).toBe("1000:1000");
  expect(asked.HostConfig).toMatchObject({
    CapDrop: ["ALL"],
    SecurityOpt: ["no-new-privileges"],
    ReadonlyRootfs: true,
    PidsLimit: 256,
    NetworkMode: "opencode-harness-run",
  });
  expect(asked.HostConfig).not.toMatchObject({ Privileged: true });
});

it("has nothing of the host: no directory, no socket, no port, no variable", () => {
  process.env.CI_SECRET = "of the host";
  const names = (asked.Env ?? []).map((variable) => variable.split("=")[0]);
  delete process.env.CI_SECRET;
  expect(names).toEqual([
    "PATH",
    "HOME",
    "TMPDIR",
    "KUBECONFIG",
    "KUBERC",
    "NODE_EXTRA_CA_CERTS",
    "SSL_CERT_FILE",
  ]);
  const { Binds, Mounts, Devices, PortBindings, PidMode, IpcMode } = asked.HostConfig;
  expect([Binds, Mounts, Devices, PortBindings, PidMode, IpcMode]).toEqual(Array(6).fill(undefined));
});

it("waits for no resolver that it cannot reach", () => {
  expect(asked.HostConfig).toMatchObject({ Dns: ["127.0.0.1"] });
});

it("is found by the run's label when the command was killed", () => {
  expect(asked.Labels).toEqual({ "opencode-harness.run": "run" });
});
