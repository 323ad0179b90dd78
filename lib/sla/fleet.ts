import type { Engine } from "./engine.ts";
import type { Language } from "./language.ts";
import type { OnCall } from "./on-call.ts";
import type { Period, Plan } from "./plan.ts";
import type { Webhook } from "./webhook.ts";

/** What automatic recovery may do without a person. */
export type FailoverMode = "automatic" | "approval" | "alert-only";

/** A checked fleet: every reference resolves, every plan is complete, every default is filled in. */
export interface Fleet {
  readonly provider: Provider;
  /** Regions from which instances are probed; at least three. */
  readonly vantages: readonly string[];
  /** The third region: owns instances without a standby, watches when an owner is silent. */
  readonly control: string;
  /** URLs every vantage must be able to reach; one that reaches none is blind and abstains. */
  readonly controlTargets: readonly string[];
  /** Networks prepared by the provider, by region: every home, standby and the control site. */
  readonly sites: Readonly<Record<string, Site>>;
  readonly frozen?: Frozen;
  readonly customers?: Customers;
  readonly status?: StatusPage;
  readonly reports?: Reports;
  /** The plans in use, by name, presets and custom ones alike. */
  readonly plans: Readonly<Record<string, Plan>>;
  readonly instances: readonly Instance[];
}

export interface Provider {
  readonly name: string;
  /** E-mail address that hears of everything. */
  readonly contact: string;
  /** Who is called, one after the other, until somebody acknowledges; absent: nobody. */
  readonly onCall?: readonly OnCall[];
  /** Places of the provider's own that are told what the provider is told by mail; absent: none. */
  readonly webhooks?: readonly Webhook[];
  /** IANA name. */
  readonly timezone: string;
  /** ISO country whose public holidays are those that plans call local, where neither plan nor instance says. */
  readonly holidays?: string;
  /** Twelve digits. */
  readonly account: string;
  /** Of reports, where an instance names none; absent: English. */
  readonly language?: Language;
  /** Whose tokens open the API of tickets; absent: there is none. */
  readonly helpdesk?: Helpdesk;
}

/** A machine of the provider's that records tickets, known by an OpenID Connect issuer. */
export interface Helpdesk {
  /** As its tokens say it in `iss`. */
  readonly issuer: string;
  /** A token is for one of them. */
  readonly audience: readonly string[];
  /** A token has it. */
  readonly scope: string;
}

export interface Site {
  readonly vpc: string;
  readonly subnets: readonly string[];
  /** Of databases in service. */
  readonly securityGroup: string;
  /** Of a fenced database: ingress from the sql functions only. */
  readonly quarantineGroup: string;
  /** Without a single inbound rule: who is put into it is reached by nobody. For game days; absent: none are held here. */
  readonly gameDayGroup?: string;
  /** Where machines are started from images for a test; absent: none are here. */
  readonly imageTests?: ImageTestNetwork;
  /** Of PostgreSQL. */
  readonly parameterGroup: string;
  /** Of databases of other engines. */
  readonly parameterGroups?: Readonly<Partial<Record<Exclude<Engine, "postgres">, string>>>;
  /** Parameters that differ from other sites' on purpose. Absent: none does. */
  readonly ownParameters?: readonly string[];
  /** Of the subnets: they are given a gateway to S3. Absent: the subnets have a way to S3 already. */
  readonly routeTables?: readonly string[];
}

/** A network in which a second one of a customer's machine can harm nobody. */
export interface ImageTestNetwork {
  /** With no database in it. */
  readonly subnet: string;
  /** Without a single rule, in or out. */
  readonly securityGroup: string;
}

export interface Frozen {
  readonly account: string;
  readonly region: string;
  readonly retainDays: number;
}

/** Monthly reports leave by mail as well; absent: they lie in the ledger only. */
export interface Reports {
  /** Their sender's mail address, which SES has to know. */
  readonly from: string;
}

/** A page in the world that says how instances are; absent: there is none. */
export interface StatusPage {
  /** Its host name and the ARN of a certificate for it, in us-east-1. Absent: a name that CloudFront gives. */
  readonly own?: { readonly host: string; readonly certificate: string };
}

/** Who says who a customer is: an OpenID Connect issuer whose tokens open the API of downloads. */
export interface Customers {
  /** As its tokens say it in `iss`. */
  readonly issuer: string;
  /** A token is for one of them. */
  readonly audience: readonly string[];
  /** Of tokens: its value is what instances name. */
  readonly claim: string;
  /** A token has one of them. */
  readonly scopes?: readonly string[];
}

export interface Instance {
  readonly id: string;
  /** Key of `Fleet.plans`. */
  readonly plan: string;
  /** Health page; a good answer is 2xx within the time-out. */
  readonly url: string;
  readonly home: string;
  readonly standby?: string;
  /** Regions that hold copies of the backups. */
  readonly copies: readonly string[];
  readonly database: Database;
  /** Without it the promise covers the database only. */
  readonly app?: {
    readonly home: string;
    readonly standby?: string;
    /** In other sites, by region: where it answers once its database was restored there. */
    readonly recovery?: Readonly<Record<string, string>>;
  };
  readonly dns: Dns;
  /** `s3://bucket/prefix` */
  readonly filestore?: string;
  /** EC2 machines that are the complete instance, one by region: `i-0123456789abcdef0`, or a tag that only it has, `Name=acme`. */
  readonly machines?: Readonly<Record<string, string>>;
  /** The customer's own, to which every dump is sent, encrypted. */
  readonly destination?: Destination;
  readonly failover: FailoverMode;
  readonly contacts: readonly string[];
  /** Since when it was there, and until when: a day, from its midnight in its own zone, or an instant. Absent: always. */
  readonly began?: string;
  readonly ended?: string;
  /** IANA name, by whose clocks its months begin and end; absent: its plan's, else the provider's. */
  readonly timezone?: string;
  /** ISO country whose public holidays are local ones to it; absent: its plan's, else the provider's. */
  readonly holidays?: string;
  /** Of the customer's reports; absent: the provider's. */
  readonly language?: Language;
  /** Values of the claim that `Fleet.customers` names: whose instance it is. */
  readonly customers?: readonly string[];
  /** The provider's own, whose primary may be cut off on purpose; its databases have to say so as well. Absent: it may not. */
  readonly gameDay?: true;
  readonly fee?: { readonly amount: number; readonly currency: string };
  /** How status pages call it (default: its id), and whether the one for everybody shows it by itself (default: no). */
  readonly status?: { readonly name?: string; readonly public?: boolean };
}

/** A place of the customer's own; who may write there is said by a secret. */
export type Destination = BucketDestination | SftpDestination;

interface CommonDestination {
  /**
   * Name in Secrets Manager, in the region of `frozen`: `{"accessKeyId", "secretAccessKey"}` of S3, `{"username"}` with `"password"` or
   * `"privateKey"` of SFTP; `"passphrase"` as well where there is no recipient.
   */
  readonly secret: string;
  /** The customer's age key, the public one. Absent: what is sent opens with the passphrase in the secret. */
  readonly recipient?: string;
  /** How often a dump is made and sent, `3h` to `7d`; absent: once a week, as every frozen copy. */
  readonly every?: Period;
  /** The files that belong to the newest dump are sent as well, as one archive. */
  readonly files?: true;
  /** Absent: nothing that was sent is ever removed. */
  readonly keep?: { readonly newest: number };
}

export interface BucketDestination extends CommonDestination {
  readonly kind: "s3";
  readonly bucket: string;
  readonly region: string;
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
}

export interface SftpDestination extends CommonDestination {
  readonly kind: "sftp";
  readonly host: string;
  readonly port: number;
  /** A directory that is there. */
  readonly path: string;
  /** Fingerprints, `SHA256:…`, one of which it shows: a server has a key of each kind, and a new one before the old one goes. */
  readonly hostKey: readonly string[];
}

/** RDS identifiers at home and in the standby region, of instances or of clusters, and the secret that opens both. */
export interface Database {
  readonly primary: string;
  readonly standby?: string;
  /** Name in Secrets Manager, the same in every site: `{"username", "password"}`. */
  readonly secret: string;
  /** Secrets likewise of further logins: a restored database gets their passwords of now. */
  readonly logins?: readonly string[];
  /** Database name the SLA tables live in; of PostgreSQL only, the others have one of their own for them. */
  readonly name: string;
  /** Absent: PostgreSQL. */
  readonly engine?: Engine;
  /** The Aurora global database whose clusters `primary` and `standby` are; absent: they are instances of RDS. */
  readonly global?: string;
}

/** The parameter group of a site for databases of an engine; undefined: the fleet names none. */
export const parameterGroupOf = (
  { parameterGroup, parameterGroups }: Site,
  engine: Engine = "postgres",
): string | undefined => (engine === "postgres" ? parameterGroup : parameterGroups?.[engine]);

/** All parameter groups of a site. */
export const allParameterGroups = ({
  parameterGroup,
  parameterGroups,
}: Site): readonly string[] => [
  ...new Set([parameterGroup, ...Object.values(parameterGroups ?? {})]),
];

export interface Dns {
  /** Hosted zone id. */
  readonly zone: string;
  readonly names: { readonly database: string; readonly app?: string };
  /** Seconds. */
  readonly ttl: number;
  readonly stop: "own" | "cell";
}
