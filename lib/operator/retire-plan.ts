import { type Debt, type FenceDebt, isFence } from "../../functions/failover/debt.ts";
import { newer } from "../../functions/failover/debt-copies.ts";
import { hasOnly } from "../../functions/failover/fence-groups.ts";
import type { DatabaseState } from "../../functions/failover/ports.ts";
import { prefixes } from "../../functions/ledger/contract.ts";
import { UserError } from "../cli/user-error.ts";
import type { Instance } from "../sla/fleet.ts";
import { isSameSeat, type Roles, type Seat } from "../sla/roles.ts";
import type { Access } from "./access.ts";
import { askSites } from "./ask-sites.ts";
import { instanceStatus } from "./instance-status.ts";
import { readInstanceBooks } from "./site-books.ts";

export interface RetireWish {
  readonly reason: string;
  /** Which of several old primaries. */
  readonly database?: string;
  /** Though nobody could look through all its tables for rows that its successor never had. */
  readonly evenIfUnread: boolean;
}

/** An old primary that may go. */
export interface RetirePlan {
  readonly instance: string;
  readonly seat: Seat;
  /** Absent: it is gone already. */
  readonly state?: DatabaseState;
  readonly debts: readonly FenceDebt[];
  readonly snapshot: string;
  readonly reason: string;
}

/** Throws UserError (exit 1), one for each reason for which it has to stay. */
export async function planRetirement(
  access: Access,
  instance: Instance,
  wish: RetireWish,
): Promise<RetirePlan> {
  refuseCluster(instance);
  const roles = await protectedRolesOf(access, instance);
  const seat = chosen(instance, oldSeats(roles), wish.database);
  const [state, debts] = await Promise.all([
    access.registry.describe(seat),
    debtsOn(access, instance, seat),
  ]);
  const digits = access.clock
    .now()
    .toISOString()
    .replace(/[^0-9]/g, "")
    .slice(0, 14);
  const { reason } = wish;
  const plan = {
    instance: instance.id,
    seat,
    debts,
    reason,
    snapshot: `${seat.database}-final-${digits}`,
  };
  if (!state) return plan;
  refuseUnfenced(access, seat, state, debts);
  if (!wish.evenIfUnread) refuseUnread(seat, debts);
  return { ...plan, state };
}

function refuseCluster({ id, database: { global } }: Instance): void {
  if (global === undefined) return;
  throw new UserError(
    `${id}: RDS makes the old primary of the global database ${global} its standby: nothing to retire`,
    1,
  );
}

/** The newest roles, for sure: a ledger that does not answer might give the database a seat. */
async function protectedRolesOf(access: Access, instance: Instance): Promise<Roles> {
  const { id } = instance;
  const asked = await askSites(access, (site) => readInstanceBooks(access, site, id));
  const [silent] = asked.unanswered;
  if (silent) {
    throw new UserError(
      `${id}: the ledger of ${silent.region} might know newer roles: ${silent.why}`,
      1,
    );
  }
  const plan = access.fleet.plans[instance.plan];
  if (!plan) throw new UserError(`the fleet has no plan '${instance.plan}'`);
  const known = { ...asked, now: access.clock.now(), pacer: access.clock };
  const { roles, redundancy, failover } = instanceStatus(instance, plan, known);
  if (!roles) throw new UserError(`${id}: no ledger knows its roles; deploy the sites`);
  if (failover) throw new UserError(`${id}: ${failover.execution} is running; see sla status`, 1);
  if (redundancy === "streaming") return roles;
  throw new UserError(
    `${id}: no new standby streams (${redundancy}): until one does, the old primary is all there is beside the new one`,
    1,
  );
}

const oldSeats = ({ former = [], primary, standby }: Roles): readonly Seat[] =>
  former.filter(
    (old) => ![primary, standby].some((seat) => seat !== undefined && isSameSeat(seat, old)),
  );

function chosen({ id }: Instance, old: readonly Seat[], asked: string | undefined): Seat {
  const names = old.map(({ database, region }) => `${database} in ${region}`).join(", ");
  if (old.length === 0)
    throw new UserError(`${id}: it was never failed over: nothing to retire`, 1);
  const fitting = old.filter(({ database }) => asked === undefined || database === asked);
  const [seat] = fitting;
  if (!seat) throw new UserError(`--database: '${asked}' is no old primary of ${id}: ${names}`);
  if (fitting.length === 1) return seat;
  throw new UserError(`${id} has several old primaries: say which by --database: ${names}`);
}

/** What any ledger knows to be owed, or to have been, on this database. */
async function debtsOn(
  { ledgers, fleet }: Access,
  { id }: Instance,
  { region, database }: Seat,
): Promise<readonly FenceDebt[]> {
  const found = await Promise.all(
    Object.keys(fleet.sites).map(async (site) => {
      const ledger = ledgers(site);
      const listed = await ledger.list(`${prefixes.debts}${id}/`);
      return Promise.all(listed.map(async ({ key }) => (await ledger.read<Debt>(key))?.value));
    }),
  );
  const its = found
    .flat()
    .flatMap((debt) => (debt && isFence(debt) ? [debt] : []))
    .filter((debt) => debt.region === region && debt.database === database);
  return [...Map.groupBy(its, ({ kind }) => kind).values()].map((copies) => copies.reduce(newer));
}

function refuseUnfenced(
  { fleet }: Access,
  { region, database }: Seat,
  state: DatabaseState,
  debts: readonly FenceDebt[],
): void {
  const owed = debts.find((debt) => debt.state === "owed");
  if (owed) {
    throw new UserError(
      `${database} in ${region} is not fenced yet: ${owed.because}; see sla status`,
      1,
    );
  }
  const quarantine = fleet.sites[region]?.quarantineGroup ?? "";
  if (hasOnly(state, [quarantine])) return;
  const groups = state.groups.map(({ id }) => id).join(", ");
  throw new UserError(
    `${database} in ${region} is not in quarantine: its groups are ${groups}; find out who uses it`,
    1,
  );
}

/** Fenced late, it may hold rows that its successor never had: they must have been looked for, all of them. */
function refuseUnread({ database }: Seat, debts: readonly FenceDebt[]): void {
  const late = debts.filter(({ mail, unsevered }) => mail !== undefined || unsevered);
  const hidden = late.find(
    ({ divergent = "not looked for", unsevered, unsearched }) =>
      unsevered || unsearched || /not (be )?looked/.test(divergent),
  );
  if (!hidden) return;
  const { divergent = "not looked for yet", unread } = hidden;
  const found = unread === undefined ? divergent : `${divergent}; not looked through: ${unread}`;
  throw new UserError(
    `${database}: rows that its successor never had: ${found}; docs/runbook.md, fence-debts, says how to let it look; --even-if-unread leaves them to the snapshot`,
    1,
  );
}
