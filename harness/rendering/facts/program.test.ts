import { expect, it } from "vitest";
import { Objects } from "./objects.ts";
import { programOf } from "./program.ts";
import { deployment, object, treeOf } from "./test-workload.ts";
import { workloadsIn } from "./workload.ts";

it("has the scripts that a container runs, and not the files that those copy", () => {
  const files = object("ConfigMap", "files", {
    data: {
      "start.sh": "cp /s/opencode.json /etc; . /s/more; xargs git clone < /s/list.txt",
      more: "umask 077",
      "list.txt": "https://github.com/somebody/code",
      "opencode.json": "$schema",
    },
  });
  const container = {
    command: ["sh", "/s/start.sh"],
    volumeMounts: [{ name: "s", mountPath: "/s" }],
  };
  const volumes = [{ name: "s", configMap: { name: "files" } }];
  const tree = treeOf([files, deployment({ containers: [container], volumes })]);
  const [workload] = workloadsIn(tree);
  const [app] = workload?.pod.containers ?? [];
  if (!workload || !app) throw new Error("the tree has no workload");
  const { text } = programOf(workload, app, new Objects(tree));
  expect(text).toMatch(/umask 077/);
  expect(text).toMatch(/somebody\/code/);
  expect(text).not.toMatch(/schema/);
});
