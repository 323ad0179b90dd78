/**
 * Like Promise.all, but waits for all of them even when one fails: what is still starting then could not
 * be ended. Rejects with the first failure.
 */
export async function together<T extends readonly unknown[]>(
  work: readonly [...{ [K in keyof T]: Promise<T[K]> }],
): Promise<T> {
  let first: { readonly cause: unknown } | undefined;
  const noted = work.map((each) =>
    each.catch((cause: unknown) => {
      first ??= { cause };
    }),
  );
  const values = await Promise.all(noted);
  if (first) throw first.cause;
  return values as unknown as T;
}
