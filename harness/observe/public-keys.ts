/** Entries of Secret objects that are no secret. */
export const publicKeys: readonly { object?: string; key: string; why: string }[] = [
  { key: "tls.crt", why: "certificates are shown to everybody who connects" },
  { key: "ca.crt", why: "certificates are shown to everybody who connects" },
];
