import { AwsError } from "../wire/service.ts";

interface Paging {
  readonly maxResults?: number | undefined;
  readonly nextToken?: string | undefined;
}

/** One page; the token is the offset of the next. Throws InvalidToken. */
export function pageOf<T>(items: readonly T[], { maxResults, nextToken }: Paging) {
  const from = Number(nextToken ?? 0);
  if (!Number.isInteger(from) || from < 0) {
    throw new AwsError("InvalidToken", `Invalid Token: '${nextToken}'`);
  }
  const to = from + (maxResults || 100);
  return {
    items: items.slice(from, to),
    nextToken: to < items.length ? String(to) : undefined,
  };
}
