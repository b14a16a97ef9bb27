// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Flux substitutes it, not JavaScript.
import { it } from "vitest";
import { expectFound, expectUntold, fluxRelease, release, text } from "../test-check.ts";

it("finds a host that the owner's DNS does not have", () =>
  expectFound("manifests", [
    [
      text(release, '"ha.opencode.${SECRET_DOMAIN}"', '"hq.opencode.${SECRET_DOMAIN}"'),
      "host-nobody-knows",
      /hq\.opencode/,
      /opencode-ha is to be found at hq\.opencode\.angryninja\.cloud.*there and leads to no workspace \(flux\S+, ha/,
    ],
    [
      text(fluxRelease, '"flux.opencode.${SECRET_DOMAIN}"', '"code.${SECRET_DOMAIN}"'),
      "host-nobody-knows",
      /code\./,
      /opencode-flux is to be found at code\.angryninja\.cloud/,
    ],
  ]));

it("says nothing of a domain of which the owner's DNS has no name", () =>
  expectUntold(
    ["host-nobody-knows"],
    [text(release, '"ha.opencode.${SECRET_DOMAIN}"', '"ha.opencode.home.example"')],
  ));
