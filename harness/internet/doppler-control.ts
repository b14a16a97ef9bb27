import { z } from "zod";
import type { ControlAccess } from "./control-call.ts";
import { type CommonFault, nothing, recordedRequest, StandInControl } from "./stand-in-control.ts";

const dopplerRequest = recordedRequest.extend({
  operation: z.enum(["projects", "secret", "download", "list", "names", "update"]).nullable(),
  /** Names of the secrets asked for by name, or updated. */
  keys: z.array(z.string()),
});
export type DopplerRequest = z.infer<typeof dopplerRequest>;

/** `wrong-token` refuses every token as a revoked one, `missing-key` hides one secret. */
export type DopplerFault =
  | CommonFault
  | { kind: "wrong-token"; times?: number }
  | { kind: "missing-key"; key: string };

const digests = z.object({ digests: z.record(z.string(), z.string()) });

/** api.doppler.com's stand-in: its secrets, its record, its faults. */
export class DopplerControl extends StandInControl<DopplerRequest, DopplerFault> {
  constructor(access: ControlAccess) {
    super(access, dopplerRequest, "Doppler");
  }

  /** The recorded requests, of one operation or about one secret where that is given. */
  async requests(
    filter: { operation?: DopplerRequest["operation"]; key?: string } = {},
  ): Promise<DopplerRequest[]> {
    const matches = (request: DopplerRequest) =>
      (filter.operation === undefined || request.operation === filter.operation) &&
      (filter.key === undefined || request.keys.includes(filter.key));
    return (await this.recordedRequests()).filter(matches);
  }

  /** Sets these secrets and leaves the others; null removes one. */
  async setSecrets(secrets: Record<string, string | null>): Promise<void> {
    await this.call({ method: "PATCH", path: "secrets", body: { secrets }, schema: nothing });
  }

  /** The config has exactly these secrets. */
  async replaceSecrets(secrets: Record<string, string>): Promise<void> {
    await this.call({ method: "PUT", path: "secrets", body: { secrets }, schema: nothing });
  }

  /** From now on exactly these tokens open the config: name, as the record shall show it, to value. */
  async setTokens(tokens: Record<string, string>): Promise<void> {
    await this.call({ method: "PUT", path: "tokens", body: { tokens }, schema: nothing });
  }

  /** SHA-256 (hex) of each secret's value, by name. */
  async digests(): Promise<Record<string, string>> {
    return (await this.call({ method: "GET", path: "secrets", schema: digests })).digests;
  }
}
