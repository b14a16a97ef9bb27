import { it } from "vitest";
import { every, expectFound, expectUntold, fluxSecret, secret, seed, text } from "../test-check.ts";

const document = "kubernetes/apps/opencode/login-expired.md";

it("finds a login that comes later than script and document promise", () =>
  expectFound("manifests", [
    [
      text(secret, "refreshInterval: 30m", "refreshInterval: 6h"),
      "later-than-promised",
      /refreshInterval: 6h/,
      /opencode-ha-secret looks again after 6h, and \S+ promises a new login within 30 minutes/,
    ],
    [
      text(fluxSecret, "  refreshInterval: 30m\n", ""),
      "later-than-promised",
      /spec:/,
      /opencode-flux-secret looks again after 1h/,
    ],
  ]));

it("says nothing of a login that comes sooner, or when the words say so", () =>
  expectUntold(
    ["later-than-promised"],
    [
      text(secret, "refreshInterval: 30m", "refreshInterval: 5m"),
      text(fluxSecret, "refreshInterval: 30m", "refreshInterval: 1h30m"),
      every(seed, "30 minutes", "2 hours"),
      every(document, "within 30 minutes", "within 120 minutes"),
      text(document, "enter the code.", "enter the code within 15 minutes."),
    ],
  ));

it("says nothing of times where nobody promises one", () =>
  expectUntold(
    ["later-than-promised"],
    [
      text(secret, "refreshInterval: 30m", "refreshInterval: 6h"),
      every(seed, "30 minutes", "some time"),
      every(document, "within 30 minutes", "later"),
    ],
  ));
