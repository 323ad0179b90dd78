import { z } from "zod";
import { hasCoins, isCurrency } from "../sla/books/money.ts";
import { ENGINE_NAMES } from "../sla/engine.ts";
import { destinationSchema } from "./destination-schema.ts";
import {
  country,
  email,
  hostName,
  identifier,
  instanceId,
  language,
  oneOf,
  region,
  seconds,
  serviceTime,
  text,
  timeZone,
  webAddress,
} from "./scalars.ts";

const amount = "an amount of money from 0, like 49.00";

// Of lists API Gateway makes one text, "[a b]", which a single value could imitate.
const claimValue = text(
  "a claim's value without spaces that does not begin with '[', like auth0|5f7c8ec7",
  /^[\x21-\x5A\x5C-\x7E][\x21-\x7E]{0,254}$/,
);

const secretName = text("a name in Secrets Manager, like acme-db/sla", /^[\w/+=.@-]{1,512}$/);

const database = z
  .strictObject({
    primary: identifier(63),
    standby: identifier(63).exactOptional(),
    secret: secretName,
    engine: oneOf(ENGINE_NAMES)
      .describe(
        "PostgreSQL unless it says otherwise (postgres-cluster: a Multi-AZ DB cluster); for others less is built: docs/engines.md",
      )
      .exactOptional(),
    global: identifier(63)
      .describe("The Aurora global database whose clusters primary and standby are")
      .exactOptional(),
    name: text("a PostgreSQL database name", /^[A-Za-z_][A-Za-z0-9_$-]{0,62}$/).default("postgres"),
    logins: z
      .array(secretName)
      .exactOptional()
      .describe("Secrets of further logins: a restored database gets their passwords of now"),
  })
  .describe("RDS identifiers at home and in the standby region");

const machine = text(
  "an id or a tag of an EC2 machine, like i-0123456789abcdef0 or Name=acme",
  /^(i-[0-9a-f]{8,17}|(?!aws:|i-)[\w+./:@-][\w +./:@-]{0,126}=[\w +=./:@-]{1,256})$/,
);

const dns = z.strictObject({
  zone: text("a hosted zone id, like Z0123456789ABC", /^Z[A-Z0-9]{1,31}$/),
  names: z.strictObject({ database: hostName, app: hostName.exactOptional() }),
  ttl: seconds(1, 86_400).default(60).describe("Seconds resolvers may keep an answer"),
  stop: oneOf(["own", "cell"]).default("cell").describe("A STOP check of its own, or its cell's"),
});

const currency = text("an ISO currency code, like EUR", /^[A-Z]{3}$/).refine(isCurrency, {
  error: "an ISO currency code, like EUR",
});

const fee = z
  .strictObject({
    amount: z.number({ error: amount }).min(0, { error: amount }).max(1e9, { error: amount }),
    currency,
  })
  .refine((value) => isCurrency(value.currency) && hasCoins(value), {
    path: ["amount"],
    error: "an amount with no more decimal places than the currency has, like 49.00 EUR",
  })
  .describe("Of a calendar month: what a credit is a share of");

export const instanceSchema = z.strictObject({
  id: instanceId,
  plan: z.string({ error: "the name of a preset or of a plan below plans:" }),
  url: webAddress.describe("Health page; a good answer is 2xx"),
  home: region,
  standby: region.exactOptional(),
  copies: z.array(region).default([]).describe("Regions that hold copies of the backups"),
  database,
  app: z
    .strictObject({
      home: hostName,
      standby: hostName.exactOptional(),
      recovery: z
        .partialRecord(region, hostName)
        .exactOptional()
        .describe(
          "In other sites, by region: where it answers once its database was restored there",
        ),
    })
    .describe("Where the application answers; without it the promise covers the database only")
    .exactOptional(),
  dns,
  filestore: text(
    "an S3 location, like s3://bucket/prefix",
    /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/.*)?$/,
  ).exactOptional(),
  machines: z
    .partialRecord(region, machine)
    .exactOptional()
    .describe("EC2 machines of which images are kept, one by region: an id, or a tag it alone has"),
  destination: destinationSchema.exactOptional(),
  failover: oneOf(["automatic", "approval", "alert-only"]).default("automatic"),
  contacts: z.array(email).default([]),
  began: serviceTime
    .describe("Since when it was there: months before are not settled, this one from then on")
    .exactOptional(),
  ended: serviceTime
    .describe("Until when; sla leave says so by itself. Keep it until that month is published")
    .exactOptional(),
  timezone: timeZone
    .describe("By whose clocks its months begin and end; default: its plan's, the provider's")
    .exactOptional(),
  holidays: country
    .describe(
      "Country whose public holidays are local ones to it; default: its plan's, the provider's",
    )
    .exactOptional(),
  language: language.describe("Of the customer's reports, if not the provider's").exactOptional(),
  customers: z
    .array(claimValue)
    .min(1, { error: "at least one customer, or leave it out" })
    .describe("Whose it is: values of the claim that customers: names")
    .exactOptional(),
  fee: fee.exactOptional(),
  gameDay: z
    .literal(true, { error: "true, or leave it out" })
    .describe("Yours alone, nobody's customer: sla drill --aws may cut its primary off")
    .exactOptional(),
  status: z
    .strictObject({
      name: text("a name of up to 80 characters", /^(?=.*\S)[^\p{Cc}]{1,80}$/u)
        .describe("What status pages call it; default: its id")
        .exactOptional(),
      public: z
        .boolean({ error: "true or false" })
        .describe("Whether the page for everybody shows it by itself; default: false")
        .exactOptional(),
    })
    .describe("How it appears on status pages")
    .exactOptional(),
});
