import type { Stage } from "./stage.ts";

/** Sites whose endpoints answer: who is lost cannot be asked. */
export const sitesInReach = ({ fleet, cloud }: Stage): string[] =>
  Object.keys(fleet.sites).filter((region) => !cloud.ground.cutOff.has(region));
