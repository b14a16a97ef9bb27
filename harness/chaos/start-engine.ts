import { silent } from "../base/index.ts";
import { startPrivateEngine } from "../engine/index.ts";
import { controlGroup } from "./ground.ts";

/*
 * `node harness/chaos/start-engine.ts`, run inside of the machine: starts the engine of this cache and prints its address.
 * Its containers' control groups are named, since those outlive whatever is killed.
 */
const settings = { "cgroup-parent": `/${controlGroup}`, "exec-opts": ["native.cgroupdriver=cgroupfs"] };
process.stdout.write((await startPrivateEngine(silent, { settings })).host);
