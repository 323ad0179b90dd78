import type { Instance } from "../../lib/sla/fleet.ts";
import { modelSeat, nextStandby, type Roles, type Seat } from "../../lib/sla/roles.ts";
import { keys } from "../ledger/contract.ts";
import type { DropNote } from "./drop-delete.ts";
import { halt } from "./errors.ts";
import type { Planned, ReprotectBegun } from "./reprotect-case.ts";
import { lockFor, rolesUnlessOvertaken } from "./reprotect-claim.ts";
import { reprotectName } from "./reprotect-contract.ts";
import type { Taken } from "./step.ts";
import { type AssessWorld, instanceOf } from "./world.ts";

/** One reprotect at a time, of an instance that nobody stands by for; says which replica will. */
export async function reprotectAdmit(
  world: AssessWorld,
  begun: ReprotectBegun,
): Promise<Taken<Planned>> {
  const { request } = begun;
  const instance = instanceOf(world, request.instance);
  const before = await rolesUnlessOvertaken(world, begun);
  if (before.standby) {
    halt("HaltProtected", `${instance.id}: ${before.standby.database} stands by already`);
  }
  const seat = nextStandby(instance, before);
  if (!seat) return halt("HaltNoStandby", `${instance.id}: the fleet names no standby for it`);
  await lockFor(world, begun);
  const id = reprotectName(request);
  const model = modelSeat(before, seat) ?? firstThere(instance, seat);
  const inherited = await inheritedOf(world, instance.id, id);
  await world
    .ledgers(world.region)
    .create(keys.reprotect(instance.id, id, "admit"), { request, before, seat, model });
  return {
    next: { ...begun, id, before, seat, model, ...(inherited && { inherited }) },
    detail: `admitted on epoch ${before.epoch}: ${seat.database} in ${seat.region} is to stand by${follows(before)}`,
  };
}

/** Noted before a standby was deleted, for whoever builds its successor. */
const inheritedOf = async ({ ledgers, region }: AssessWorld, instance: string, id: string) =>
  (await ledgers(region).read<DropNote>(keys.reprotect(instance, id, "dropped")))?.value.model;

const follows = ({ primary }: Roles) => ` for ${primary.database} in ${primary.region}`;

/** Roles of before this version do not say who was primary once: then it was the fleet's. */
const firstThere = ({ home, database }: Instance, { region }: Seat): Seat => ({
  region,
  database: region === home ? database.primary : (database.standby ?? database.primary),
});
