import type { Command } from "commander";
import { REGIONS } from "../sla/regions.ts";
import { say } from "./say.ts";
import { UserError } from "./user-error.ts";

interface AdoptFlags {
  readonly scan?: true;
  readonly regions?: readonly string[];
  readonly json?: true;
}

export function register(program: Command): void {
  program
    .command("adopt")
    .description("propose a fleet.yaml from what the account holds; changes nothing")
    .option("--scan", "read databases, names, load balancers and networks, and print the proposal")
    .option(
      "--regions <list>",
      "only these, like eu-central-1,eu-west-1 (default: all)",
      regionsFlag,
    )
    .option("--json", "print one JSON object instead of YAML")
    .action(adopt);
}

function regionsFlag(text: string): readonly string[] {
  const regions = [...new Set(text.split(",").map((each) => each.trim()))];
  const stranger = regions.find((region) => !Object.hasOwn(REGIONS, region));
  if (stranger === undefined) return regions;
  throw new UserError(
    `--regions: expected regions of the public AWS partition, like eu-central-1,eu-west-1, got '${stranger}'`,
  );
}

/** Sets the exit code: 1 if something could not be read, so that the proposal may lack it. Throws UserError. */
async function adopt({ scan, regions, json }: AdoptFlags): Promise<void> {
  if (!scan) {
    throw new UserError(
      "adopt: give --scan, which proposes a fleet.yaml; what it names is prepared by hand: README, First deploy",
    );
  }
  const { scanAccount } = await import("../operator/adopt/scan.ts");
  const { lines, isWhole } = await scanAccount({
    env: process.env,
    json: json === true,
    progress: (line) => console.error(`sla: ${line}`),
    ...(regions && { regions }),
  });
  say(...lines);
  if (!isWhole) process.exitCode = 1;
}
