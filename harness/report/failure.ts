import { HarnessError, messageOf, redact } from "../base/index.ts";
import type { Failure } from "./result.ts";

/** A failure as it is stored and shown: redacted, without the fields that are not known. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof HarnessError)) return { message: redact(messageOf(error)) };
  return {
    message: redact(error.message),
    ...(error.details === undefined ? {} : { details: redact(error.details) }),
    ...(error.remedy === undefined ? {} : { remedy: redact(error.remedy) }),
    code: error.code,
  };
}
