import type { Acknowledgement } from "./processes/writers.ts";
import type { Check, Failback } from "./result.ts";
import type { WayBack } from "./there-and-back.ts";

/** What the way home cost, counted when nobody writes any more. */
export function failbackOf(
  way: WayBack,
  acknowledged: readonly Acknowledgement[],
  present: ReadonlySet<number>,
): Failback {
  const { askedAt, servers, reprotectSeconds, measuredAt, epoch, records, primary } = way;
  const through = acknowledged.filter(({ server }) => servers.includes(server));
  const [there, home] = servers;
  const last = through.filter(({ server }) => server === there).at(-1);
  const first = through.find(({ server }) => server === home);
  return {
    rows: through.length,
    rpoRows: through.filter(({ id }) => !present.has(id)).length,
    seconds: askedAt === null || !first ? null : (first.at - askedAt) / 1000,
    heldSeconds: last && first ? Math.max(0, first.at - last.at) / 1000 : null,
    reprotectSeconds,
    measuredAt,
    epoch,
    primary: primary.database,
    homeApp: primary.app ?? null,
    records,
    ...(way.failure !== undefined && { failure: way.failure }),
  };
}

/** There and back: the failover, the new standby, the way home. */
const EPOCH_AT_HOME = 4;

/** What must hold of a way home. */
export const failbackChecks = (failback: Failback): readonly Check[] => {
  const { rows, rpoRows, seconds, reprotectSeconds, measuredAt, epoch, records, failure } =
    failback;
  const targets = new Set(records);
  return [
    {
      name: "a new standby showed a row that was written after the failover",
      ok: reprotectSeconds !== null,
      found:
        reprotectSeconds === null ? (failure ?? "none") : `after ${reprotectSeconds.toFixed(2)} s`,
    },
    {
      name: "the planned failback led clients home",
      ok: seconds !== null && failure === undefined,
      found:
        seconds === null ? (failure ?? "no") : `${seconds.toFixed(2)} s after it was asked for`,
    },
    {
      name: "no row written through it is lost",
      ok: seconds !== null && rpoRows === 0,
      found: `${rpoRows} of ${rows}`,
    },
    {
      name: "its RPO of 0 was measured by position",
      ok: measuredAt !== null,
      found: measuredAt ?? "not measured",
    },
    {
      name: "all record sets lead home",
      ok: records.length > 0 && [...targets].every((target) => isHome(target, failback)),
      found: [...targets].join(", ") || "none",
    },
    {
      name: "the roles are at the epoch of home",
      ok: epoch === EPOCH_AT_HOME,
      found: String(epoch),
    },
  ];
};

/** A database's endpoint begins with its name; applications have names of their own. */
const isHome = (target: string, { primary, homeApp }: Failback) =>
  target.startsWith(`${primary}.`) || target === homeApp;
