import type { HttpApis } from "../api-gateway/http-apis.ts";
import type { Distributions } from "../cloudfront/distributions.ts";
import type { EcsService } from "../ecs/service.ts";
import type { AsyncConfig } from "../lambda/async-queue.ts";
import type { FunctionSpec, Functions } from "../lambda/function.ts";
import type { ObjectLock } from "../s3/buckets.ts";
import type { ScheduleSpec } from "../scheduler/schedule.ts";
import type { MachineSpec } from "../states/service.ts";

/** What a deployment asks of the services of the cloud. All but `invoke` may answer at once. */
export interface DeployTargets {
  readonly s3: {
    createBucket(
      name: string,
      region: string,
      options: { readonly versioning: boolean; readonly lock?: ObjectLock },
    ): unknown;
    putObject(bucket: string, key: string, bytes: Uint8Array): unknown;
  };
  readonly sns: {
    /** Returns the ARN. */
    createTopic(region: string, name: string): string | Promise<string>;
    subscribe(region: string, topicArn: string, subscription: Subscription): unknown;
  };
  readonly secrets: {
    /** Returns the ARN; one that is there keeps its value. */
    create(region: string, name: string, value: string): string | Promise<string>;
  };
  readonly groups: {
    /** Returns the id; a group that is there stays as it is. */
    create(region: string, id: string, about: { description: string; vpc: string }): string;
    /** A rule that is there stays. */
    allow(
      region: string,
      group: string,
      source: { cidr: string } | { group: string },
      ports: { protocol: string; from?: number; to?: number },
    ): void;
  };
  readonly subnetGroups: {
    /** Of databases; one that is there gets these subnets. */
    put(region: string, name: string, description: string, subnets: readonly string[]): unknown;
  };
  readonly senders: {
    /** A mail address, or a whole domain; one that is there stays. */
    put(region: string, identity: string): unknown;
  };
  readonly alarms: {
    /** In the words of PutMetricAlarm. */
    put(region: string, alarm: { readonly AlarmName: string }): unknown;
  };
  readonly lambda: Functions & {
    deploy(fn: FunctionSpec): void;
    configureAsync(region: string, name: string, config: AsyncConfig): void;
    /** Gives the function a URL that anybody may call. */
    expose(region: string, name: string): Promise<string>;
  };
  readonly httpApis: Pick<HttpApis, "create" | "route" | "stage">;
  readonly distributions: Pick<Distributions, "put">;
  readonly ecs: Pick<EcsService, "createCluster" | "register">;
  readonly scheduler: { deploy(region: string, spec: ScheduleSpec): string };
  readonly states: { deploy(machine: MachineSpec): string };
}

interface Subscription {
  readonly protocol: string;
  readonly endpoint: string;
  readonly filterPolicy?: Readonly<Record<string, unknown>>;
}
