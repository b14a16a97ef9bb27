import type { V1Container } from "@kubernetes/client-node";
import type { SecretKey, WorkspaceFacts } from "../workspace-facts.ts";
import type { Objects } from "./objects.ts";
import { programOf } from "./program.ts";
import { mountedSecrets, readableSecrets } from "./readable-secrets.ts";
import { secretsNamedIn } from "./secrets-named-in.ts";
import { containersOf, type Workload } from "./workload.ts";

type Login = NonNullable<WorkspaceFacts["login"]>;

const fileName = "auth.json";
/** Commands that put something there; `test -f` and `chmod` do not. */
const writing = /(?:\b(?:cp|mv|install|ln|tee)\b[^\n]*|>[^\n]*)auth\.json/;

/** How OpenCode's login comes to where OpenCode looks for it; undefined where nobody brings one. */
export function loginOf(workload: Workload, app: V1Container, objects: Objects): Login | undefined {
  return inPlace(workload, app) ?? written(workload, objects) ?? fromEnvironment(workload, app);
}

function inPlace(workload: Workload, app: V1Container): Login | undefined {
  const mounted = mountedSecrets(workload, app).find(({ path }) => path?.endsWith(`/opencode/${fileName}`));
  return mounted ? { how: "mounted", source: keyOf(mounted) } : undefined;
}

function written(workload: Workload, objects: Objects): Login | undefined {
  for (const container of containersOf(workload)) {
    const { text } = programOf(workload, container, objects);
    if (!writing.test(text)) continue;
    const sources = secretsNamedIn(text, workload, container);
    const source = sources.find(
      ({ secret, key }) => isLogin(key) || isLogin(pathOf(secret, key, workload, container)),
    );
    const sole = source ?? (sources.length === 1 ? sources[0] : undefined);
    return { how: "written", container: container.name, ...(sole ? { source: sole } : {}) };
  }
  return undefined;
}

const isLogin = (name: string | undefined): boolean => /auth/i.test(name ?? "");

function pathOf(secret: string, key: string | undefined, workload: Workload, container: V1Container) {
  return mountedSecrets(workload, container).find((one) => one.secret === secret && one.key === key)?.path;
}

function fromEnvironment(workload: Workload, app: V1Container): Login | undefined {
  const secret = readableSecrets(workload, app).find(({ variable }) => variable === "OPENCODE_AUTH_CONTENT");
  return secret ? { how: "environment", source: keyOf(secret) } : undefined;
}

const keyOf = ({ secret, key }: SecretKey): SecretKey => ({ secret, ...(key === undefined ? {} : { key }) });
