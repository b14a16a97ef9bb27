import type { V1Container } from "@kubernetes/client-node";
import { escapeRegExp } from "../../base/index.ts";
import type { SecretKey, WorkspaceFacts } from "../workspace-facts.ts";
import type { Objects } from "./objects.ts";
import type { Program } from "./program.ts";
import { readableSecrets } from "./readable-secrets.ts";
import { mayHold } from "./secret-keys.ts";
import { secretsNamedIn } from "./secrets-named-in.ts";
import type { Workload } from "./workload.ts";

const passwordVariable = "OPENCODE_SERVER_PASSWORD";
const userNameVariable = "OPENCODE_SERVER_USERNAME";

/** What the server asks of its users; undefined where it asks nothing. */
export function passwordOf(
  workload: Workload,
  container: V1Container,
  program: Program,
  objects: Objects,
): WorkspaceFacts["password"] {
  const password = settingOf(passwordVariable, workload, container, program, objects);
  if (!password) return undefined;
  const userName = settingOf(userNameVariable, workload, container, program, objects);
  return {
    ...(password.source ? { source: password.source } : {}),
    userName: userName?.value ?? "opencode",
    ...(userName?.source ? { userNameSource: userName.source } : {}),
  };
}

/** Where a variable of the server comes from: a script that sets it, `env`, then `envFrom`. */
function settingOf(
  name: string,
  workload: Workload,
  container: V1Container,
  { text, variables }: Program,
  objects: Objects,
): { value?: string; source?: SecretKey } | undefined {
  const line = new RegExp(`\\b${escapeRegExp(name)}=(?!["']?\\$\\{?${escapeRegExp(name)}\\b)[^\\n]*`).exec(
    text,
  )?.[0];
  if (line) {
    const [source] = secretsNamedIn(line, workload, container);
    return source ? { source } : { value: variables[name] ?? "" };
  }
  const named = readableSecrets(workload, container).find(({ variable }) => variable === name);
  if (named)
    return { source: { secret: named.secret, ...(named.key === undefined ? {} : { key: named.key }) } };
  if (variables[name]) return { value: variables[name] };
  if (container.env?.some((variable) => variable.name === name)) return undefined;
  const whole = (container.envFrom ?? [])
    .map(({ secretRef, prefix = "" }) => ({ secret: secretRef?.name, prefix }))
    .findLast(
      ({ secret, prefix }) =>
        secret !== undefined &&
        name.startsWith(prefix) &&
        mayHold(secret, name.slice(prefix.length), workload.namespace, objects),
    );
  return whole?.secret
    ? { source: { secret: whole.secret, key: name.slice(whole.prefix.length) } }
    : undefined;
}
