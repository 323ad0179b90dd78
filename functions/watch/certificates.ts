import type { Fleet } from "../../lib/sla/fleet.ts";
import { shardsOf } from "../../lib/sla/shards.ts";
import { certificateLasts, type TlsSeen } from "../../lib/sla/tls.ts";
import { inLanes } from "../kernel/lanes.ts";
import { keys, prefixes } from "../ledger/contract.ts";
import { hasLeft, keptReader } from "../ledger/fleet.ts";
import { rewrite } from "../ledger/written.ts";
import type { Notice } from "../notify/contract.ts";
import { certificateEnds, certificateUnwatched, certificateWell } from "./certificate-notice.ts";
import { TICK_SECONDS, type TickEvent } from "./contract.ts";
import type { Hands } from "./settle.ts";

type Site = Pick<Hands, "site" | "ledgers" | "clock" | "messenger">;

/** `watches/certificate--<instance>.json`, in the ledger of the site that told it: a certificate that ends soon. */
export interface CertificateTold {
  readonly instance: string;
  /** ISO 8601. */
  readonly ends: string;
  /** ISO 8601: people were told that it is over. */
  readonly wellAt?: string;
}

/** A look that shook hands. */
export interface CertificateLook {
  readonly instance: { readonly id: string; readonly url: string };
  readonly tls: TlsSeen;
}

const LANES = 16;

/**
 * Tells which certificates end soon, and once that one lasts of which that was told, whichever site did. It tells first and
 * remembers then: mails that left are known. Rejects where people could not be told.
 */
export async function tellCertificates(
  looks: readonly CertificateLook[],
  fleet: Fleet,
  site: Site,
): Promise<void> {
  const ending = looks.flatMap(({ instance, tls }) => {
    const notice = certificateEnds(instance, tls);
    return notice
      ? [{ notice, told: { instance: instance.id, ends: tls.certificateEnds ?? "" } }]
      : [];
  });
  const lasting = looks.filter(({ tls }) => certificateLasts(tls));
  const over = await inLanes(LANES, lasting, async ({ instance, tls }) => {
    const known = await openOf(instance.id, fleet, site);
    return known ? [{ known, notice: certificateWell(instance, tls, known.ends) }] : [];
  });
  const notices = [...ending, ...over.flat()].map(({ notice }) => notice);
  if (notices.length === 0) return;
  await site.messenger.notify({ notices });
  await inLanes(LANES, ending, ({ told }) => remember(told, site));
  await inLanes(LANES, over.flat(), ({ known, notice }) => forget(known, notice.at, fleet, site));
}

const EVERY_TICKS = 60;

/**
 * Once an hour, at control: says of certificates that end soon, and that nobody looks at any more, that nobody does. Resolves to what
 * did not work.
 */
export async function endCertificates(
  { scheduledTime, shard }: TickEvent,
  fleet: Fleet,
  site: Site,
): Promise<readonly string[]> {
  const tick = Math.round(Date.parse(scheduledTime) / (TICK_SECONDS * site.clock.paced(1)));
  const isOurs = site.site === fleet.control && shard === shardsOf(fleet)[0];
  if (!isOurs || tick % EVERY_TICKS !== 0) return [];
  try {
    const open = await allOpen(fleet, site);
    const gone = await inLanes(LANES, open, async (told) =>
      (await isLookedAt(told.instance, fleet, site)) ? [] : [told],
    );
    const at = new Date(scheduledTime).toISOString();
    const notices: readonly Notice[] = gone.flat().map((told) => certificateUnwatched(told, at));
    if (notices.length > 0) await site.messenger.notify({ notices });
    await inLanes(LANES, gone.flat(), (told) => forget(told, at, fleet, site));
    return [];
  } catch (cause) {
    return [cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)];
  }
}

async function isLookedAt(id: string, fleet: Fleet, { ledgers, site }: Site): Promise<boolean> {
  const instance = fleet.instances.find((each) => each.id === id);
  if (!instance?.url.startsWith("https:")) return false;
  return !(await hasLeft(ledgers(site), id));
}

/** Of each instance the one that ends last, of all ledgers that answer. */
async function allOpen(fleet: Fleet, { ledgers }: Site): Promise<readonly CertificateTold[]> {
  const asked = await Promise.allSettled(
    Object.keys(fleet.sites).map((each) =>
      keptReader<CertificateTold>(ledgers(each), prefixes.certificates)(),
    ),
  );
  const told = asked.flatMap((each) => (each.status === "fulfilled" ? each.value : []));
  const open = told.filter(isOpen).toSorted(byEnd);
  return [...new Map(open.map((each) => [each.instance, each])).values()];
}

async function openOf(
  instance: string,
  fleet: Fleet,
  { ledgers }: Site,
): Promise<CertificateTold | undefined> {
  const asked = await Promise.allSettled(
    Object.keys(fleet.sites).map((each) =>
      ledgers(each).read<CertificateTold>(keys.certificate(instance)),
    ),
  );
  const told = asked.flatMap((each) =>
    each.status === "fulfilled" ? (each.value?.value ?? []) : [],
  );
  return told.filter(isOpen).toSorted(byEnd).at(-1);
}

const isOpen = ({ wellAt }: CertificateTold) => wellAt === undefined;
const byEnd = (one: CertificateTold, other: CertificateTold) => (one.ends < other.ends ? -1 : 1);

const remember = (told: CertificateTold, { ledgers, site }: Site) =>
  rewrite<CertificateTold>(ledgers(site), keys.certificate(told.instance), (known) =>
    known?.ends === told.ends && isOpen(known) ? undefined : told,
  );

/** Wherever it is remembered; a ledger that does not answer brings it up again, and no mail leaves twice. */
const forget = ({ instance }: CertificateTold, wellAt: string, fleet: Fleet, { ledgers }: Site) =>
  Promise.allSettled(
    Object.keys(fleet.sites).map((each) =>
      rewrite<CertificateTold>(ledgers(each), keys.certificate(instance), (known) =>
        known && isOpen(known) ? { ...known, wellAt } : undefined,
      ),
    ),
  );
