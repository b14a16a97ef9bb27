import type { z } from "zod";
import { HarnessError, messageOf, patiently, patientMs } from "../base/index.ts";

/** How a stand-in's control listener is reached. */
export interface ControlAccess {
  /** `http://host:port` */
  url: string;
  /** The run's; without it the listener does nothing. */
  token: string;
}

export interface ControlCall<T> {
  access: ControlAccess;
  method: "GET" | "PUT" | "PATCH" | "POST" | "DELETE";
  /** Below `/control/`. */
  path: string;
  body?: unknown;
  schema: z.ZodType<T>;
  /** Default 10 s. */
  deadlineMs?: number;
}

/**
 * One call to a stand-in's control listener, its answer parsed.
 *
 * @throws HarnessError `environment` when it does not answer in time, refuses, or answers something else.
 */
export async function callControl<T>(call: ControlCall<T>): Promise<T> {
  const { access, method, path, body, schema, deadlineMs = 10_000 } = call;
  const what = `${method} ${access.url}/control/${path}`;
  const failed = (why: string, cause?: unknown) =>
    new HarnessError(`a stand-in's control listener failed ${what}: ${why}`, { code: "environment", cause });
  let status: number;
  let text: string;
  try {
    const signal = AbortSignal.timeout(patientMs(deadlineMs));
    const request = {
      method,
      headers: { authorization: `Bearer ${access.token}`, "content-type": "application/json" },
      signal,
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    const response = await patiently(method, () => fetch(`${access.url}/control/${path}`, request), signal);
    status = response.status;
    text = await response.text();
  } catch (error) {
    throw failed(messageOf(error), error);
  }
  if (status !== 200) throw failed(`${status} ${text}`);
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) throw failed(`its answer is not as expected: ${parsed.error.message}`, parsed.error);
  return parsed.data;
}

/** Undefined for what is not JSON, which no schema takes. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
