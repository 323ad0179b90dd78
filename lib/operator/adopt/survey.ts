/** What of an account a fleet is proposed from. */
export interface Survey {
  /** ISO 8601. */
  readonly at: string;
  readonly account: string;
  readonly regions: readonly RegionSurvey[];
  /** Of the account, public ones only. */
  readonly zones: readonly ZoneSurvey[];
  readonly buckets: readonly string[];
  /** What could not be read, and so is missing below. */
  readonly unread: readonly Unread[];
}

export interface Unread {
  /** `databases of eu-south-2` */
  readonly what: string;
  readonly because: string;
}

export interface RegionSurvey {
  readonly region: string;
  readonly databases: readonly DatabaseSurvey[];
  readonly balancers: readonly BalancerSurvey[];
  /** Of EC2, running or stopped. */
  readonly machines: readonly MachineSurvey[];
  /** Names in Secrets Manager. */
  readonly secrets: readonly string[];
  readonly groups: readonly GroupSurvey[];
  readonly subnets: readonly SubnetSurvey[];
}

export interface DatabaseSurvey {
  /** RDS identifier. */
  readonly id: string;
  readonly arn: string;
  /** As RDS names it: postgres, mysql, aurora-postgresql, … */
  readonly engine: string;
  readonly version: string;
  readonly status: string;
  /** Lower case, without a final dot; absent while it is being made. */
  readonly endpoint?: string;
  /** Of the database made with the instance. */
  readonly databaseName?: string;
  /** Identifier, or ARN where it lies in another region. */
  readonly replicaOf?: string;
  readonly cluster?: string;
  readonly multiAz: boolean;
  readonly encrypted: boolean;
  readonly retentionDays: number;
  readonly deletionProtection: boolean;
  readonly hasManagedSecret: boolean;
  readonly groups: readonly string[];
  /** Of its subnet group, as far as told. */
  readonly subnets: readonly string[];
  readonly parameterGroup?: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface BalancerSurvey {
  readonly name: string;
  /** Lower case. */
  readonly host: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface MachineSurvey {
  /** `i-0123456789abcdef0` */
  readonly id: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface GroupSurvey {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly vpc: string;
  /** Whether anything may connect. */
  readonly isOpen: boolean;
}

export interface SubnetSurvey {
  readonly id: string;
  readonly vpc: string;
  readonly zone: string;
}

export interface ZoneSurvey {
  /** `Z0123456789ABC` */
  readonly id: string;
  /** Without a final dot. */
  readonly name: string;
  /** Those that lead to another name: CNAMEs and aliases. */
  readonly records: readonly RecordSurvey[];
}

export interface RecordSurvey {
  /** Lower case, without a final dot. */
  readonly name: string;
  /** Where it leads: lower case, without a final dot or the prefix of dual-stack aliases. */
  readonly target: string;
  /** Absent for an alias. */
  readonly ttlSeconds?: number;
  /** `simple`, or how several records of that name are chosen between. */
  readonly routing: "simple" | "failover" | "other";
}
