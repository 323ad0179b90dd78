import { Duration } from "aws-cdk-lib";
import { CfnSchedule, ContextAttribute } from "aws-cdk-lib/aws-scheduler";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { BEAT_FUNCTION, type TickEvent, WATCH_FUNCTION } from "../../functions/watch/contract.ts";
import { BundledFunction } from "./bundled-function.ts";
import { deadLetters, TICKS_LOST } from "./dead-letters.ts";
import type { SiteProps } from "./site.ts";
import { mayWake } from "./waking.ts";

/** `watch` judges, `beat` writes heartbeats; both are woken once a minute for every shard. */
export class Watching extends Construct {
  readonly watch: BundledFunction;
  readonly beat: BundledFunction;
  /** Ticks that no function took. */
  readonly deadLetters: Queue;

  constructor(scope: Construct, id: string, site: SiteProps, shards: readonly string[]) {
    super(scope, id);
    const common = {
      bundles: site.bundles,
      environment: site.environment,
      // Several looks fill the minute; the rest is for the last look's time-outs.
      timeout: Duration.seconds(90),
    };
    this.watch = new BundledFunction(this, "Watch", {
      ...common,
      name: WATCH_FUNCTION,
      description: "Looks at the instances this site owns, opens incidents, starts failovers",
      grants: site.grants.watch,
      memoryMb: 1024,
    });
    this.beat = new BundledFunction(this, "Beat", {
      ...common,
      name: BEAT_FUNCTION,
      description: "Writes the heartbeats of the primaries of this site",
      grants: site.grants.beat,
      memoryMb: 512,
    });
    const woken = [this.watch, this.beat];
    this.deadLetters = deadLetters(this, "DeadLetters", TICKS_LOST);
    for (const shard of shards) {
      for (const each of woken) this.#everyMinute(each, shard);
    }
  }

  #everyMinute(woken: BundledFunction, shard: string) {
    const { function: target, node } = woken;
    const tick: TickEvent = { scheduledTime: ContextAttribute.scheduledTime, shard };
    new CfnSchedule(this, `${node.id}-${shard}`, {
      name: `sla-${node.id.toLowerCase()}-${shard}`,
      scheduleExpression: "rate(1 minute)",
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: target.functionArn,
        roleArn: mayWake(this, woken, this.deadLetters),
        input: JSON.stringify(tick),
        // A look that comes late would rewrite history: better none than an old one.
        retryPolicy: { maximumEventAgeInSeconds: 60, maximumRetryAttempts: 0 },
        deadLetterConfig: { arn: this.deadLetters.queueArn },
      },
    });
  }
}
