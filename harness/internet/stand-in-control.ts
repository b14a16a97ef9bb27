import { z } from "zod";
import { mark } from "../base/index.ts";
import { type ControlAccess, type ControlCall, callControl } from "./control-call.ts";

/** A request as a stand-in recorded it; each stand-in adds fields of its own. */
export const recordedRequest = z.object({
  /** ISO 8601, when it arrived. */
  time: z.string(),
  method: z.string(),
  host: z.string(),
  /** Without the query. */
  path: z.string(),
  client: z.string(),
  userAgent: z.string(),
  /** The name of the credential used, `unknown` for one that nobody registered, null without any. */
  credential: z.string().nullable(),
  /** False for a request that the stand-in does not know. */
  expected: z.boolean(),
  /** Null as long as nothing was answered. */
  status: z.number().nullable(),
  /** Of the answer's body. */
  bytes: z.number(),
  durationMs: z.number().nullable(),
  outcome: z.enum(["pending", "complete", "cut"]),
});
export type RecordedRequest = z.infer<typeof recordedRequest>;

/** A fault that every stand-in can have; `times`: how often it strikes, default until it is taken back. */
export type CommonFault =
  | { kind: "outage"; times?: number }
  | { kind: "hang"; times?: number }
  | { kind: "slow"; delayMs: number; times?: number };

/** An answer without anything that we read. */
export const nothing = z.object({});

/** What every stand-in's control listener offers. Holds no connection; any process may make one that has the access. */
export class StandInControl<
  R extends RecordedRequest = RecordedRequest,
  F extends { kind: string } = CommonFault,
> {
  readonly controlUrl: string;
  readonly #access: ControlAccess;
  readonly #request: z.ZodType<R>;
  readonly #name: string;

  /** @param name Of what it stands in for, as the timeline shall show it. */
  constructor(access: ControlAccess, request: z.ZodType<R>, name = "a stand-in") {
    this.controlUrl = access.url;
    this.#access = access;
    this.#request = request;
    this.#name = name;
  }

  /** All requests since the start or the last `forgetRequests`, in the order of their arrival. */
  async recordedRequests(): Promise<R[]> {
    const schema = z.object({ requests: z.array(this.#request) });
    return (await this.call({ method: "GET", path: "requests", schema })).requests;
  }

  /** The requests that the stand-in did not know: a run that has any did something that nobody foresaw. */
  async unexpectedRequests(): Promise<R[]> {
    return (await this.recordedRequests()).filter(({ expected }) => !expected);
  }

  async forgetRequests(): Promise<void> {
    await this.call({ method: "DELETE", path: "requests", schema: nothing });
  }

  /** Switches on exactly these faults; connections that an earlier one holds are dropped. None clears all. */
  async fault(...faults: F[]): Promise<void> {
    const kinds = [...new Set(faults.map(({ kind }) => kind))].join(", ");
    mark(`${this.#name} ${kinds === "" ? "is well" : `is told to fail: ${kinds}`}`);
    await this.call({ method: "PUT", path: "faults", body: { faults }, schema: nothing });
  }

  /** No fault strikes any more, while connections that one holds stay held: `fault` drops them. */
  async liftFaults(): Promise<void> {
    mark(`${this.#name} is well`);
    await this.call({ method: "DELETE", path: "faults", schema: nothing });
  }

  protected call<T>(call: Omit<ControlCall<T>, "access">): Promise<T> {
    return callControl({ access: this.#access, ...call });
  }
}
