// A region with fifty instances is lost: how long each takes, and how many calls a second they make to Route 53.
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { FailoverRequest } from "../functions/failover/contract.ts";
import { clockFrom } from "../functions/kernel/clock.ts";
import { keys } from "../functions/ledger/contract.ts";
import { wholeNumberWithin } from "../lib/drill/options.ts";
import { firstRoles } from "../lib/sla/roles.ts";
import { ROOT } from "./drill/command.ts";
import { main, median, report, table, title, worst } from "./print.ts";
import { openCloud } from "./region/cloud.ts";
import { PROMOTION_SECONDS, StandinDatabases } from "./region/databases.ts";
import { type Ended, failOverAll } from "./region/failovers.ts";
import { fleetOfCopies } from "./region/fleet.ts";
import { type Calls, callsOf, LIMIT_A_SECOND } from "./region/route53-calls.ts";

const PACE = 10;
const RTO_SECONDS = 1800;

await main(async () => {
  const { values } = parseArgs({
    options: {
      instances: { type: "string", default: "50" },
      pace: { type: "string", default: String(PACE) },
    },
  });
  const count = wholeNumberWithin("--instances", 2, 500)(values.instances);
  const factor = wholeNumberWithin("--pace", 1, 60)(values.pace);
  title(`Region incident: ${count} instances, pace ${factor}`);
  console.log(
    [
      "Real: the failover machine, its steps, Route 53 with its five calls a second,",
      "DNS, S3. Not real: databases (nothing runs behind them; a promotion takes",
      `${PROMOTION_SECONDS} s of plan time), probes, and Lambda, whose starts cost nothing.`,
    ].join("\n"),
  );
  const { ended, calls } = await measure(count, factor);
  for (const line of table(["", "median", "worst"], rowsOf(ended, calls))) console.log(line);
  const failed = ended.filter(({ status }) => status !== "SUCCEEDED");
  for (const { instance, status } of failed) console.log(`${instance}: ${status}`);
  const seconds = worst(ended.map((each) => each.seconds));
  const holds = report([
    { what: "last instance led over, plan time", value: seconds, unit: "s", limit: RTO_SECONDS },
    {
      what: "Route 53 calls a second, busiest ten",
      value: calls.aSecond,
      unit: "/s",
      limit: LIMIT_A_SECOND,
    },
  ]);
  return holds && failed.length === 0;
});

async function measure(count: number, factor: number) {
  const fleet = fleetOfCopies(join(ROOT, "examples", "fleet.yaml"), count);
  const clock = clockFrom({ SLA_PACE: String(factor) });
  const cloud = await openCloud(fleet, clock, factor);
  try {
    const lostAt = new Date(clock.now().getTime() - clock.paced(60)).toISOString();
    const databases = new StandinDatabases(fleet.instances, clock, lostAt);
    await cloud.createRecords(databases);
    for (const instance of fleet.instances) {
      const first = firstRoles(fleet, instance, lostAt);
      for (const site of Object.keys(fleet.sites)) {
        await cloud.ledgers(site).create(keys.roles(instance.id), first);
      }
    }
    const site = fleet.instances[0]?.standby ?? "";
    const from = Date.now();
    const requests = fleet.instances.map(({ id }) => requestOf(id, lostAt));
    const ended = await failOverAll({ fleet, site, clock, cloud, databases, factor }, requests);
    return { ended, calls: callsOf(cloud.log.all(), from, factor) };
  } finally {
    await cloud.close();
  }
}

function requestOf(instance: string, firstBadAt: string): FailoverRequest {
  return {
    ...{ instance, incident: "bench", epoch: 1, trigger: "watch", reason: "the region is lost" },
    firstBadAt,
    lastSeen: { standbyBeat: firstBadAt, primaryBeat: firstBadAt, streaming: true },
  };
}

function rowsOf(ended: readonly Ended[], { total, throttled, perInstance }: Calls) {
  const seconds = ended.map((each) => each.seconds);
  return [
    ["seconds of plan time an instance", median(seconds).toFixed(0), worst(seconds).toFixed(0)],
    ["calls to Route 53 taken", String(total), ""],
    ["calls turned away (Throttling)", String(throttled), ""],
    ["calls an instance", perInstance.toFixed(1), ""],
  ];
}
