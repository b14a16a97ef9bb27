import { silent } from "../base/index.ts";
import { startPrivateEngine } from "../engine/index.ts";
import { controlGroup } from "./scene.ts";

/*
 * `node harness/rehearsal/engine.ts`, run inside of a scene: starts an engine that has its network and names from then on, and
 * prints its address. Its containers' control groups are named, since those outlive whatever is killed; systemd, which
 * would name them otherwise, is not asked.
 */
const settings = { "cgroup-parent": `/${controlGroup}`, "exec-opts": ["native.cgroupdriver=cgroupfs"] };
process.stdout.write((await startPrivateEngine(silent, { settings })).host);
