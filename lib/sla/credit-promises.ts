import { isBelow, parsePercent } from "./books/percent.ts";
import type { Finding, Sold } from "./check.ts";
import type { Where } from "./promise-line.ts";
import type { Availability, Credits } from "./service-terms.ts";

type Band = Credits["bands"][number];
type Doubt = Pick<Finding, "status" | "restsOn" | "change" | "where">;

/** Whether every month below the objective earns what was meant, in a currency. */
export function creditPromises({ instance, plan }: Sold): readonly Finding[] {
  const { credits, availability } = plan;
  if (!credits) return [];
  const most = Math.max(0, ...credits.bands.map(({ creditPercent }) => creditPercent));
  const line = {
    promise: "credits",
    promised: `up to ${Math.min(most, credits.capPercent)} %`,
    covers: "application",
  } as const;
  const doubt = inconsistent(credits, availability);
  if (doubt) return [{ ...line, ...doubt }];
  if (instance.fee) {
    const { amount, currency } = instance.fee;
    const achievable = `of ${currency} ${amount.toFixed(2)}, claimed within ${credits.claimDays} days`;
    const written = credits.eligibility?.written;
    if (!written) return [{ ...line, status: "kept", achievable }];
    const restsOn = `if somebody checks of each claim: ${written.join("; ")}`;
    return [{ ...line, achievable, status: "conditional", restsOn }];
  }
  return [
    {
      ...{ ...line, status: "conditional", restsOn: "if you know the fee: only the share is told" },
      change: "add fee: { amount, currency } to the instance",
      where: { of: "instance", path: [] },
    },
  ];
}

const inPlan = (...path: Where["path"]): Where => ({ of: "plan", path });

function inconsistent(credits: Credits, sold: Availability | undefined): Doubt | undefined {
  const bands = byUpperEnd(credits);
  const [first] = bands;
  if (!sold) return broken("sell availability as well: credits follow from it", "availability");
  if (!first) return broken("add bands: no month earns anything", "credits", "bands");
  return gapIn(bands) ?? beyondCap(credits) ?? offObjective(first, sold);
}

const broken = (change: string, ...path: Where["path"]): Doubt => ({
  ...{ status: "broken", change },
  where: inPlan(...path),
});

const byUpperEnd = ({ bands }: Credits): readonly Band[] =>
  bands.toSorted((a, b) =>
    isBelow(parsePercent(a.belowPercent), parsePercent(b.belowPercent)) ? 1 : -1,
  );

/** From the highest band down: what begins below all that came before leaves a gap in which nothing is earned. */
function gapIn(bands: readonly Band[]): Doubt | undefined {
  let reached = bands[0]?.belowPercent ?? "0";
  for (const { belowPercent, fromPercent } of bands) {
    if (isBelow(parsePercent(belowPercent), parsePercent(reached))) {
      return nothingBetween(belowPercent, reached);
    }
    if (isBelow(parsePercent(fromPercent), parsePercent(reached))) reached = fromPercent;
  }
  return isBelow(parsePercent("0"), parsePercent(reached))
    ? nothingBetween("0", reached)
    : undefined;
}

const nothingBetween = (from: string, below: string) =>
  broken(
    `close the gap: from ${from} % to below ${below} % a month earns nothing`,
    ...["credits", "bands"],
  );

function beyondCap({ bands, capPercent }: Credits): Doubt | undefined {
  const above = bands.find(({ creditPercent }) => creditPercent > capPercent);
  if (!above) return undefined;
  const change = `raise credits.capPercent from ${capPercent} to at least ${above.creditPercent}, or lower the band: it is never paid`;
  return broken(change, "credits", "capPercent");
}

function offObjective(first: Band, { objectivePercent }: Availability): Doubt | undefined {
  const [upper, objective] = [parsePercent(first.belowPercent), parsePercent(objectivePercent)];
  const where = inPlan("credits", "bands");
  const change = `set belowPercent of the highest band from ${first.belowPercent} to ${objectivePercent}, the objective`;
  if (isBelow(upper, objective)) {
    const restsOn = `if a month from ${first.belowPercent} to below ${objectivePercent} % is meant to earn nothing`;
    return { status: "conditional", restsOn, change, where };
  }
  if (!isBelow(objective, upper)) return undefined;
  const restsOn = `if a month that holds ${objectivePercent} % and is below ${first.belowPercent} % is meant to earn something`;
  return { status: "conditional", restsOn, change, where };
}
