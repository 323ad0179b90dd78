/** What Node and OpenSSL call a failure, in the words of whoever reads the alert. */
const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refused",
  ECONNRESET: "connection reset",
  EPIPE: "connection reset",
  ENOTFOUND: "no such name",
  EAI_AGAIN: "name lookup failed",
  EHOSTUNREACH: "host unreachable",
  ENETUNREACH: "network unreachable",
  ETIMEDOUT: "connection timed out",
  EPROTO: "no TLS",
  CERT_HAS_EXPIRED: "certificate expired",
  CERT_NOT_YET_VALID: "certificate not valid yet",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificate is for another name",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "certificate not trusted",
  UNABLE_TO_GET_ISSUER_CERT: "certificate not trusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "certificate not trusted",
  DEPTH_ZERO_SELF_SIGNED_CERT: "certificate not trusted",
  SELF_SIGNED_CERT_IN_CHAIN: "certificate not trusted",
  CERT_SIGNATURE_FAILURE: "certificate not trusted",
  CERT_UNTRUSTED: "certificate not trusted",
  INVALID_CA: "certificate not trusted",
  CERT_REVOKED: "certificate revoked",
};

export function reasonOf(cause: unknown): string {
  const { code, message } = cause as { readonly code?: string; readonly message?: string };
  if (code?.startsWith("HPE_")) return `not HTTP (${code})`;
  if (code?.startsWith("ERR_SSL_")) return `no TLS (${code})`;
  return REASONS[code ?? ""] ?? code ?? message ?? String(cause);
}
