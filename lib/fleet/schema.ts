import { z } from "zod";
import { instanceSchema } from "./instance-schema.ts";
import {
  account,
  country,
  email,
  hostName,
  language,
  region,
  text,
  timeZone,
  webAddress,
  whole,
} from "./scalars.ts";
import { webhookSchema } from "./webhook-schema.ts";

const issuer = text(
  "the https URL of an OpenID Connect issuer, as its tokens say it",
  /^https:\/\/[a-z0-9.-]+(:\d{1,5})?(\/[\w.~/-]*)?$/,
);
const audience = z.array(text("an audience without spaces", /^\S{1,255}$/)).min(1, {
  error: "at least one audience, so that no token for another service opens this one",
});
const scope = text("a scope without spaces", /^[\x21\x23-\x5B\x5D-\x7E]{1,128}$/);

const providerSchema = z.strictObject({
  name: text("a name", /\S/),
  contact: email.describe("Hears of everything"),
  onCall: z
    .array(
      z.strictObject({
        contact: email,
        afterMinutes: whole(1, 1440).describe("Without an answer, before they are called"),
      }),
    )
    .min(1, { error: "at least one contact, or leave it out" })
    .max(10, { error: "at most ten contacts" })
    .describe("Called one after the other until somebody acknowledges")
    .exactOptional(),
  webhooks: z
    .array(webhookSchema)
    .min(1, { error: "at least one webhook, or leave it out" })
    .max(10, { error: "at most ten webhooks" })
    .describe("Told, by signed requests, what the provider is told by mail")
    .exactOptional(),
  timezone: timeZone,
  holidays: country
    .describe("Country whose public holidays are those that plans call local")
    .exactOptional(),
  account: account.describe("AWS account of the databases"),
  language: language.describe("Of reports, where an instance names none").exactOptional(),
  helpdesk: z
    .strictObject({ issuer, audience, scope })
    .describe("Whose tokens open the API by which a helpdesk records tickets")
    .exactOptional(),
});

const subnet = text("a subnet, like subnet-0a1b", /^subnet-[0-9a-z]+$/);
const securityGroup = text("a security group, like sg-0a1b", /^sg-[0-9a-z]+$/);
const parameterGroup = text("a parameter group", /^[a-z][a-z0-9.-]{0,254}$/);
const siteSchema = z.strictObject({
  vpc: text("a VPC, like vpc-0a1b", /^vpc-[0-9a-z]+$/),
  subnets: z.array(subnet).min(2, { error: "at least two subnets, as RDS demands" }),
  securityGroup,
  quarantineGroup: securityGroup.describe("Of a fenced database: the sql functions only"),
  gameDayGroup: securityGroup
    .describe("Without a single inbound rule: a game day cuts a primary off by it")
    .exactOptional(),
  imageTests: z
    .strictObject({
      subnet: subnet.describe("With no database in it"),
      securityGroup: securityGroup.describe("Without a single rule, in or out"),
    })
    .describe("Where machines are started from images for a test")
    .exactOptional(),
  parameterGroup: parameterGroup.describe("Of databases of PostgreSQL"),
  parameterGroups: z
    .strictObject({
      mariadb: parameterGroup.exactOptional(),
      mysql: parameterGroup.exactOptional(),
    })
    .describe("Of databases of other engines")
    .exactOptional(),
  ownParameters: z
    .array(text("a parameter's name, like work_mem", /^[a-z_][a-z0-9_.]{0,254}$/))
    .min(1, { error: "at least one parameter, or leave it out" })
    .describe("Of the parameter group: differ from other sites' on purpose, and are not compared")
    .exactOptional(),
  routeTables: z
    .array(text("a route table, like rtb-0a1b", /^rtb-[0-9a-z]+$/))
    .min(1, { error: "at least one route table, or leave it out" })
    .describe("Of the subnets, in the region of frozen: they are given a gateway to S3")
    .exactOptional(),
});

/** Longer than accounts of a business have to be kept nearly anywhere; a slip of a digit is longer still. */
const TEN_YEARS_DAYS = 3653;

const frozenSchema = z.strictObject({
  account,
  region,
  retainDays: whole(
    1,
    TEN_YEARS_DAYS,
    "what is locked is paid for to the end, and nobody can shorten it",
  ),
});

const customersSchema = z.strictObject({
  issuer,
  audience,
  claim: text("a claim's name, like sub or org_id", /^[\w:./-]{1,128}$/)
    .default("sub")
    .describe("Its value is what instances name below customers:; never a list"),
  scopes: z.array(scope).min(1, { error: "at least one scope, or leave it out" }).exactOptional(),
});

const statusSchema = z.strictObject({
  own: z
    .strictObject({
      host: hostName,
      certificate: text(
        "the ARN of a certificate in us-east-1, where CloudFront looks for it",
        /^arn:aws:acm:us-east-1:\d{12}:certificate\/[\w-]{1,64}$/,
      ),
    })
    .describe("A name of your own for it; default: one that CloudFront gives")
    .exactOptional(),
});

const reportsSchema = z.strictObject({
  from: email.describe("Sender of monthly reports: SES mails it a link to confirm it"),
});

/** Checked after it is merged with what it extends: a part alone is neither right nor wrong. */
const customPlan = z.looseObject({
  extends: z.string({ error: "the name of a preset or of another plan" }).exactOptional(),
});

const planName = text("a plan name in lower case, like gold", /^[a-z][a-z0-9-]{0,39}$/);

/** On AWS whatever happens; a vantage that reaches none of them is blind. */
const CONTROL_TARGETS = [
  "https://aws.amazon.com/",
  "https://checkip.amazonaws.com/",
  "https://s3.amazonaws.com/",
];

/** The one source of fleet.yaml's shape: of the parser and of the JSON Schema for editors. */
export const fleetSchema = z.strictObject({
  provider: providerSchema,
  vantages: z
    .array(region)
    .min(3, { error: "at least three vantages, so that one blind vantage decides nothing" })
    .describe("Regions from which instances are probed"),
  control: region.describe("Third region, neither home nor standby of any instance"),
  controlTargets: z
    .array(webAddress)
    .min(1, { error: "at least one URL" })
    .default(CONTROL_TARGETS)
    .describe("URLs every vantage must reach, else it is blind and abstains"),
  sites: z.partialRecord(region, siteSchema).describe("Networks of every home, standby, control"),
  frozen: frozenSchema.exactOptional(),
  customers: customersSchema
    .describe("Whose tokens open the API by which customers download by themselves")
    .exactOptional(),
  status: statusSchema
    .describe("Publishes status pages: one for everybody, one for each customer")
    .exactOptional(),
  reports: reportsSchema
    .describe("Mails each month's report to the contacts of its instance")
    .exactOptional(),
  plans: z.record(planName, customPlan).default({}).describe("Custom plans, by name"),
  instances: z.array(instanceSchema).min(1, { error: "at least one instance" }),
});
