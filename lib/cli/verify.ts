import type { Command } from "commander";
import type { SlaError } from "../../functions/kernel/errors.ts";
import type { FrozenSeals } from "../../functions/report/contract.ts";
import type { InstanceFigures } from "../books/month-report.ts";
import type { ReportWish } from "../books/open-month.ts";
import type { Place } from "../operator/verify.ts";
import type { VerifiedPublication } from "../operator/verify-published.ts";
import type { Span } from "../sla/books/month.ts";
import type { Fleet } from "../sla/fleet.ts";
import { fleetOf } from "./fleet-of.ts";
import { monthsAsked } from "./months-asked.ts";
import { say } from "./say.ts";

interface VerifyFlags {
  readonly month: string;
  readonly ledger?: string;
  readonly fleet?: string;
  readonly json?: true;
}

export function register(program: Command): void {
  program
    .command("verify")
    .description(
      "follow a month's evidence: seals, roll-ups, every record; exit 1 if it was changed",
    )
    .requiredOption("--month <month>", "the calendar month in each instance's zone, like 2026-10")
    .option(
      "--ledger <place>",
      "a directory or s3://BUCKET[/PREFIX],… with copies (default: all sites' ledgers)",
    )
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--json", "print one JSON object instead of lines")
    .action(verify);
}

/** Throws UserError. Exit code 1 where something was found. */
async function verify({ month, ledger, fleet: file, json }: VerifyFlags): Promise<void> {
  const fleet = fleetOf(file);
  const { timezone } = fleet.provider;
  const { instances } = fleet;
  const { span } = monthsAsked({ month }, instances, fleet, Date.now());
  const own = await (ledger === undefined ? deployed(fleet) : copied(ledger));
  const isCopy = ledger !== undefined;
  const absent = isCopy ? await absentPlaces(fleet, own, span) : [];
  const places = [...own, ...absent, ...(await formerPlaces(fleet, own, { span, isCopy }))];
  const operator = await import("../operator/verify.ts");
  const begin = (name: string) => console.error(`sla: reading ${name || "the ledger"}…`);
  const found = await operator.verify(places, { span, now: new Date(), begin });
  const published = await publications(places, month, () =>
    settled({ month, instances, now: Date.now }, fleet, places),
  );
  const isOk =
    found.some(({ days }) => days > 0) &&
    [...found, ...published].every(({ findings }) => findings.length === 0);
  if (json) say(JSON.stringify({ month, timezone, ok: isOk, places: found, published }));
  else say(...(await import("../operator/verify-lines.ts")).verifyLines(month, found, published));
  if (!isOk) process.exitCode = 1;
}

async function publications(
  places: readonly Place[],
  month: string,
  settle: () => Promise<readonly InstanceFigures[] | undefined>,
): Promise<readonly VerifiedPublication[]> {
  const { verifyPublished } = await import("../operator/verify-published.ts");
  const found: VerifiedPublication[] = [];
  for (const place of places) {
    const publication = await verifyPublished(place, month, settle);
    if (publication) found.push(publication);
  }
  return found;
}

/** Undefined where the evidence is not what was sealed: that has been found already. */
async function settled(
  wish: ReportWish,
  fleet: Fleet,
  places: readonly Place[],
): Promise<readonly InstanceFigures[] | undefined> {
  const { openMonth } = await import("../books/open-month.ts");
  const { figuresOf } = await import("../books/month-report.ts");
  const shelves = places.map(({ shelf }) => shelf);
  try {
    return await figuresOf(await openMonth(wish, fleet, shelves));
  } catch (cause) {
    if ((cause as Partial<SlaError>).code === "EvidenceChanged") return undefined;
    throw cause;
  }
}

async function deployed(fleet: Fleet): Promise<readonly Place[]> {
  const [{ accessTo }, { frozenSeals }] = await Promise.all([
    import("../operator/access.ts"),
    import("../operator/frozen-seals.ts"),
  ]);
  const { ledgers, clock } = await accessTo(fleet, process.env);
  const frozen = fleet.frozen && frozenSeals(clock);
  return Object.keys(fleet.sites).map((name) => ({ name, shelf: ledgers(name), frozen }));
}

/** Sites of the fleet of whose ledgers there is no copy: what another one keeps of them is looked at all the same. */
async function absentPlaces(
  fleet: Fleet,
  own: readonly Place[],
  { fromMs, toMs }: Span,
): Promise<readonly Place[]> {
  const [{ missingSites }, { dayOf }] = await Promise.all([
    import("../operator/missing-sites.ts"),
    import("../../functions/report/days.ts"),
  ]);
  const days = [dayOf(fromMs), dayOf(toMs - 1)] as const;
  const missing = await missingSites(Object.keys(fleet.sites), own, days);
  const frozen = own.find((each) => each.frozen)?.frozen;
  return missing.map(({ site, shelf }) => ({
    ...{ name: site, shelf, frozen },
    ...{ isFormer: true, isMissing: true },
  }));
}

/** Those whose ledger is not at hand itself. */
async function formerPlaces(
  fleet: Fleet,
  own: readonly Place[],
  { span: { fromMs, toMs }, isCopy }: { readonly span: Span; readonly isCopy: boolean },
): Promise<readonly Place[]> {
  const [{ formerSites }, { dayOf }] = await Promise.all([
    import("../../functions/report/former-sites.ts"),
    import("../../functions/report/days.ts"),
  ]);
  const sites = [...Object.keys(fleet.sites), ...own.map(({ name }) => name)];
  // The function that shows what is frozen went with its site; a copy of the bucket has the seals of all.
  const asked = isCopy ? own.find(({ frozen }) => frozen)?.frozen : undefined;
  const former = await formerSites(sites, own, [dayOf(fromMs), dayOf(toMs - 1)]);
  return former.map(({ site, shelf }) => ({
    name: site,
    shelf,
    frozen: asked,
    isFormer: true,
  }));
}

async function copied(where: string): Promise<readonly Place[]> {
  const [{ copiesAt }, { shownReading }] = await Promise.all([
    import("../operator/ledger-copies.ts"),
    import("./reading-shown.ts"),
  ]);
  const { ledgers, frozen: vault } = await copiesAt(where, process.env);
  const frozen = vault && frozenCopy(vault);
  return shownReading(ledgers).map(({ name, shelf }) => ({ name, shelf, frozen }));
}

const frozenCopy =
  (vault: Place["shelf"]) =>
  async (site: string, days: readonly string[]): Promise<FrozenSeals> => {
    const { shownSeals } = await import("../../functions/report/shown-seals.ts");
    return shownSeals(vault, site, { frozenSeals: days });
  };
