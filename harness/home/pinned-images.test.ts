import { expect, it } from "vitest";
import { pinnedImages } from "./pinned-images.ts";

const digest = `sha256:${"a1".repeat(32)}`;

it("finds the images that are pinned by digest, as containerd calls them", () => {
  const containers = [
    `ghcr.io/anomalyco/opencode:1.18.34@${digest}`,
    `ghcr.io/anomalyco/opencode:1.18.34@${digest}`,
    `alpine/git@${digest}`,
    `localhost:5000/own:1@${digest}`,
    "docker.io/alpine/git:v2.49.1",
  ].map((image) => ({ image }));
  const objects = [{ object: { kind: "Deployment", spec: { template: { spec: { containers } } } } }];
  expect(
    pinnedImages({ ofWorkspaces: [{ objects }] } as unknown as Parameters<typeof pinnedImages>[0]),
  ).toEqual([
    { name: `ghcr.io/anomalyco/opencode@${digest}`, tagged: "ghcr.io/anomalyco/opencode:1.18.34" },
    { name: `docker.io/alpine/git@${digest}` },
    { name: `localhost:5000/own@${digest}`, tagged: "localhost:5000/own:1" },
  ]);
});
