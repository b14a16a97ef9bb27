import type { Successor } from "../observe/index.ts";
import { loginKey } from "./rotation.ts";
import type { SecretsStage } from "./stage.ts";

/**
 * The logins that OpenCode may have in its auth.json in place of the Secret's: it renews them itself, and of those it can
 * get in a run each is one of Doppler's two.
 */
export async function renewedLogins(
  stage: Pick<SecretsStage, "workspaces" | "secrets">,
): Promise<Successor[]> {
  const generations = await stage.secrets();
  const { first, second } = generations;
  return stage.workspaces.flatMap((workspace) => {
    const { secret, key } = workspace.facts.login?.source ?? {};
    if (secret === undefined || key === undefined) return [];
    const inDoppler = loginKey(workspace, generations);
    const holder = `${workspace.namespace}/${secret} ${key}`;
    return [first[inDoppler], second[inDoppler]].flatMap((content) =>
      content === undefined ? [] : { holder, content: plain(content) },
    );
  });
}

/** Some trees keep auth.json in base64. */
const plain = (content: string): string =>
  content.startsWith("{") ? content : Buffer.from(content, "base64").toString();
