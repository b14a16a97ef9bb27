import { expect, it } from "vitest";
import type { DockerResult, Engine } from "../engine/index.ts";
import { whyNoRegistry } from "./source.ts";

const engineThat = (docker: () => Promise<DockerResult>) => ({ docker }) as unknown as Engine;
const answering = (exitCode: number | undefined, stderr = "") =>
  engineThat(async () => ({ stdout: "", stderr, exitCode }));

it("has no objection to a registry that answers", async () => {
  expect(await whyNoRegistry(answering(0))).toBeUndefined();
});

it.each([
  [
    "in the engine's last words",
    answering(1, "trying\nlookup registry-1.docker.io: no such host\n"),
    /^lookup .* no such host$/,
  ],
  ["when it takes too long", answering(undefined), /mirrored-pause:.* did not come within 20 s/],
  ["when the engine says nothing", answering(1), /the pull of .* ended with exit code 1/],
  [
    "when the engine itself fails",
    engineThat(() => Promise.reject(new Error("the container engine does not answer any more"))),
    /does not answer any more/,
  ],
])("says why there is none, %s", async (_how, engine, why) => {
  expect(await whyNoRegistry(engine)).toMatch(why);
});
