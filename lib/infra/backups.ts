import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import {
  BACKUP_KEY,
  PASS_MINUTES,
  RECONCILE_FUNCTION,
} from "../../functions/reconcile/contract.ts";
import { REPLICATE_FUNCTION } from "../../functions/replicate/contract.ts";
import { SHIP_FUNCTION } from "../../functions/ship/contract.ts";
import { ROTATE_FUNCTION, SNAPSHOT_FUNCTION } from "../../functions/snapshot/contract.ts";
import { BundledFunction, type BundledFunctionProps } from "./bundled-function.ts";
import type { SiteProps } from "./site.ts";
import { NEXT_TICK_DOES, waking } from "./waking.ts";

/** Looks after the backups that lie in this site's region. */
export class Backups extends Construct {
  readonly reconciler: BundledFunction;
  readonly hands: readonly BundledFunction[];

  constructor(scope: Construct, id: string, site: SiteProps, ticksLost: Queue) {
    super(scope, id);
    backupKey(this);
    const { reconcile, take, rotate, replicate, ship } = site.grants.backups;
    this.hands = [
      this.#function("Take", site, {
        name: SNAPSHOT_FUNCTION,
        description: "Takes snapshots of primaries",
        onlyAnswers: true,
        grants: take,
      }),
      this.#function("Rotate", site, {
        name: ROTATE_FUNCTION,
        description: "Deletes backups that no promise needs any more",
        onlyAnswers: true,
        grants: rotate,
        // Deletions come one after the other, each after a last look; what decides on them is not put in a row.
        reserved: 1,
      }),
      this.#function("Replicate", site, {
        name: REPLICATE_FUNCTION,
        description: "Copies backups of other regions into this one",
        onlyAnswers: true,
        grants: replicate,
      }),
      this.#function("Ship", site, {
        name: SHIP_FUNCTION,
        description: "Has RDS replicate automated backups into this region",
        onlyAnswers: true,
        grants: ship,
      }),
    ];
    this.reconciler = this.#function("Reconcile", site, {
      name: RECONCILE_FUNCTION,
      description: "Compares the backups there are with those that were sold",
      grants: reconcile,
    });
    this.#wake(ticksLost);
  }

  #function(
    id: string,
    { bundles, environment }: SiteProps,
    own: Pick<BundledFunctionProps, "name" | "description" | "grants" | "reserved" | "onlyAnswers">,
  ): BundledFunction {
    return new BundledFunction(this, id, {
      ...own,
      ...{ bundles, environment },
      timeout: Duration.minutes(5),
      memoryMb: 512,
    });
  }

  #wake(ticksLost: Queue): void {
    waking(this, "Passes", {
      ...{ name: RECONCILE_FUNCTION, wakes: this.reconciler, ticksLost },
      expression: `rate(${PASS_MINUTES} minutes)`,
      retries: NEXT_TICK_DOES,
    });
  }
}

/** Of all copies in this region; without it they are lost, so it outlives the stack. */
function backupKey(scope: Construct): Key {
  return new Key(scope, "Key", {
    alias: BACKUP_KEY,
    description: "Copies of backups of the SLA",
    enableKeyRotation: true,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    pendingWindow: Duration.days(30),
  });
}
