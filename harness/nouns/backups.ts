/** Backups of the workspaces, and a lost volume that comes back from one. */
export {
  expectBackedUp,
  expectOwnRepositories,
  expectRestored,
  newestBackup as newest,
  restoreBy,
  takeBackup as take,
  whileItWrites,
} from "../backup/index.ts";
