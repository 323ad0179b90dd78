import { Duration } from "aws-cdk-lib";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import {
  BOOT_FUNCTION,
  IMAGE_TEST_MACHINE,
  TERMINATE_FUNCTION,
} from "../../functions/restore/image-contract.ts";
import { A_MINUTE, type SlaAlarm } from "./alarms.ts";
import { BundledFunction } from "./bundled-function.ts";
import { imageTestDefinition } from "./image-test-definition.ts";
import type { ImageTestGrants } from "./image-test-grants.ts";
import { machine } from "./machine.ts";
import type { SiteProps } from "./site.ts";
import { NEXT_TICK_DOES, waking } from "./waking.ts";

interface BootingProps {
  readonly grants: ImageTestGrants;
  readonly ticksLost: IQueue;
}

/** Starts machines from images of this region, where they reach nobody, and ends them again. */
class Booting extends Construct {
  readonly machine: StateMachine;
  readonly terminate: BundledFunction;

  constructor(scope: Construct, id: string, site: SiteProps, { grants, ticksLost }: BootingProps) {
    super(scope, id);
    const { bundles, environment } = site;
    const boot = new BundledFunction(this, "Boot", {
      ...{ name: BOOT_FUNCTION, bundles, environment, grants: grants.boot, onlyAnswers: true },
      description: "Starts machines from images for a test and sees whether they come up",
      timeout: Duration.minutes(3),
      memoryMb: 512,
    });
    this.terminate = new BundledFunction(this, "Terminate", {
      ...{ name: TERMINATE_FUNCTION, bundles, grants: grants.terminate },
      description: "Ends machines that were started for a test",
      timeout: Duration.minutes(3),
      memoryMb: 512,
    });
    this.machine = machine(this, site, {
      name: IMAGE_TEST_MACHINE,
      functions: [boot, this.terminate],
      definition: imageTestDefinition,
    });
    waking(this, "Reaps", {
      ...{ name: TERMINATE_FUNCTION, wakes: this.terminate, ticksLost },
      expression: "rate(2 hours)",
      retries: NEXT_TICK_DOES,
    });
  }
}

/** Where some plan sells tests of images; answers their alarms. */
export function booting(scope: Construct, site: SiteProps, ticksLost: IQueue): readonly SlaAlarm[] {
  const { imageTests: grants } = site.grants;
  if (!grants) return [];
  const { machine: tests, terminate } = new Booting(scope, "Booting", site, { grants, ticksLost });
  return [
    {
      name: "image-tests-failing",
      means: "A machine was started from an image for a test and did not come up.",
      metric: tests.metricFailed(A_MINUTE),
      ...{ threshold: 1, when: "at least", minutes: 1, silence: "good" },
    },
    {
      name: "image-tests-timed-out",
      means: "A test of an image did not end: the machine that it started may still be there.",
      metric: tests.metricTimedOut(A_MINUTE),
      ...{ threshold: 1, when: "at least", minutes: 1, silence: "good" },
    },
    {
      name: "image-test-leftovers",
      means:
        "Machines that were started for tests cannot be ended: they cost, and are a customer's.",
      metric: terminate.function.metricErrors({ period: Duration.hours(2) }),
      ...{ threshold: 1, when: "at least", minutes: 2, silence: "good" },
    },
  ];
}
