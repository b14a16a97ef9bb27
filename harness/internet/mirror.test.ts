import { expect, it } from "vitest";
import { parse } from "yaml";
import { registriesYaml } from "./mirror.ts";

it("leads every registry to the mirror, those that it has nothing of included", () => {
  const { mirrors, configs } = parse(registriesYaml("/ca.crt"));
  expect(Object.keys(mirrors).sort()).toEqual(["*", "docker.io", "ghcr.io", "quay.io", "registry.k8s.io"]);
  for (const { endpoint } of Object.values(mirrors) as { endpoint: string[] }[]) {
    expect(endpoint).toEqual(["https://mirror"]);
  }
  expect(configs).toEqual({ mirror: { tls: { ca_file: "/ca.crt" } } });
});
