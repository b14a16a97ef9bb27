import { execaSync } from "execa";

/** Namespaces are for root, and not for every root: a container's may not have them. For tests. */
export const mayOpenMachine =
  execaSync("unshare", ["--mount", "--net", "--pid", "--fork", "mount", "-t", "tmpfs", "tmpfs", "/run"], {
    reject: false,
  }).exitCode === 0;
if (!mayOpenMachine) process.stderr.write("not tried: this user may not make namespaces\n");
