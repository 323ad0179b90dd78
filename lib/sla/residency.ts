import { isFrozen } from "./destination.ts";
import type { Fleet, Instance } from "./fleet.ts";
import type { Plan, Residency } from "./plan.ts";
import type { Where } from "./promise-line.ts";
import { describeRegion, placesOf } from "./regions.ts";

/** Something of an instance that lies where the plan does not allow it. */
export interface Misplaced {
  readonly what: "instances" | "backups";
  readonly where: Where;
  readonly message: string;
}

/** Everything of one instance that lies outside the places its plan promises; empty: residency is kept. */
export function misplacedOf(
  fleet: Pick<Fleet, "frozen">,
  instance: Instance,
  plan: Plan,
): readonly Misplaced[] {
  const { residency } = plan;
  if (!residency) return [];
  return [
    ...ofHome(instance, residency),
    ...ofStandby(instance, residency),
    ...ofBackups(fleet, instance, plan),
  ];
}

function ofHome({ home }: Instance, { home: allowed }: Residency): readonly Misplaced[] {
  return outside("instances", of("instance", "home"), home, allowed);
}

function ofStandby({ home, standby }: Instance, residency: Residency): readonly Misplaced[] {
  if (standby === undefined) return [];
  const { standby: allowed, together } = residency;
  const stray = outside("instances", of("instance", "standby"), standby, allowed);
  if (stray.length > 0 || !together || !allowed) return stray;
  const places = placesOf(home, allowed).filter((place) =>
    placesOf(standby, allowed).includes(place),
  );
  if (places.length > 0) return [];
  const message = `${describeRegion(standby)} is in another area than home ${describeRegion(home)}; the plan keeps both in one`;
  return [{ what: "instances", where: of("instance", "standby"), message }];
}

function ofBackups(
  { frozen }: Pick<Fleet, "frozen">,
  instance: Instance,
  plan: Plan,
): readonly Misplaced[] {
  const allowed = plan.residency?.backups;
  const ofCopies = instance.copies.flatMap((region, index) =>
    outside("backups", of("instance", "copies", index), region, allowed),
  );
  const ofFrozen =
    isFrozen(instance, plan) && frozen
      ? outside("backups", of("fleet", "frozen", "region"), frozen.region, allowed)
      : [];
  return [...ofCopies, ...ofFrozen];
}

function outside(
  what: Misplaced["what"],
  where: Where,
  region: string,
  allowed: readonly string[] | undefined,
): readonly Misplaced[] {
  if (!allowed || placesOf(region, allowed).length > 0) return [];
  const message = `${describeRegion(region)} lies outside ${allowed.join(", ")}, where the plan keeps ${what}`;
  return [{ what, where, message }];
}

const of = (owner: Where["of"], ...path: Where["path"]): Where => ({ of: owner, path });
