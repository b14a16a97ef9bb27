import { it } from "vitest";
import { coder, expectSilence, text } from "../test-check.ts";

it("has no doubt about an account whose token nobody gets", async () => {
  await expectSilence("fixtures/trees/statefulset", [
    // OpenCode's configuration, too, is on the claim.
    text(
      coder("statefulset.yaml"),
      "            - name: XDG_DATA_HOME\n",
      "            - name: XDG_CONFIG_HOME\n              value: /data/config\n            - name: XDG_DATA_HOME\n",
    ),
    text(
      coder("statefulset.yaml"),
      "      automountServiceAccountToken: false\n",
      "      serviceAccountName: coder\n",
    ),
    text(
      coder("kustomization.yaml"),
      "  - ./statefulset.yaml\n",
      "  - ./statefulset.yaml\n  - ./account.yaml\n",
    ),
    (tree) =>
      tree.add(
        coder("account.yaml"),
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: { name: coder }\nautomountServiceAccountToken: false\n",
      ),
  ]);
});
