import { keys } from "../../functions/ledger/contract.ts";
import { addressOf } from "../../functions/status/address.ts";
import type { SealedDays, StatusMemory } from "../../functions/status/contract.ts";
import { type Heard, listener } from "../../functions/status/heard.ts";
import { whatIsKnown } from "../../functions/status/known.ts";
import { statusPage } from "../../functions/status/page.ts";
import { sceneOf } from "../../functions/status/scene.ts";
import { customerView, publicView } from "../../functions/status/view.ts";
import { UserError } from "../cli/user-error.ts";
import type { Access } from "./access.ts";
import { noLedger } from "./no-ledger.ts";
import { waitingFor, waitingSection } from "./waiting.ts";

/** The pages of a fleet as the ledgers that answer say them now, whoever publishes them or cannot. */
async function pagesNow({ fleet, ledgers, clock }: Access) {
  const { control } = fleet;
  const heard = await listener(fleet, ledgers, clock)(fleet);
  if (heard.said.length === 0) throw noneAnswers(heard);
  const [memory, sealed] = await Promise.all([
    ledgers(control)
      .read<StatusMemory>(keys.status(control))
      .catch(() => undefined),
    ledgers(control)
      .read<SealedDays>(keys.statusDays())
      .catch(() => undefined),
  ]);
  const looked = { now: clock.now(), pacer: clock };
  const { known } = whatIsKnown(fleet, heard, memory?.value, looked);
  return { ...sceneOf(fleet, known, heard, looked, sealed?.value), memory: memory?.value };
}

const noneAnswers = ({ silent }: Heard) => noLedger(silent, { exitCode: 2 });

/**
 * The page for everybody, or that of the customer who has an instance of this id: one file that needs no other.
 * Throws UserError where no ledger answers, or there is no such customer.
 */
export async function pageNow(access: Access, instance: string | undefined): Promise<string> {
  const { scene, audiences } = await pagesNow(access);
  // Ids in a file lead nowhere: nothing has to stand for them.
  if (instance === undefined)
    return statusPage(
      publicView(scene, () => "row"),
      "inside",
    );
  const theirs = audiences.filter(({ instances }) => instances.some(({ id }) => id === instance));
  const [audience, another] = theirs;
  if (audience && !another) return statusPage(customerView(scene, audience.instances), "inside");
  if (!audience) throw new UserError(`${instance}: no ledger knows it, so it is on no page`);
  throw new UserError(
    `${instance}: it is on ${theirs.length} pages, of ${theirs.map(({ key }) => key).join(", ")}: name an instance of one of them only`,
  );
}

/** All instances by their ids, after what waits for the provider's own people. Throws UserError where no ledger answers. */
export async function providersPage(access: Access): Promise<string> {
  const [{ scene }, waiting] = await Promise.all([pagesNow(access), waitingFor(access)]);
  const view = customerView(scene, access.fleet.instances);
  return statusPage(view, "inside", waitingSection(waiting));
}

/** Where a page is read. */
export interface PageLink {
  /** Absent: everybody's. */
  readonly customer?: string;
  readonly instances: readonly string[];
  readonly url: string;
}

/** Addresses of all pages; `secret` is what those of customers follow from. Throws UserError where the fleet publishes none, or none has been published yet. */
export async function pageLinks(
  access: Access,
  secret: () => Promise<string>,
): Promise<readonly PageLink[]> {
  const { fleet } = access;
  if (!fleet.status) {
    throw new UserError("--links: the fleet publishes no pages: add status: {} and deploy it");
  }
  const { audiences, memory } = await pagesNow(access);
  if (!memory) {
    throw new UserError(
      `--links: nothing has been published yet; ${fleet.control} does it a minute after its stack was deployed`,
      1,
    );
  }
  const { address } = memory;
  const known = await secret();
  return [
    { instances: [], url: address },
    ...audiences.map((audience) => ({
      customer: audience.key,
      instances: audience.instances.map(({ id }) => id),
      url: addressOf(address, known, audience),
    })),
  ];
}
