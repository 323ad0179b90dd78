import { SlaError } from "../kernel/errors.ts";
import { prefixes } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Content } from "../sql/contract.ts";
import type { Examined } from "./case.ts";
import type { RestoreTestRecord } from "./contract.ts";
import { partsIn } from "./examine.ts";
import type { RestoreWorld } from "./world.ts";

/** The same backup, proven in another place. */
export interface Elsewhere {
  readonly region: string;
  readonly parts: readonly Content[];
}

/**
 * What a restore of the same backup in another place has shown, the newest that was proven; undefined where none was. Rejects if the own
 * side fails; a ledger that does not answer keeps nothing from being proven.
 */
export async function shownElsewhere(
  { ledgers, fleet, region }: RestoreWorld,
  { request }: Examined,
): Promise<Elsewhere | undefined> {
  const others = Object.keys(fleet.sites).filter((site) => site !== region);
  const asked = await Promise.all(
    others.map((site) =>
      newestIn(ledgers(site), request).catch((cause: unknown) => {
        if (cause instanceof SlaError && cause.blame === "cloud") return undefined;
        throw cause;
      }),
    ),
  );
  return asked
    .flatMap((each) => each ?? [])
    .toSorted((one, other) => (one.endedAt < other.endedAt ? 1 : -1))[0];
}

async function newestIn(
  ledger: Pick<Ledger, "list" | "read">,
  { instance, backup }: Examined["request"],
): Promise<(Elsewhere & { readonly endedAt: string }) | undefined> {
  const listed = await ledger.list(prefixes.restores(instance));
  const own = listed
    .map(({ key }) => key)
    .filter((key) => key.endsWith(`-${backup}/record.json`))
    .toSorted();
  for (const key of own.toReversed()) {
    const record = (await ledger.read<RestoreTestRecord>(key))?.value;
    if (!record?.ok || record.backup !== backup) continue;
    const { region, endedAt, test } = record;
    return { region, endedAt, parts: await partsIn(ledger, instance, test) };
  }
  return undefined;
}
