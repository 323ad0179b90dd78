/** Entries of one answer of SNS's listings. */
const PAGE = 100;

export function pageFrom<T>(all: readonly T[], token: string | undefined) {
  const from = Number(token ?? 0);
  const to = from + PAGE;
  return { page: all.slice(from, to), next: to < all.length ? String(to) : undefined };
}
