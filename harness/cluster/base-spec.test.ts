import { describe, expect, it } from "vitest";
import { baseSpec, nodeCaFile, trustFiles } from "./base-spec.ts";

const files = new Map(trustFiles("the run's CA").map(({ target, content }) => [target, content]));

describe("what every container of a pod starts from", () => {
  it("has the run's certificate in place of its image's trust store, read-only", () => {
    const mount = baseSpec.mounts.find(({ source }) => source === nodeCaFile);
    expect(mount).toMatchObject({ type: "bind", options: expect.arrayContaining(["ro"]) });
    expect(baseSpec.process.env).toEqual([
      `NODE_EXTRA_CA_CERTS=${mount?.destination}`,
      `SSL_CERT_FILE=${mount?.destination}`,
    ]);
    expect(files.get(nodeCaFile)).toBe("the run's CA");
  });

  it("gives no more rights than containerd's own default", () => {
    expect(baseSpec.process.capabilities.bounding).not.toContain("CAP_SYS_ADMIN");
    expect(baseSpec.linux.resources.devices).toEqual([{ allow: false, access: "rwm" }]);
    expect(baseSpec.process.noNewPrivileges).toBe(true);
  });

  it("is what containerd is told to take, by k3s's own means", () => {
    const [spec = ""] = [...files.keys()].filter((target) => target.endsWith(".json"));
    const [dropIn = ""] = [...files.keys()].filter((target) => target.endsWith("harness.toml"));
    const [template = ""] = [...files.keys()].filter((target) => target.endsWith(".tmpl"));
    expect(JSON.parse(files.get(spec) ?? "")).toEqual(baseSpec);
    expect(files.get(dropIn)).toContain(`base_runtime_spec = "${spec}"`);
    expect(files.get(template)).toMatch(/^imports = .*\n\{\{ template "base" \. \}\}\n$/);
    expect(files.get(template)).toContain(dropIn.replace(/[^/]+$/, "*.toml"));
  });
});
