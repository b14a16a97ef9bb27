import { expect, it } from "vitest";
import { listingOf } from "./listing.ts";
import { testListing } from "./test-listing.ts";

it("reads the backup and its files, and passes restic's other words over", () => {
  const output = [
    "repository 1b2c opened (version 2, compression level auto)",
    '{"time":"2026-01-01T10:00:00.5Z","paths":["/data"],"id":"0123abcd","short_id":"0123","struct_type":"snapshot"}',
    '{"name":"auth.json","type":"file","path":"/opencode-data/auth.json","uid":1000,"gid":568,"permissions":"-rw-rw----","struct_type":"node"}',
  ];
  expect(listingOf(output.join("\n"))).toEqual(
    testListing({ "/opencode-data/auth.json": { gid: 568, permissions: "-rw-rw----" } }),
  );
});

it("says that there is no backup", () => {
  expect(() => listingOf("no snapshot found")).toThrow("restic lists no backup");
});
