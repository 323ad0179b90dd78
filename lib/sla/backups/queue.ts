import type { Copy } from "./action.ts";

/** https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_CopySnapshot.html: in progress, by destination region. */
export const COPIES_AT_ONCE = 20;

/**
 * The copies that may begin now: the newest of every instance before the second newest of any, so that one with a long
 * history to catch up on does not keep the others waiting. RDS copies one of an instance at a time anyway. Instances whose copies were
 * refused come last: twenty of them would else keep all others waiting for ever.
 */
export function fairCopies(
  wanted: readonly Copy[],
  underWay: readonly { readonly instance: string }[],
  total: number,
  refused: ReadonlySet<string> = new Set(),
): readonly Copy[] {
  const free = Math.max(0, COPIES_AT_ONCE - total);
  const busy = Map.groupBy(underWay, ({ instance }) => instance);
  const byInstance = Map.groupBy(wanted, ({ backup }) => backup.instance);
  const last = ({ copy }: { readonly copy: Copy }) => Number(refused.has(copy.backup.instance));
  const turns = [...byInstance].flatMap(([instance, copies]) =>
    copies
      .toSorted((one, other) => other.backup.takenMs - one.backup.takenMs)
      .map((copy, index) => ({ copy, turn: index + (busy.get(instance)?.length ?? 0) })),
  );
  return turns
    .sort(
      (one, other) =>
        last(one) - last(other) ||
        one.turn - other.turn ||
        one.copy.backup.takenMs - other.copy.backup.takenMs,
    )
    .slice(0, free)
    .map(({ copy }) => copy);
}
