import { request } from "node:http";
import { HarnessError } from "../base/index.ts";
import type { AnyObject } from "../cluster/index.ts";
import { route } from "../diagnosis/index.ts";
import type { DeployedWorkspace } from "../workspace/index.ts";

const path = "/session?from=http";

/**
 * Without TLS the host answers with the way to the same page with TLS, and with nothing else; a Gateway that does not
 * listen without TLS has no answer to judge.
 */
export async function expectRedirect(workspace: DeployedWorkspace): Promise<void> {
  const { name, namespace } = workspace.gateway;
  const selection = { apiVersion: "gateway.networking.k8s.io/v1", kind: "Gateway", name, namespace };
  if (!listensPlainly(await workspace.cluster.objects.find(selection))) return;
  const hostname = await workspace.hostname();
  const { host, httpPort } = workspace.cluster.descriptor.gateway;
  const { status, location } = await askPlainly({ host, port: httpPort, hostname });
  if (leadsToTls(status, location, hostname)) return;
  const seen = `${status}${location === undefined ? "" : ` with location ${location}`}`;
  throw new HarnessError(
    `http://${hostname}${path} answers ${seen}, not a redirect to https://${hostname}${path}`,
    {
      code: "failed",
      remedy:
        "attach no route of the workspace to the http listener: the redirect of namespace network is for all hosts, and a route for this host goes before it (pitfall 9)",
      look: [{ kind: "HTTPRoute", field: ["spec", "parentRefs"] }, route(workspace.name, "parentRefs")],
    },
  );
}

/** Whether a Gateway has a listener without TLS; one that is not there may have anything. */
export function listensPlainly(gateway: AnyObject | undefined): boolean {
  const listeners = gateway?.spec?.listeners as { protocol?: string }[] | undefined;
  return listeners?.some(({ protocol }) => protocol === "HTTP") ?? true;
}

/** The same host and path with TLS, at its own port. */
export function leadsToTls(status: number, location: string | undefined, hostname: string): boolean {
  if (![301, 302, 303, 307, 308].includes(status) || !URL.canParse(location ?? "")) return false;
  const { protocol, host, pathname, search } = new URL(location ?? "");
  return protocol === "https:" && host === hostname && `${pathname}${search}` === path;
}

interface Plain {
  host: string;
  port: number;
  hostname: string;
}

function askPlainly({ host, port, hostname }: Plain): Promise<{ status: number; location?: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; location?: string }>();
  const outgoing = request({ host, port, path, headers: { host: hostname }, agent: false, timeout: 10_000 });
  outgoing.on("timeout", () => outgoing.destroy(new Error("no answer within 10 s")));
  outgoing.on("error", (cause) =>
    reject(
      new HarnessError(`http://${hostname}${path} through the gateway: ${cause.message}`, {
        code: "failed",
        cause,
      }),
    ),
  );
  outgoing.on("response", (response) => {
    response.resume();
    const { location } = response.headers;
    resolve({ status: response.statusCode ?? 0, ...(location === undefined ? {} : { location }) });
  });
  outgoing.end();
  return promise;
}
