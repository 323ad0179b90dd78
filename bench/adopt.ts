// Forty living databases adopted: plan time beside what nobody can shorten, calls, and what a kill costs.
import { adoptAll } from "../lib/operator/adopting/adopt.ts";
import { adoptSteps } from "../lib/operator/adopting/steps.ts";
import type { WalkReport } from "../lib/operator/adopting/walk.ts";
import { Killed, LivingAccount, MASTER } from "../test/fakes/living-account.ts";
import { counted, type Port } from "./adopt/counted.ts";
import { EventClock } from "./adopt/event-clock.ts";
import { COUNT, FLEET } from "./adopt/fleet.ts";
import { main, report, title } from "./print.ts";

const START = "2026-11-23T08:00:00.000Z";
/** Of the account: a replica is copied for two hours, then its backups are switched on for ten minutes; resolvers kept names for an hour. */
const BUILT_SECONDS = 2 * 3600 + 600;
const TTL_SECONDS = 3600;
/** Snapshots that RDS copies into a region at a time: it makes a replica of each. */
const COPIES_AT_ONCE = 20;
const LEAST_SECONDS = Math.max(Math.ceil(COUNT / COPIES_AT_ONCE) * BUILT_SECONDS, TTL_SECONDS);

const newAccount = () => new LivingAccount(FLEET, { clock: new EventClock(START) });

interface Walked {
  readonly reports: readonly WalkReport[];
  readonly calls: Readonly<Record<Port, number>>;
  readonly seconds: number;
}

/** One run of the command, to its end. Rejects if it is killed. */
async function walked(account: LivingAccount): Promise<Walked> {
  const { world, calls } = counted(account);
  const from = account.clock.now().getTime();
  const reports = await adoptAll({
    ...{ fleet: FLEET, instances: FLEET.instances, world, dryRun: false, tell: () => undefined },
    wish: { readsRows: true, masters: { postgres: MASTER } },
    steps: () => adoptSteps(() => "x"),
  });
  return { reports, calls, seconds: (account.clock.now().getTime() - from) / 1000 };
}

const sum = (calls: Readonly<Record<string, number>>) =>
  Object.values(calls).reduce((all, each) => all + each, 0);

const isReady = ({ steps }: WalkReport) => steps.at(-1)?.is === "next";

/** Up to the deployment; then with everything there, as whoever looks again finds it. */
async function unbroken() {
  const account = newAccount();
  const { reports, calls, seconds } = await walked(account);
  if (!reports.every(isReady)) throw new Error("not all of them are ready for the deployment");
  const { changes } = account;
  const again = await walked(account);
  return { calls, seconds, changes, repeat: sum(again.calls), repeated: account.changes - changes };
}

/** Killed in the middle of its changes, and begun again. */
async function resumed(changes: number) {
  const account = newAccount();
  account.dies = { at: Math.floor(changes / 2), having: "done" };
  const ended = await walked(account).catch((cause: unknown) => cause);
  if (!(ended instanceof Killed)) throw new Error("nobody was killed");
  account.revive();
  const { reports } = await walked(account);
  if (!reports.every(isReady)) throw new Error("not all of them are ready after the kill");
  const seconds = (account.clock.now().getTime() - Date.parse(START)) / 1000;
  return { seconds, twice: account.changes - changes };
}

const hours = (seconds: number) => `${(seconds / 3600).toFixed(2)} h`;

await main(async () => {
  title(`Adopting: ${COUNT} living databases at once, in plan time`);
  const from = process.cpuUsage();
  const whole = await unbroken();
  const after = await resumed(whole.changes);
  const { user, system } = process.cpuUsage(from);
  const byPort = Object.entries(whole.calls).map(
    ([port, calls]) => `${port} ${(calls / COUNT).toFixed(1)}`,
  );
  console.log(
    `least: ${hours(LEAST_SECONDS)}, ${COPIES_AT_ONCE} replicas of two hours at a time; processor ${((user + system) / 1e6).toFixed(1)} s`,
  );
  return report([
    {
      ...{ what: "until a deployment is all it lacks", value: whole.seconds, unit: "s" },
      limit: 1.1 * LEAST_SECONDS,
      parts: [
        `${hours(whole.seconds)}, ${(whole.seconds / LEAST_SECONDS).toFixed(2)} of the least`,
      ],
    },
    {
      ...{ what: "the same, killed in the middle", value: after.seconds, unit: "s" },
      limit: 1.1 * LEAST_SECONDS,
      parts: [`${hours(after.seconds)}; ${after.twice} of ${whole.changes} changes done twice`],
    },
    {
      ...{ what: "calls of one database", value: sum(whole.calls) / COUNT, unit: "x", limit: 600 },
      parts: [byPort.slice(0, 4).join(", "), byPort.slice(4).join(", ")],
    },
    {
      ...{ what: "calls of a look at one that is ready", value: whole.repeat / COUNT, unit: "x" },
      limit: 40,
      parts: [`${whole.repeated} changes`],
    },
  ]);
});
