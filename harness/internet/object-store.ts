import { type StartedNetwork, Wait } from "testcontainers";
import { HarnessError, type Progress, objectStorePort as port } from "../base/index.ts";
import { execInContainer, NetworkedContainer } from "../cluster/index.ts";
import { objectStoreNames } from "./names.ts";

/** Who may read and write objects: a name and its secret. */
export interface ObjectStoreAccount {
  access: string;
  secret: string;
}

export interface ObjectStoreOptions {
  /** An image with the program versitygw. */
  image: string;
  network: StartedNetwork;
  labels: Record<string, string>;
  /** The owner of all buckets, as MinIO's root user is. */
  root: ObjectStoreAccount;
  /** More that may do everything. */
  accounts: readonly ObjectStoreAccount[];
  progress: Progress;
}

/** The home's bucket of backups. */
const bucket = "volsync";

export interface ObjectStore {
  /** On the cluster's network. */
  ip: string;
  containerId: string;
}

/**
 * The house's own object store, over plain HTTP as at home; its content lives in memory and goes with the run.
 *
 * Stands in for MinIO. Alike: S3's API, signatures, accounts, the bucket for backups. Not alike: it is versitygw, which
 * keeps objects as files and knows none of MinIO's policies; every account may do everything.
 */
export async function startObjectStore(options: ObjectStoreOptions): Promise<ObjectStore> {
  const { image, network, labels, root, accounts, progress } = options;
  const container = await progress.task(`stand-in for ${objectStoreNames.join(", ")}`, () =>
    new NetworkedContainer(image, network, "object-store", ...objectStoreNames)
      .withLabels(labels)
      .withCommand(["posix", "/data"])
      .withTmpFs({ [`/data/${bucket}`]: "rw", "/meta": "rw" })
      .withEnvironment({
        VGW_PORT: `:${port}`,
        VGW_HEALTH: "/health",
        VGW_IAM_DIR: "/iam",
        // The engine's file systems may keep no extended attributes.
        VGW_META_SIDECAR: "/meta",
        ROOT_ACCESS_KEY_ID: root.access,
        ROOT_SECRET_ACCESS_KEY: root.secret,
      })
      .withCopyContentToContainer([
        { content: accountsFile(accounts), target: "/iam/users.json", mode: 0o600 },
      ])
      .withExposedPorts(port)
      .withWaitStrategy(Wait.forHttp("/health", port, { abortOnContainerExit: true }))
      .withStartupTimeout(60_000)
      .start(),
  );
  return { ip: container.getIpAddress(network.getName()), containerId: container.getId() };
}

/**
 * Takes every object away; the buckets stay.
 *
 * @throws HarnessError `environment` when that fails.
 */
export async function emptyObjectStore(containerId: string): Promise<void> {
  // Objects are files below the bucket, what is known of them lies below /meta, and uploads in a folder of versitygw's.
  const script = "rm -rf /data/*/* /data/*/.sgwtmp /meta/*";
  const { exitCode, output } = await execInContainer(containerId, ["sh", "-c", script]);
  if (exitCode === 0) return;
  throw new HarnessError("the object store could not be emptied", { code: "environment", details: output });
}

/** As versitygw keeps its accounts. */
export function accountsFile(accounts: readonly ObjectStoreAccount[]): string {
  const pairs = accounts.map(({ access, secret }) => [access, { access, secret, role: "admin" }]);
  return JSON.stringify({ accessAccounts: Object.fromEntries(pairs) });
}
