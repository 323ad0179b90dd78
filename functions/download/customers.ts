import { dumpedIn } from "../../lib/sla/dumps.ts";
import type { Fleet, Instance } from "../../lib/sla/fleet.ts";
import type { FrozenCopy } from "../freeze/contract.ts";
import { type CustomerRoute, OPEN_LINKS } from "./contract.ts";
import { type DumpDesk, lastDump, wishDump } from "./dumps.ts";
import { linkWish } from "./link-wish.ts";
import { type LinkDesk, linksOf, type MadeLink, makeLink, openLinks, revokeLink } from "./links.ts";

/** As an HTTP API hands a request over once its authorizer has let it in (payload format 2.0), as far as it is read. */
export interface CustomerRequest {
  /** The route that matched, or `$default`. */
  readonly routeKey: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly authorizer?: {
      readonly jwt?: { readonly claims?: Readonly<Record<string, string>> };
    };
  };
}

export interface CustomerAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface CustomerDesk extends LinkDesk, DumpDesk {
  readonly fleet: () => Promise<Fleet>;
  /** 32 bytes. */
  readonly random: () => Uint8Array;
}

/**
 * Answers a customer about instances that the fleet says are theirs, and about no other: what is another's and what does not exist
 * are the same 404. Rejects where the ledger or who knows the frozen copies does not answer.
 */
export async function answerCustomer(
  request: CustomerRequest,
  desk: CustomerDesk,
): Promise<CustomerAnswer> {
  const fleet = await desk.fleet();
  const customer = customerOf(request, fleet);
  if (customer === undefined) return STRANGER;
  const own = fleet.instances.filter(({ customers }) => customers?.includes(customer));
  const { instance: id, link = "" } = request.pathParameters ?? {};
  if (request.routeKey === "GET /instances") return instances(own);
  const instance = own.find((each) => each.id === id);
  if (!instance || !isAnswered(request.routeKey)) return NOT_YOURS;
  const by = `customer ${customer}`;
  return ANSWERS[request.routeKey]({ request, desk, fleet, instance, link, by });
}

/** Of the claim that the fleet names. Whoever has a list there is nobody: as text it could be another's name. */
function customerOf({ requestContext }: CustomerRequest, { customers }: Fleet): string | undefined {
  if (!customers) return undefined;
  const claims = requestContext.authorizer?.jwt?.claims ?? {};
  const value = Object.hasOwn(claims, customers.claim) ? claims[customers.claim] : undefined;
  return typeof value === "string" && value !== "" && !value.startsWith("[") ? value : undefined;
}

interface Asked {
  readonly request: CustomerRequest;
  readonly desk: CustomerDesk;
  readonly fleet: Fleet;
  readonly instance: Instance;
  readonly link: string;
  /** As the ledger names the customer. */
  readonly by: string;
}

type Answer = (asked: Asked) => Promise<CustomerAnswer>;

const instances = (own: readonly Instance[]) =>
  json(200, { instances: own.map(({ id, url }) => ({ id, url })) });

const copies: Answer = async ({ desk, instance: { id } }) => {
  const found = await desk.shelf.copies(id);
  return json(200, { instance: id, copies: found.map(copyFor) });
};

const downloads: Answer = async ({ desk: { ledger, clock }, instance: { id } }) =>
  json(200, { instance: id, downloads: await linksOf(ledger, clock.now(), id) });

const download: Answer = async ({ request, desk, instance: { id }, by }) => {
  const wish = linkWish(request);
  if ("mistake" in wish) return json(400, failure("BadRequest", wish.mistake));
  const found = await desk.shelf.copies(id);
  const copy = found.findLast(({ backup }) => wish.backup === undefined || backup === wish.backup);
  if (!copy) return noCopy(found, wish.backup);
  const open = await openLinks(desk.ledger, desk.clock.now(), id);
  if (open.filter((each) => each.by.startsWith("customer ")).length >= OPEN_LINKS) return TOO_MANY;
  const { expiresSeconds } = wish;
  const made = await makeLink(desk, {
    instance: id,
    copy,
    expiresSeconds,
    random: desk.random(),
    by,
  });
  return json(201, madeFor(made), { location: made.url });
};

const revoke: Answer = async ({ desk, instance: { id }, link, by }) => {
  if (!/^[0-9a-f]{16}$/.test(link)) return NO_LINK;
  const at = desk.clock.now().toISOString();
  const isThere = await revokeLink(desk.ledger, id, link, { at, by });
  return isThere ? json(200, { instance: id, revoked: link }) : NO_LINK;
};

const dump: Answer = async ({ desk, instance: { id } }) =>
  json(200, { instance: id, dump: (await lastDump(desk, id)) ?? null });

const makeDump: Answer = async ({ desk, fleet, instance, by }) => {
  const { id, plan } = instance;
  if (dumpedIn(instance, fleet.plans[plan], fleet.frozen) === undefined) return NO_DUMPS;
  const wished = await wishDump(desk, Object.keys(fleet.sites), id, by);
  if (wished.kind === "left") return LEFT;
  if (wished.kind !== "too-soon") return json(202, { instance: id, dump: wished.dump });
  return json(
    409,
    failure("TooSoon", `one a day, one an hour if it failed: ask again from ${wished.until}`),
  );
};

const ANSWERS: Readonly<Record<Exclude<CustomerRoute, "GET /instances">, Answer>> = {
  "GET /instances/{instance}/copies": copies,
  "GET /instances/{instance}/downloads": downloads,
  "POST /instances/{instance}/downloads": download,
  "DELETE /instances/{instance}/downloads/{link}": revoke,
  "GET /instances/{instance}/dump": dump,
  "POST /instances/{instance}/dump": makeDump,
};

const isAnswered = (routeKey: string): routeKey is keyof typeof ANSWERS =>
  Object.hasOwn(ANSWERS, routeKey);

/** Without the place in the provider's bucket. */
function copyFor({ backup, takenAt, database, dump, postgres, retainUntil, counted }: FrozenCopy) {
  const { bytes, sha256 } = dump;
  const facts = { backup, takenAt, database, bytes, sha256, postgres, lockedUntil: retainUntil };
  return { ...facts, ...(counted && { counted }) };
}

const madeFor = ({ copy, ...made }: MadeLink) => ({ ...made, copy: copyFor(copy) });

function noCopy(found: readonly FrozenCopy[], backup: string | undefined): CustomerAnswer {
  const known = found.map((each) => each.backup).join(", ");
  if (backup === undefined || known === "") {
    return json(404, failure("NoCopy", "no frozen copy of this instance was made yet"));
  }
  return json(404, failure("NoCopy", `backup: '${backup}' is not frozen; frozen are ${known}`));
}

const failure = (code: string, message: string) => ({ error: { code, message } });

const json = (
  statusCode: number,
  value: unknown,
  more: Readonly<Record<string, string>> = {},
): CustomerAnswer => ({
  statusCode,
  headers: {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...more,
  },
  body: `${JSON.stringify(value)}\n`,
});

const STRANGER = json(
  403,
  failure("Stranger", "the token does not say who you are in the way this provider wants it"),
);
const NOT_YOURS = json(404, failure("NotFound", "you have no such instance"));
const NO_LINK = json(404, failure("NotFound", "this instance has no such link"));
const NO_DUMPS = json(404, failure("NotSold", "of what you were sold no dumps are made"));
const LEFT = json(
  409,
  failure(
    "Left",
    "this instance has left: its last dump is among the copies, none is made any more",
  ),
);
const TOO_MANY = json(
  409,
  failure("TooManyLinks", `${OPEN_LINKS} links of this instance are open: end one first`),
);
