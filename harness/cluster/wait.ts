import { setTimeout as delay } from "node:timers/promises";
import { type KubeConfig, Watch } from "@kubernetes/client-node";
import { currentTask, HarnessError, messageOf, outlastMs, patientMs, type Task } from "../base/index.ts";
import {
  type AnyObject,
  isNotFound,
  type ObjectClient,
  type ObjectSelection,
  selectors,
  UnknownKindError,
} from "./object-client.ts";

/**
 * What a condition says of the objects it was shown: `ready` with a value ends the wait, `waiting` says what
 * is still missing, `stuck` says that waiting longer is no use and why.
 */
export type Verdict<T> = { ready: T } | { waiting: string } | Stuck;

export interface Stuck {
  stuck: string;
  /** Of what it is said: about another one it has to hold anew. */
  of?: string;
  /** Milliseconds for which it must hold before it ends the wait, where it may pass by itself; the wait's `stuckForMs` if not given. */
  forMs?: number;
}

export interface Wait<T> extends ObjectSelection {
  /** What is waited for, as it shall stand in the message: "Deployment opencode/opencode-flux is available". */
  what: string;
  /** On a quiet machine; a loaded one is given more. A guard has `outlastMs` or more. */
  timeoutMs: number;
  /** Shown every object of the selection, again at each change. */
  until: (objects: AnyObject[]) => Verdict<T>;
  /**
   * How long a verdict of `stuck` must hold before it ends the wait; it does at once if not given. For what may still be said
   * of an earlier state, and is taken back.
   */
  stuckForMs?: number;
  /** Asked once when it did not come: conditions, events, last log lines. */
  diagnose?: () => Promise<string>;
  signal?: AbortSignal | undefined;
}

/**
 * The one place where the harness waits for the cluster: a watch, a deadline, and a last word. A missing
 * object, or a kind that the API server does not know yet, is waited for; an unreachable API server too,
 * since a node may be restarting. Throws HarnessError 'failed' with what was seen last.
 */
export function waitFor<T>(config: KubeConfig, client: ObjectClient, wait: Wait<T>): Promise<T> {
  const kind = wait.timeoutMs >= outlastMs ? "guard" : "wait";
  return currentTask().task(wait.what, (task) => waitIn(task, config, client, wait), { kind });
}

async function waitIn<T>(task: Task, config: KubeConfig, client: ObjectClient, wait: Wait<T>): Promise<T> {
  const timeoutMs = patientMs(wait.timeoutMs);
  const deadline = AbortSignal.timeout(timeoutMs);
  const signal = wait.signal ? AbortSignal.any([deadline, wait.signal]) : deadline;
  let lastSeen = "it says nothing";
  let isUnreachable = true; // until it has answered
  while (!signal.aborted) {
    try {
      const verdict = await watchOnce(config, client, wait, signal, {
        onListed: () => {
          isUnreachable = false;
        },
        onReason: (reason) => {
          if (reason !== lastSeen) task.update(reason);
          lastSeen = reason;
        },
      });
      if (verdict && "ready" in verdict) return verdict.ready;
      if (verdict) throw await failure(wait, `it cannot come: ${verdict.stuck}`);
    } catch (error) {
      if (error instanceof HarnessError) throw error;
      if (!isPassing(error)) throw error;
      if (!signal.aborted) {
        lastSeen = messageOf(error);
        // A watch that was idle for too long says nothing of the API server.
        if (!(error instanceof DOMException)) isUnreachable = !isOfKind(error);
      }
      await delay(100, undefined, { signal }).catch(() => {}); // until the kind or the API server is there
    }
  }
  if (wait.signal?.aborted) throw new HarnessError("interrupted", { code: "interrupted" });
  const within = `not within ${Number((timeoutMs / 1000).toFixed(1))} s`;
  if (isUnreachable) throw unreachable(wait, `${within}; the API server could not be asked: ${lastSeen}`);
  throw await failure(wait, `${within}; last seen: ${lastSeen}`);
}

async function failure<T>(wait: Wait<T>, why: string): Promise<HarnessError> {
  const details = await wait.diagnose?.().catch((error) => `no diagnosis: ${messageOf(error)}`);
  return new HarnessError(`expected that ${wait.what}: ${why}`, {
    code: "failed",
    ...(details ? { details } : {}),
  });
}

/** What nobody could look at says nothing about the manifests. */
function unreachable<T>(wait: Wait<T>, why: string): HarnessError {
  return new HarnessError(`expected that ${wait.what}: ${why}`, {
    code: "environment",
    remedy: "see that this machine is not out of memory or disk (npm run doctor), and run it again",
  });
}

/** The API server has answered: nothing of this kind is there yet. */
const isOfKind = (error: unknown) => error instanceof UnknownKindError || isNotFound(error);

/** Errors of a kind or an API server that is not there yet; anything else ends the wait at once. */
function isPassing(error: unknown): boolean {
  if (isOfKind(error)) return true;
  if (error instanceof DOMException) return true; // the watch was idle for too long, or its connection was given up
  const { statusCode, code } = error as { statusCode?: unknown; code?: unknown };
  const status = statusCode ?? code;
  if (typeof status === "number") return status >= 500 || status === 429;
  const text = `${messageOf(error)} ${messageOf((error as { cause?: unknown }).cause)}`;
  return /fetch failed|ECONNREFUSED|ECONNRESET|socket hang up|terminated|closed/i.test(text);
}

interface Seen {
  /** The API server has said what there is. */
  onListed: () => void;
  onReason: (reason: string) => void;
}

type Outcome<T> = { ready: T } | Stuck | undefined;

/**
 * Lists, judges, and watches from there on, so that a condition always sees the whole selection and never the first
 * few events of one. Undefined when the watch has ended or `signal` is aborted without a verdict.
 */
async function watchOnce<T>(
  config: KubeConfig,
  client: ObjectClient,
  wait: Wait<T>,
  signal: AbortSignal,
  { onListed, onReason }: Seen,
): Promise<Outcome<T>> {
  const { promise, resolve, reject } = Promise.withResolvers<Outcome<T>>();
  const held = new HeldVerdict<T>(wait.stuckForMs ?? 0, resolve);
  const over = new AbortController();
  const follow = async () => {
    const { objects, resourceVersion } = await client.snapshot(wait);
    onListed();
    const seen = new Map(objects.map((object) => [object.metadata?.uid ?? "", object]));
    const judge = () => {
      const verdict = wait.until([...seen.values()]);
      if ("waiting" in verdict) onReason(verdict.waiting);
      return held.take(verdict);
    };
    if (judge() === "over") return;
    const onEvent = (phase: string, object: AnyObject) => {
      const key = object.metadata?.uid;
      if (!key) return; // a bookmark or a Status
      if (phase === "DELETED") seen.delete(key);
      else seen.set(key, object);
      try {
        judge(); // the watch would swallow what this throws
      } catch (error) {
        reject(error);
      }
    };
    const query = { ...selectors(wait), resourceVersion };
    const onEnd = (error: unknown) => (error ? reject(error) : resolve(undefined));
    const watching = await new Watch(config).watch(await client.pathOf(wait), query, onEvent, onEnd);
    over.signal.addEventListener("abort", () => watching.abort());
    if (over.signal.aborted) watching.abort();
  };
  const stop = () => resolve(wait.signal?.aborted ? undefined : held.stuck);
  signal.addEventListener("abort", stop, { once: true });
  follow().catch(reject);
  try {
    return await promise;
  } finally {
    signal.removeEventListener("abort", stop);
    held.forget();
    over.abort();
  }
}

/** A verdict of `stuck` that has to hold for a while before it counts. */
class HeldVerdict<T> {
  readonly #forMs: number;
  readonly #resolve: (outcome: Outcome<T>) => void;
  #timer: NodeJS.Timeout | undefined;
  #since = 0;
  #until = Infinity;
  /** The one that holds now. */
  stuck: Stuck | undefined;

  constructor(forMs: number, resolve: (outcome: Outcome<T>) => void) {
    this.#forMs = forMs;
    this.#resolve = resolve;
  }

  /** `over` where nothing that comes later counts. */
  take(verdict: Verdict<T>): "over" | "open" {
    if ("stuck" in verdict && (verdict.forMs ?? this.#forMs) > 0) {
      this.#hold(verdict, verdict.forMs ?? this.#forMs);
      return "open";
    }
    this.forget();
    if ("waiting" in verdict) return "open";
    this.#resolve(verdict);
    return "over";
  }

  /** Of several the one that counts first; of two that count at once the first words are the cause. */
  #hold(verdict: Stuck, forMs: number): void {
    const now = performance.now();
    if (verdict.of !== this.stuck?.of) this.forget();
    if (this.stuck === undefined) this.#since = now;
    const until = this.#since + forMs;
    if (until >= this.#until) return;
    clearTimeout(this.#timer);
    this.stuck = verdict;
    this.#until = until;
    this.#timer = setTimeout(() => this.#resolve(this.stuck), Math.max(0, until - now));
  }

  forget(): void {
    clearTimeout(this.#timer);
    this.#until = Infinity;
    this.stuck = undefined;
  }
}
