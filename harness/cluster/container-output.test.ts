import { expect, it } from "vitest";
import { withoutFrames } from "./container-output.ts";

it("reads what the engine sends frame by frame, both streams in their order", () => {
  const frame = (stream: number, text: string) => {
    const head = Buffer.alloc(8);
    head[0] = stream;
    head.writeUInt32BE(Buffer.byteLength(text), 4);
    return Buffer.concat([head, Buffer.from(text)]);
  };
  expect(withoutFrames(Buffer.concat([frame(1, "größer\n"), frame(2, "warning\n"), frame(1, "")]))).toBe(
    "größer\nwarning\n",
  );
  expect(withoutFrames(Buffer.alloc(0))).toBe("");
});
