import { isFrozen } from "../destination.ts";
import type { Fleet, Instance } from "../fleet.ts";
import type { Plan } from "../plan.ts";
import { type Place, USUAL_FROZEN_DAYS } from "./storage.ts";

/** Where a plan's backups lie, for an instance that has not been placed yet; `retainDays` of the fleet, if there is one. */
export function placesOfPlan({ copies, frozen }: Plan, retainDays?: number): readonly Place[] {
  const all = copies?.places ?? 1;
  const away = copies?.awayFromProduction ? all : all - 1;
  return placed(
    "home",
    Array.from({ length: away }, (_, index) => `copy ${index + 1}`),
    frozen && "frozen",
    retainDays,
  );
}

/** Where an instance's lie. */
export function placesOfInstance(
  instance: Instance,
  plan: Plan,
  { frozen }: Pick<Fleet, "frozen">,
): readonly Place[] {
  const { home, copies } = instance;
  const others = copies.filter((region) => region !== home);
  return placed(
    home,
    others,
    isFrozen(instance, plan) ? `frozen, ${frozen?.region ?? "nowhere yet"}` : undefined,
    frozen?.retainDays,
  );
}

const placed = (
  home: string,
  copies: readonly string[],
  frozen: string | undefined,
  days = USUAL_FROZEN_DAYS,
): readonly Place[] => [
  { name: home, medium: "snapshots", isCopy: false },
  ...copies.map((name): Place => ({ name, medium: "snapshots", isCopy: true })),
  ...(frozen === undefined
    ? []
    : [{ name: frozen, medium: "frozen dumps", isCopy: false, days } as const]),
];
