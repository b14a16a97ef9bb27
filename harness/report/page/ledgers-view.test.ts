import { expect, it } from "vitest";
import { render } from "./html.ts";
import { egressView } from "./ledgers-view.ts";
import { egress } from "./sample/ledgers.ts";

const shown = (lines: typeof egress) => render(egressView(lines)).replaceAll(/<[^>]*>|\s+/g, " ");

it("tells an address that was refused apart from names, with the workload that asked", () => {
  expect(shown(egress)).toMatch(
    /has refused an address outside.* 169\.254\.169\.254:80 +opencode\/opencode-flux +3 .*Nobody answers for 1 name here.* models\.dev /,
  );
});

it("says of addresses nothing where none is known", () => {
  const names = egress.filter(({ isAddress }) => !isAddress);
  expect(shown(names)).not.toMatch(/address/);
  expect(shown([])).toContain("Nobody asked for a name outside of the cluster.");
});
