import { backupsStep, watchedStep } from "./care-steps.ts";
import { checkStep } from "./check-step.ts";
import { deployedStep } from "./deployed-step.ts";
import { loginStep } from "./login-step.ts";
import { namesStep } from "./names-step.ts";
import { parameterStep } from "./parameter-step.ts";
import { secretStep } from "./secret-step.ts";
import { standbyStep } from "./standby-step.ts";
import { done, type Step } from "./step.ts";
import { stopStep } from "./stop-step.ts";
import { tagsStep } from "./tags-step.ts";
import { ttlStep } from "./ttl-step.ts";

/** Once somebody else has taken over, who is what is told by the ledgers: failovers and reprotect look after all of it. */
const untilMoved = (step: Step): Step => ({
  name: step.name,
  async look(on) {
    const roles = await on.world.care.roles(on.instance.id);
    return roles && roles.epoch > 1
      ? done(`its roles have moved on, to epoch ${roles.epoch}: sla status`)
      : step.look(on);
  },
});

/** In this order: what takes long begins before it is waited for, and nothing leads to what is not there. */
export const adoptSteps = (random: () => string): readonly Step[] => [
  untilMoved(checkStep),
  tagsStep,
  ...[parameterStep, secretStep(random), loginStep].map(untilMoved),
  ...[ttlStep, standbyStep, namesStep].map(untilMoved),
  deployedStep,
  stopStep(),
  watchedStep,
  backupsStep,
];
