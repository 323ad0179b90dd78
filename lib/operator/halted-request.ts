import { FAILOVER_MACHINE, type FailoverRequest } from "../../functions/failover/contract.ts";
import { keys } from "../../functions/ledger/contract.ts";
import { RECOVER_MACHINE } from "../../functions/recover/contract.ts";
import { UserError } from "../cli/user-error.ts";
import type { Access } from "./access.ts";

interface Halted {
  /** Of the site in which it ran. */
  readonly region: string;
  readonly request: FailoverRequest;
}

interface Wanted {
  readonly id: string;
  readonly what: "failover" | "recovery";
}

type Asked = Pick<Access, "fleet" | "ledgers" | "machines">;

/**
 * What has halted under this name, or was broken off by the time of its machine, looked for in every site.
 * Throws UserError if nothing has.
 */
export async function haltedRequest(
  access: Asked,
  instance: string,
  { id, what }: Wanted,
): Promise<Halted> {
  const sites = Object.keys(access.fleet.sites);
  const first =
    (await firstIn(sites, (region) => noted(access, region, instance, id))) ??
    (await firstIn(sites, (region) => brokenOff(access, region, instance, { id, what })));
  if (!first) {
    throw new UserError(
      `--continue: no ${what} '${id}' of ${instance} has halted in ${sites.join(", ")}; the mail of the halt names it`,
    );
  }
  const was = first.request.recovery ? "recovery" : "failover";
  if (was === what) return first;
  const command = was === "recovery" ? "recover" : "failover";
  throw new UserError(
    `--continue: ${id} is a ${was}: npx sla ${command} ${instance} --continue ${id} --reason '…'`,
  );
}

async function firstIn(
  sites: readonly string[],
  look: (region: string) => Promise<Halted | undefined>,
): Promise<Halted | undefined> {
  const found = await Promise.all(sites.map(look));
  return found.find((each) => each !== undefined);
}

async function noted({ ledgers }: Asked, region: string, instance: string, id: string) {
  const read = await ledgers(region)
    .read<{ readonly request: FailoverRequest }>(keys.failover(instance, id, "halted"))
    .catch(() => undefined);
  return read && { region, request: read.value.request };
}

/** Whom its machine ended, or a person in the console, has left no note of a halt. */
async function brokenOff(
  { fleet, machines }: Asked,
  region: string,
  instance: string,
  { id, what }: Wanted,
): Promise<Halted | undefined> {
  const machine = what === "recovery" ? RECOVER_MACHINE : FAILOVER_MACHINE;
  const arn = `arn:aws:states:${region}:${fleet.provider.account}:execution:${machine}:${id}`;
  const found = await machines.describe(arn).catch(() => undefined);
  if (found?.request.instance !== instance || found.succeeded) return undefined;
  if (found.isRunning) {
    throw new UserError(
      `--continue: ${id} of ${instance} is running: sla status shows it, sla abort ${instance} stops it`,
      1,
    );
  }
  const { continues } = found.request;
  if (continues === undefined) return { region, request: found.request };
  throw new UserError(`--continue: ${id} went on with ${continues}: --continue ${continues}`);
}
