/**
 * Calls with so many items at most, all at once and at least once, and gives the answers that came. Rejects only if none
 * did: who is cut off from one piece still knows the others.
 */
export async function inBatches<T, R>(
  most: number,
  items: readonly T[],
  call: (items: readonly T[]) => Promise<R>,
): Promise<readonly R[]> {
  const batches = Array.from({ length: Math.max(1, Math.ceil(items.length / most)) }, (_, index) =>
    items.slice(index * most, (index + 1) * most),
  );
  const outcomes = await Promise.allSettled(batches.map(call));
  const answers = outcomes.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
  const failed = outcomes.find((each) => each.status === "rejected");
  if (failed && answers.length === 0) throw failed.reason;
  return answers;
}
