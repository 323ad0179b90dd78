import { fleetOf, instance } from "../../test/fakes/fleet.ts";

export const COUNT = 40;

/** As many as a region has without asking for more, at home in one and standing by in another. */
export const FLEET = fleetOf(
  Array.from({ length: COUNT }, (_, index) => instance(`shop-${index + 1}`)),
);
