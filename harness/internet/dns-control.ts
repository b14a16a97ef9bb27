import { z } from "zod";
import type { ControlAccess } from "./control-call.ts";
import { nothing, recordedRequest, StandInControl } from "./stand-in-control.ts";

const dnsRecord = z.object({
  dnsName: z.string(),
  recordType: z.string(),
  targets: z.array(z.string()).default([]),
  /** What external-dns says of where it comes from: owner and resource. */
  labels: z.record(z.string(), z.string()).default({}),
});
/** A record as external-dns makes it. */
export type DnsRecord = z.infer<typeof dnsRecord>;

const change = z.object({
  /** ISO 8601. */
  at: z.string(),
  kind: z.enum(["create", "update", "delete"]),
  record: dnsRecord,
});
export type DnsChange = z.infer<typeof change>;

/** What stands in for the provider of DNS records. */
export class DnsControl extends StandInControl {
  constructor(access: ControlAccess) {
    super(access, recordedRequest, "the provider of DNS records");
  }

  /** The records that there would be now, external-dns's own TXT records among them. */
  async records(): Promise<DnsRecord[]> {
    const schema = z.object({ records: z.array(dnsRecord) });
    return (await this.call({ method: "GET", path: "records", schema })).records;
  }

  /**
   * There is no record any more, and nothing was ever done to one. external-dns makes those that it wants when it looks
   * again; what its policy (`upsert-only`) would have left for ever is gone.
   */
  async forgetRecords(): Promise<void> {
    await this.call({ method: "DELETE", path: "records", schema: nothing });
  }

  /** Everything that external-dns has done to records since they were forgotten, oldest first. */
  async changes(): Promise<DnsChange[]> {
    const schema = z.object({ changes: z.array(change) });
    return (await this.call({ method: "GET", path: "changes", schema })).changes;
  }
}
