import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startCopilot } from "../../fixtures/copilot/index.ts";
import { startDnsRecorder } from "../../fixtures/dns-recorder/index.ts";
import { startDoppler } from "../../fixtures/doppler/index.ts";
import { startGitHub } from "../../fixtures/github/index.ts";
import { testCertificate } from "../../fixtures/stand-in/test-certificate.ts";
import { ask } from "../../fixtures/stand-in/test-client.ts";
import { CopilotControl, DnsControl, DopplerControl, GitHubControl } from "../internet/index.ts";
import { putStandInsBack } from "./stand-ins-back.ts";

it("the next tree finds no record, request or fault of the one before, and what the world was filled with", async () => {
  await using stack = new AsyncDisposableStack();
  const root = await mkdtemp(join(tmpdir(), "stand-ins-back-"));
  stack.defer(() => rm(root, { recursive: true, force: true }));
  const host = "api.cloudflare.com";
  const options = { tls: await testCertificate(host), host: "127.0.0.1" };
  const recorder = stack.use(await startDnsRecorder(options));
  const started = {
    github: stack.use(await startGitHub({ ...options, root })),
    doppler: stack.use(await startDoppler(options)),
    copilot: stack.use(await startCopilot(options)),
  };
  const accessTo = ({ controlPort, controlToken }: { controlPort: number; controlToken: string }) => ({
    url: `http://127.0.0.1:${controlPort}`,
    token: controlToken,
  });
  const world = {
    github: new GitHubControl(accessTo(started.github)),
    doppler: new DopplerControl(accessTo(started.doppler)),
    copilot: new CopilotControl(accessTo(started.copilot)),
    dns: new DnsControl(accessTo(recorder)),
  };
  await world.doppler.replaceSecrets({ KEY: "value" });
  const filled = await world.doppler.digests();
  const call = (method: string, path: string, body?: unknown) =>
    ask({ port: recorder.port, certPem: options.tls.certPem, host, method, path, body });
  const record = { dnsName: "flux.example.org", recordType: "CNAME", targets: ["internal.example.org"] };
  await call("POST", "/records", { create: [record] });
  expect(await world.dns.records()).toMatchObject([record]);
  await world.dns.fault({ kind: "outage" });

  await putStandInsBack(world);

  expect(await world.dns.records()).toEqual([]);
  expect(await world.dns.changes()).toEqual([]);
  expect(await world.dns.recordedRequests()).toEqual([]);
  expect((await call("GET", "/records")).status).toBe(200);
  expect(await world.doppler.digests()).toEqual(filled);
});
