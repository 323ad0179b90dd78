import type { Command } from "commander";
import { fleetCost } from "../sla/cost/fleet-cost.ts";
import { PRICES } from "../sla/cost/prices.ts";
import { costJson, costLines } from "./cost-lines.ts";
import { fleetOf } from "./fleet-of.ts";
import { databaseSizing, gbFlag } from "./gb-flag.ts";
import { say } from "./say.ts";
import { UserError } from "./user-error.ts";

interface CostFlags {
  readonly fleet?: string;
  readonly size: number;
  readonly dailyChange?: number;
  readonly hour: number;
  readonly machine: number;
  readonly json?: true;
}

export function register(program: Command): void {
  program
    .command("cost")
    .description("estimate what keeping the promises costs a month, beside other ways")
    .option("--fleet <file>", "fleet file (default: fleet.yaml, else the example)")
    .option("--size <gb>", "GB of a database", gbFlag("--size"), 20)
    .option(
      "--daily-change <gb>",
      "GB of it that change a day (default: a fiftieth)",
      gbFlag("--daily-change"),
    )
    .option("--machine <gb>", "GB of disks of a machine that has images", gbFlag("--machine"), 50)
    .option(
      "--hour <usd>",
      "US dollars an hour of its class in us-east-1",
      hourFlag,
      PRICES.databaseHour.dollars,
    )
    .option("--json", "print one JSON object")
    .action(cost);
}

const MOST_DOLLARS = 1000;

function hourFlag(text: string): number {
  const dollars = text.trim() === "" ? Number.NaN : Number(text);
  if (dollars > 0 && dollars <= MOST_DOLLARS) return dollars;
  throw new UserError(
    `--hour: expected US dollars above 0, at most ${MOST_DOLLARS}, like 0.065, got '${text}'`,
  );
}

/** Throws UserError. */
function cost({ fleet: file, hour, machine, json, ...given }: CostFlags): void {
  const fleet = fleetOf(file);
  const sizes = { ...databaseSizing(given), hourDollars: hour, machineGb: machine };
  const found = fleetCost(fleet, sizes);
  if (json) say(JSON.stringify(costJson(found, sizes)));
  else say(...costLines(found, sizes));
}
