import { HarnessError, type ManifestPlace, messageOf } from "../base/index.ts";
import { inContainer, route } from "../diagnosis/index.ts";
import { type DeployedWorkspace, type GatewayAccess, sendThroughGateway } from "../workspace/index.ts";

/** A page, what is in the sessions, what happens now, and a shell. */
const guarded = ["/", "/session", "/event", "/pty"];

const strangersOf = (userName: string) => [
  { who: "without a password", auth: undefined },
  { who: "with a wrong password", auth: `${userName}:not-the-password` },
  { who: "with a wrong user", auth: "somebody:not-the-password" },
];

/** Without the password there is no page, no session, no event and no shell of OpenCode. */
export async function expectNothingWithoutPassword(
  workspace: DeployedWorkspace,
  gateway: GatewayAccess,
): Promise<void> {
  const hostname = await workspace.hostname();
  const nobody = await workspace.stranger();
  await nobody.untilAnswered("/", { withPassword: false, timeoutMs: 15_000 });
  const asked = guarded.flatMap((path) =>
    strangersOf(nobody.userName).map((stranger) => ({ path, ...stranger })),
  );
  await Promise.all(
    asked.map(async ({ path, who, auth }) => {
      const { status } = await sendThroughGateway(gateway, { hostname, path, auth, timeoutMs: 20_000 });
      if (status === 401) return;
      throw failed(
        `https://${hostname}${path} answers ${status} ${who}, not 401`,
        "take OPENCODE_SERVER_PASSWORD from the workspace's Secret: anybody on the network has a shell otherwise (security mistakes)",
        [inContainer(workspace.name, "app", "env", "OPENCODE_SERVER_PASSWORD")],
      );
    }),
  );
}

/**
 * A host that no route names does not lead to a workspace: it has the gateway's own answer, the home's page for what is not
 * there, or not even TLS.
 */
export async function expectNothingForWrongHost(
  workspace: DeployedWorkspace,
  gateway: GatewayAccess,
): Promise<void> {
  const hostname = await workspace.hostname();
  const wrong = hostname.replace(/^[^.]*/, "nobody");
  try {
    const { status } = await sendThroughGateway(gateway, { hostname: wrong, path: "/" });
    const asksForPassword = status === 401;
    if (!asksForPassword && !(await listsSessions(workspace, gateway, wrong))) return;
    throw failed(
      `https://${wrong}/ answers ${status}: a host that is no workspace leads to one`,
      `let the route's hostnames name ${hostname} alone`,
      [route(workspace.name, "hostnames")],
    );
  } catch (error) {
    if (!isTlsRefusal(error)) throw error;
  }
}

/** Whether OpenCode answers there, to somebody who knows the password: a list is what no page of a home is. */
async function listsSessions(
  workspace: DeployedWorkspace,
  gateway: GatewayAccess,
  hostname: string,
): Promise<boolean> {
  const { userName, password } = await workspace.user();
  const auth = `${userName}:${password}`;
  const { status, body } = await sendThroughGateway(gateway, { hostname, path: "/session", auth });
  return status === 200 && body.trimStart().startsWith("[");
}

function isTlsRefusal(error: unknown): boolean {
  return /altnames|alert|handshake|unrecognized name/i.test(messageOf(error));
}

function failed(message: string, remedy: string, look: ManifestPlace[]): HarnessError {
  return new HarnessError(message, { code: "failed", remedy, look });
}
