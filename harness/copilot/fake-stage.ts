import type { CopilotRequest } from "../internet/index.ts";
import { testFacts } from "../rendering/test-facts.ts";
import type { DeployedWorkspace, Message } from "../workspace/index.ts";

interface Given {
  /** The login with which OpenCode asks; null for none. */
  login?: string | null;
  /** What OpenCode shows in place of an answer. */
  error?: string;
  /** The models that OpenCode offers. */
  models?: string[];
  /** Those that it offers once it has read anew. */
  modelsAnew?: string[];
  /** What Copilot answers. */
  status?: number;
  /** Whether its user can log in in the web UI. */
  logInToCopilot?: () => Promise<void>;
}

/** A workspace and a Copilot that are as a test says. */
export function fakeStage({
  login = "OPENCODE_FLUX_COPILOT_AUTH_JSON",
  error,
  models = ["a", "b"],
  modelsAnew = models,
  status = 200,
  logInToCopilot = async () => {},
}: Given) {
  const info = {
    id: "m",
    role: "assistant",
    ...(error ? { error: { name: "APIError", data: { message: error } } } : {}),
  };
  const session = { id: "ses_1", ask: async () => ({ info, parts: [] }) as Message };
  let [offered, readAnew, isAlone] = [models, 0, false];
  const user = {
    openSession: async () => session,
    offeredModels: async () => offered,
    readAnew: async () => {
      if (!isAlone) throw new Error("it took the streams of other scenarios");
      [offered, readAnew] = [modelsAnew, readAnew + 1];
    },
    logInToCopilot,
  };
  const facts = testFacts();
  const workspace = {
    name: facts.name,
    facts,
    user: async () => user,
    readyPod: async () => ({ metadata: { name: "opencode-flux-1", uid: "u" } }),
  } as unknown as DeployedWorkspace;
  const request = { operation: "prompt", session: "ses_1", credential: login, status } as CopilotRequest;
  const copilot = {
    requests: async () => (login === null ? [] : [request]),
    offeredModels: async () => ["a", "b"],
  };
  const generations = { first: { OPENCODE_FLUX_COPILOT_AUTH_JSON: '{"github-copilot":{}}' }, second: {} };
  return {
    workspace,
    stage: {
      copilot,
      secrets: async () => generations,
      alone: async () => {
        isAlone = true;
      },
    } as never,
    readAnew: () => readAnew,
  };
}
