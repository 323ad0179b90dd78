import { REGIONS, type Region } from "../regions.ts";

/** How much dearer than us-east-1 regions are, as a whole: estimated, services differ. Of a region itself, else of its area. */
export const FACTORS: Readonly<Record<string, number>> = {
  ...{ "us-east-1": 1, "us-east-2": 1, "us-west-2": 1, "us-west-1": 1.15 },
  ...{ "sa-east-1": 1.6, "eu-central-2": 1.3 },
  ...{ Americas: 1.1, Europe: 1.12, "Asia-Pacific": 1.2, Oceania: 1.2 },
  ...{ "Middle East and Northern Asia": 1.2, Africa: 1.3 },
};

/** The dearest, for what is not known. */
const UNKNOWN = 1.6;

export function factorOf(region: string): number {
  const area = Object.hasOwn(REGIONS, region) ? REGIONS[region as Region][1] : "";
  return FACTORS[region] ?? FACTORS[area] ?? UNKNOWN;
}
