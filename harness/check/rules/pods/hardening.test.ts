import { it } from "vitest";
import { type Edit, expectFound, expectUntold, fluxRelease, release, text } from "../test-check.ts";

/** Another securityContext of OpenCode's container. */
const context = (file: string, to: string): Edit =>
  text(
    file,
    "            securityContext: *securityContext\n            resources:\n              requests:",
    `${to}            resources:\n              requests:`,
  );
const all = "allowPrivilegeEscalation: false, capabilities: { drop: [ALL] }";

it("finds that OpenCode's container may do more than its helpers", () =>
  expectFound("manifests", [
    [
      context(fluxRelease, ""),
      "softer-than-others",
      /app:/,
      /opencode-flux alone has no allowPrivilegeEscalation: false, capabilities\.drop: \[ALL\], readOnlyRoot/,
    ],
    [
      context(
        release,
        "            securityContext: { allowPrivilegeEscalation: true, capabilities: { drop: [ALL] }, readOnlyRootFilesystem: true }\n",
      ),
      "softer-than-others",
      /securityContext/,
      /opencode-ha alone has no allowPrivilegeEscalation: false, which/,
    ],
  ]));

it("says nothing of an image that says that it writes to its disk, or that is as all others are", () =>
  expectUntold(
    ["softer-than-others"],
    [
      context(release, `            securityContext: { ${all}, readOnlyRootFilesystem: false }\n`),
      text(fluxRelease, "              readOnlyRootFilesystem: true\n", "              runAsNonRoot: true\n"),
    ],
  ));
