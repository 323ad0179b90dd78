/** Who signed, for which region and service: `<access key>/<date>/<region>/<service>/aws4_request`. */
export interface CredentialScope {
  readonly accessKey: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
}

/** Reads the scope of a signed or presigned request; undefined for an anonymous one. */
export function scopeOf(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  query: URLSearchParams,
): CredentialScope | undefined {
  const text =
    /Credential=([^,\s]+)/.exec(String(headers["authorization"] ?? ""))?.[1] ??
    query.get("X-Amz-Credential");
  const [accessKey, date, region, service] = text?.split("/") ?? [];
  if (!accessKey || !date || !region || !service) return undefined;
  return { accessKey, date, region, service };
}
