import { rdsRemoving } from "../../functions/aws/rds-shelf.ts";
import type { FreshRequest } from "../../functions/reconcile/contract.ts";
import { backupId, type Listed, type Shelved, shelved } from "../sla/backups/catalogue.ts";
import { type FreshStage, freshStage } from "../sla/backups/fresh-stage.ts";
import type { Access } from "./access.ts";
import { frozenOf } from "./download.ts";
import { rolesOf } from "./roles-of.ts";

/** Looks at one backup; undefined where it is not. */
export type FreshEyes = (region: string, id: string) => Promise<Listed | undefined>;

export const rdsEyes = ({ clock, fleet }: Pick<Access, "clock" | "fleet">): FreshEyes => {
  const { account } = fleet.provider;
  return (region, id) => rdsRemoving(clock, { account, region }).look(id);
};

/** How far it has come, as its backups say. */
export async function freshNow(
  access: Access,
  eyes: FreshEyes,
  { instance, askedAt, epoch }: FreshRequest,
): Promise<FreshStage> {
  const frozenIn = frozenOf(access).region;
  const askedMs = Date.parse(askedAt);
  const roles = await rolesOf(access, instance);
  // A failover in between gives it another name.
  const ids = new Set([epoch, roles.epoch].map((each) => backupId(instance, askedMs, each)));
  const seen = async (region: string): Promise<readonly Shelved[]> => {
    const found = await Promise.all([...ids].map((id) => eyes(region, id)));
    return found.flatMap((listed) => (listed && shelved(listed)) ?? []);
  };
  const here = await seen(frozenIn);
  // Once it lies where dumps are made, the primary's region may be lost.
  const all = here.length > 0 ? here : await seen(roles.primary.region);
  return freshStage(all, { askedMs, frozenIn }, access.clock.now().getTime());
}

/** Nothing more will be done about it. */
export const isOver = ({ kind }: FreshStage): boolean =>
  kind === "frozen" || kind === "refuted" || kind === "given-up";
