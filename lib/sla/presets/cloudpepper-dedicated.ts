import { cloudpepperHigh } from "./cloudpepper-high.ts";

/** Cloudpepper, dedicated: as `cloudpepper-high` with four nines, so it is looked at four times as often. */
export const cloudpepperDedicated = {
  ...cloudpepperHigh,
  name: "cloudpepper-dedicated",
  watch: { everySeconds: 15, badRounds: 3, goodRounds: 2 },
  availability: { ...cloudpepperHigh.availability, objectivePercent: "99.99" },
  credits: {
    ...cloudpepperHigh.credits,
    bands: [
      { belowPercent: "99.99", fromPercent: "99.0", creditPercent: 5 },
      { belowPercent: "99.0", fromPercent: "95.0", creditPercent: 10 },
      { belowPercent: "95.0", fromPercent: "0", creditPercent: 25 },
    ],
  },
} as const;
