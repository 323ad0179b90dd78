import type { Plan } from "./plan.ts";
import { binhex } from "./presets/binhex.ts";
import { cloudpepperDedicated } from "./presets/cloudpepper-dedicated.ts";
import { cloudpepperHigh } from "./presets/cloudpepper-high.ts";
import { cloudworkz } from "./presets/cloudworkz.ts";
import { lab } from "./presets/lab.ts";
import { mintsys } from "./presets/mintsys.ts";
import { odoo } from "./presets/odoo.ts";

/** The plans a fleet may name without writing them down. */
export const PRESETS: Readonly<Record<string, Plan>> = {
  odoo,
  mintsys,
  binhex,
  cloudworkz,
  "cloudpepper-high": cloudpepperHigh,
  "cloudpepper-dedicated": cloudpepperDedicated,
  lab,
};
