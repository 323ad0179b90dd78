import { backupsStep, watchedStep } from "./care-steps.ts";
import { checkStep } from "./check-step.ts";
import { deployedStep } from "./deployed-step.ts";
import { loginStep } from "./login-step.ts";
import { namesStep } from "./names-step.ts";
import { parameterStep } from "./parameter-step.ts";
import { secretStep } from "./secret-step.ts";
import { standbyStep } from "./standby-step.ts";
import type { Step } from "./step.ts";
import { stopStep } from "./stop-step.ts";
import { ttlStep } from "./ttl-step.ts";

/** In this order: what takes long begins before it is waited for, and nothing leads to what is not there. */
export const adoptSteps = (random: () => string): readonly Step[] => [
  checkStep,
  parameterStep,
  secretStep(random),
  loginStep,
  ttlStep,
  standbyStep,
  namesStep,
  deployedStep,
  stopStep(),
  watchedStep,
  backupsStep,
];
