import { expect, it } from "vitest";
import { copilotLogins } from "./copilot-logins.ts";

const login = (token: string) =>
  JSON.stringify({ "github-copilot": { type: "oauth", refresh: token, access: token, expires: 0 } });

it("finds the token of every login, raw or in base64, and of its successor", () => {
  const dopplerSecrets = {
    FLUX_LOGIN: login("gho_flux"),
    HA_LOGIN: Buffer.from(login("gho_ha")).toString("base64"),
    PASSWORD: "hunter2",
    OTHER: '{"anthropic":{"type":"api","key":"sk"}}',
  };
  expect(copilotLogins({ dopplerSecrets, successors: { FLUX_LOGIN: login("gho_next") } })).toEqual({
    FLUX_LOGIN: "gho_flux",
    HA_LOGIN: "gho_ha",
    "FLUX_LOGIN, rotated": "gho_next",
  });
});
