import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { CfnDBSubnetGroup } from "aws-cdk-lib/aws-rds";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import {
  DISCARD_FUNCTION,
  RESTORE_FUNCTION,
  RESTORE_SECRET,
  RESTORE_TEST_MACHINE,
  SUBNET_GROUP,
} from "../../functions/restore/contract.ts";
import type { Site } from "../sla/fleet.ts";
import { BundledFunction } from "./bundled-function.ts";
import { machine } from "./machine.ts";
import { restoreTestDefinition } from "./restore-test-definition.ts";
import type { SiteProps } from "./site.ts";
import { RESTORE_STEP_SECONDS } from "./test-definition.ts";
import { NEXT_TICK_DOES, waking } from "./waking.ts";

interface RestoringProps {
  readonly network: Site;
  readonly ticksLost: Queue;
  /** Where frozen copies are made of what was proven. */
  readonly freeze?: BundledFunction;
}

/** Restores backups of this site's region, and throws away what it restored for a test. */
export class Restoring extends Construct {
  readonly machine: StateMachine;
  readonly discard: BundledFunction;

  constructor(scope: Construct, id: string, site: SiteProps, props: RestoringProps) {
    super(scope, id);
    const { network, ticksLost, freeze } = props;
    const subnets = new CfnDBSubnetGroup(this, "Subnets", {
      dbSubnetGroupName: SUBNET_GROUP,
      dbSubnetGroupDescription: "Databases that the SLA restores",
      subnetIds: [...network.subnets],
    });
    // After a recovery a database in service stands in it.
    subnets.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    testPassword(this);
    const restore = new BundledFunction(this, "Restore", {
      name: RESTORE_FUNCTION,
      onlyAnswers: true,
      bundles: site.bundles,
      description: "Restores backups for a test and proves what came back",
      environment: site.environment,
      grants: site.grants.restoring.restore,
      timeout: Duration.seconds(RESTORE_STEP_SECONDS.function),
      memoryMb: 512,
    });
    this.discard = new BundledFunction(this, "Discard", {
      name: DISCARD_FUNCTION,
      bundles: site.bundles,
      description: "Deletes what was restored for a test",
      grants: site.grants.restoring.discard,
      timeout: Duration.minutes(3),
      memoryMb: 512,
    });
    this.machine = machine(this, site, {
      name: RESTORE_TEST_MACHINE,
      functions: [restore, this.discard, ...(freeze ? [freeze] : [])],
      definition: (functionArn) => restoreTestDefinition(functionArn, freeze !== undefined),
    });
    this.#reap(ticksLost);
  }

  /** Whatever a machine that was broken off has left. */
  #reap(ticksLost: Queue): void {
    waking(this, "Reaps", {
      ...{ name: DISCARD_FUNCTION, wakes: this.discard, ticksLost },
      expression: "rate(2 hours)",
      retries: NEXT_TICK_DOES,
    });
  }
}

function testPassword(scope: Construct): void {
  const secret = new Secret(scope, "Password", {
    secretName: RESTORE_SECRET,
    description: "Password of databases that the SLA restores for a test",
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ username: "of-the-backup" }),
      generateStringKey: "password",
      excludePunctuation: true,
      passwordLength: 40,
    },
    // After a recovery it opens a database in service, until the provider gives that another password.
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  Validations.of(secret).acknowledge({
    id: "AwsSolutions-SMG4",
    reason: "Each database lives for hours, and only our functions reach it.",
  });
}
