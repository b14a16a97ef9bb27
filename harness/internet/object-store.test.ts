import { expect, it } from "vitest";
import { accountsFile } from "./object-store.ts";

it("writes its accounts as versitygw reads them", () => {
  expect(JSON.parse(accountsFile([{ access: "volsync", secret: "s" }]))).toEqual({
    accessAccounts: { volsync: { access: "volsync", secret: "s", role: "admin" } },
  });
});
