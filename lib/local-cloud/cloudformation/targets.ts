import type { HttpApis } from "../api-gateway/http-apis.ts";
import type { Distributions } from "../cloudfront/distributions.ts";
import type { EcsService } from "../ecs/service.ts";
import type { PolicyBook } from "../iam/book.ts";
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
    /** Returns the ARN; the same endpoint again changes what is there. */
    subscribe(
      region: string,
      topicArn: string,
      subscription: Subscription,
    ): string | Promise<string>;
  };
  readonly secrets: {
    /** Returns the ARN. */
    create(region: string, name: string, value: string): string | Promise<string>;
    /** The ARN of one that is there. */
    find(region: string, name: string): string | Promise<string>;
  };
  readonly parameters: {
    /** Parameter Store's: names are one account's in one region. */
    put(owner: ParameterOwner, name: string, value: string): unknown;
    remove(owner: ParameterOwner, name: string): unknown;
  };
  readonly groups: {
    /** Returns the id; a group that is there stays as it is. */
    create(region: string, id: string, about: { description: string; vpc: string }): string;
    /** A rule that is there stays. */
    allow(region: string, group: string, source: RuleSource, ports: RulePorts): void;
    revoke(region: string, group: string, source: RuleSource, ports: RulePorts): void;
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
    hide(region: string, name: string): unknown;
  };
  readonly httpApis: Pick<HttpApis, "create" | "route" | "unroute" | "stage" | "remove">;
  readonly distributions: Pick<Distributions, "put" | "remove">;
  readonly ecs: Pick<EcsService, "createCluster" | "register">;
  readonly scheduler: { deploy(region: string, spec: ScheduleSpec): string };
  /** What is allowed to whom. */
  readonly policies: Pick<PolicyBook, "put" | "remove" | "role">;
  readonly states: { deploy(machine: MachineSpec): string };
}

interface ParameterOwner {
  readonly account: string;
  readonly region: string;
}

type RuleSource = { readonly cidr: string } | { readonly group: string };

interface RulePorts {
  readonly protocol: string;
  readonly from?: number;
  readonly to?: number;
}

interface Subscription {
  readonly protocol: string;
  readonly endpoint: string;
  readonly filterPolicy?: Readonly<Record<string, unknown>>;
}
