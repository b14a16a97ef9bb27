import { expect, it } from "vitest";
import { objectStoreAccounts } from "./object-store-accounts.ts";

const minio = { MINIO_ROOT_USER: "root", MINIO_ROOT_PASSWORD: "root-secret" };

it("lets those in who have an account in Doppler", () => {
  const own = { VOLSYNC_MINIO_ACCESS_KEY: "volsync", VOLSYNC_MINIO_SECRET_KEY: "volsync-secret" };
  expect(objectStoreAccounts({ dopplerSecrets: { ...minio, ...own } }, [])).toEqual({
    root: { access: "root", secret: "root-secret" },
    accounts: [{ access: "volsync", secret: "volsync-secret" }],
  });
  expect(objectStoreAccounts({ dopplerSecrets: minio }, []).accounts).toEqual([]);
});

it("lets nobody in where the home has no account", () => {
  const { root, accounts } = objectStoreAccounts({ dopplerSecrets: {} }, []);
  expect(root.secret).toMatch(/^[0-9a-f]{48}$/);
  expect(accounts).toEqual([]);
});

it("lets those in with whose account the tree's backups log in, and takes none for two", () => {
  const dopplerSecrets = { ...minio, R2_ACCESS_KEY_ID: "r2", R2_SECRET: "r2-secret" };
  const asked = [
    { access: "R2_ACCESS_KEY_ID", secret: "R2_SECRET" },
    { access: "MINIO_ROOT_USER", secret: "R2_SECRET" },
    { access: "NOT_THERE", secret: "R2_SECRET" },
  ];
  expect(objectStoreAccounts({ dopplerSecrets }, asked)).toEqual({
    root: { access: "root", secret: "root-secret" },
    accounts: [{ access: "r2", secret: "r2-secret" }],
  });
});
