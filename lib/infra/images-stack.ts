import { type App, Stack } from "aws-cdk-lib";
import { Topic } from "aws-cdk-lib/aws-sns";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { OPERATORS_TOPIC } from "../../functions/notify/contract.ts";
import type { Fleet } from "../sla/fleet.ts";
import { alarmsTo } from "./alarms.ts";
import { booting } from "./booting.ts";
import { TICKS_LOST } from "./dead-letters.ts";
import { grantsOf } from "./grants.ts";
import { Imaging } from "./imaging.ts";
import type { SiteProps } from "./site.ts";
import type { StackProps } from "./site-stack.ts";

/** Whether some plan sells images of machines, or tests of them. */
export function hasImages(fleet: Fleet, region: string): boolean {
  const { imaging, imageTests } = grantsOf(fleet, region);
  return imaging !== undefined || imageTests !== undefined;
}

/**
 * Who takes, copies, deletes and tests images of machines in a site. They are called by their names, by whoever looks after backups
 * there, and take no part in a recovery: a site's own stack stays as far from CloudFormation's limits as that of a fleet without images.
 */
export class ImagesStack extends Stack {
  constructor(app: App, { fleet, region, fleetFile, fleetKey, bundles }: StackProps) {
    const { account } = fleet.provider;
    super(app, `SlaImages-${region}`, {
      description: "hosting-sla: images of machines, and their tests, in one site",
      env: { account, region },
      terminationProtection: true,
    });
    const grants = grantsOf(fleet, region);
    const site: SiteProps = {
      ...{ fleet, region, fleetFile, bundles, grants },
      environment: { SLA_ACCOUNT: account, FLEET_KEY: fleetKey },
      zonePolicies: [],
    };
    const arn = (service: string, name: string) =>
      `arn:aws:${service}:${region}:${account}:${name}`;
    if (grants.imaging) new Imaging(this, "Imaging", site, grants.imaging);
    const ticksLost = Queue.fromQueueArn(this, "TicksLost", arn("sqs", TICKS_LOST));
    const operators = Topic.fromTopicArn(this, "Operators", arn("sns", OPERATORS_TOPIC));
    alarmsTo(this, operators, booting(this, site, ticksLost));
  }
}
