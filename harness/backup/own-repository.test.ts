import { expect, it } from "vitest";
import { sharedIn } from "./own-repository.ts";

it("finds two workspaces with one repository, also where one address ends with a slash", () => {
  expect(sharedIn(["s3:x/a", "s3:x/b"])).toBeUndefined();
  expect(sharedIn(["s3:x/a", "s3:x/b", "s3:x/b/"])).toEqual([1, 2]);
});
