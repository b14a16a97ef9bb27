import isNetworkError from "is-network-error";
import pRetry from "p-retry";

/** A connection that fails for some ten seconds is gone; for less, two busy cores kept it waiting. */
const patience = { retries: 6, minTimeout: 100, maxTimeout: 3_000 };

/** Codes of Node and undici for a request that never left. */
const unsent = new Set(["ECONNREFUSED", "UND_ERR_CONNECT_TIMEOUT", "ENOTFOUND", "EAI_AGAIN"]);

/**
 * Sends a request again when its connection fails: one that is refused, timed out or broke says nothing about who was asked.
 * A POST whose connection broke may have been carried out, and is not repeated. Whatever is answered is an answer.
 *
 * @throws what `send` throws, at once if it is no failure of a connection; an abort of `signal`.
 */
export function patiently<T>(method: string, send: () => Promise<T>, signal?: AbortSignal): Promise<T> {
  return pRetry(send, {
    ...patience,
    signal,
    shouldRetry: ({ error }) => isNetworkError(error) && (method !== "POST" || wasNeverSent(error)),
  });
}

function wasNeverSent({ cause }: Error): boolean {
  return unsent.has(String((cause as { code?: unknown } | undefined)?.code));
}
