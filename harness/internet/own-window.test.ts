import { expect, it } from "vitest";
import { argumentsFor, environmentFor } from "./own-window.ts";

const visit = { host: "flux.example.org", address: "127.0.0.1", port: 41234, passwordFile: "/x" };

it("leads the workspace's name to the gateway, and no other anywhere", () => {
  expect(argumentsFor(visit)).toContain(
    "--host-resolver-rules=MAP flux.example.org:443 127.0.0.1:41234, MAP * ~NOTFOUND",
  );
});

it("believes certificates as a browser does", () => {
  expect(argumentsFor(visit).join(" ")).not.toMatch(/ignore-certificate|unsafely|disable-web-security/);
});

it("gives the browser a screen, a home of its own and nothing of the person's", () => {
  const env = { DISPLAY: ":0", HOME: "/home/me", PATH: "/usr/bin", GITHUB_TOKEN: "secret", LANG: "C.UTF-8" };
  expect(environmentFor("/run/browser-1", env)).toEqual({
    DISPLAY: ":0",
    PATH: "/usr/bin",
    LANG: "C.UTF-8",
    HOME: "/run/browser-1",
    XAUTHORITY: "/home/me/.Xauthority",
  });
});
