import { customerIn } from "../../lib/sla/customers.ts";
import { dumpedWith } from "../../lib/sla/dump-formats.ts";
import { dumpedIn } from "../../lib/sla/dumps.ts";
import type { Fleet, Instance } from "../../lib/sla/fleet.ts";
import type { FrozenCopy } from "../freeze/contract.ts";
import { type ApiAnswer, type ApiRequest, claimsOf, jsonAnswer } from "../kernel/http-api.ts";
import { type CustomerRoute, OPEN_LINKS } from "./contract.ts";
import { type DumpDesk, lastDump, wishDump } from "./dumps.ts";
import { linksOf, openLinks } from "./link-views.ts";
import { linkWish } from "./link-wish.ts";
import { type LinkDesk, type MadeLink, makeLink, revokeLink } from "./links.ts";
import { filesFor } from "./paired.ts";
import type { Pairs } from "./ports.ts";

export interface CustomerDesk extends LinkDesk, DumpDesk {
  readonly fleet: () => Promise<Fleet>;
  readonly pairs: Pairs;
  /** 32 bytes. */
  readonly random: () => Uint8Array;
}

/**
 * Answers a customer about instances that the fleet says are theirs, and about no other: what is another's and what does not exist
 * are the same 404. Rejects where the ledger or who knows the frozen copies does not answer.
 */
export async function answerCustomer(request: ApiRequest, desk: CustomerDesk): Promise<ApiAnswer> {
  const fleet = await desk.fleet();
  const customer = customerIn(claimsOf(request), fleet);
  if (customer === undefined) return STRANGER;
  const own = fleet.instances.filter(({ customers }) => customers?.includes(customer));
  const { instance: id, link = "" } = request.pathParameters ?? {};
  if (request.routeKey === "GET /instances") return instances(own);
  const instance = own.find((each) => each.id === id);
  if (!instance || !isAnswered(request.routeKey)) return NOT_YOURS;
  const by = `customer ${customer}`;
  return ANSWERS[request.routeKey]({ request, desk, fleet, instance, link, by });
}

interface Asked {
  readonly request: ApiRequest;
  readonly desk: CustomerDesk;
  readonly fleet: Fleet;
  readonly instance: Instance;
  readonly link: string;
  /** As the ledger names the customer. */
  readonly by: string;
}

type Answer = (asked: Asked) => Promise<ApiAnswer>;

const instances = (own: readonly Instance[]) =>
  jsonAnswer(200, { instances: own.map(({ id, url }) => ({ id, url })) });

const copies: Answer = async ({ desk, instance: { id } }) => {
  const found = await desk.shelf.copies(id);
  return jsonAnswer(200, { instance: id, copies: found.map(copyFor) });
};

const downloads: Answer = async ({ desk: { ledger, clock }, instance: { id } }) =>
  jsonAnswer(200, { instance: id, downloads: await linksOf(ledger, clock.now(), id) });

const download: Answer = async ({ request, desk, fleet, instance, by }) => {
  const { id } = instance;
  const wish = linkWish(request);
  if ("mistake" in wish) return jsonAnswer(400, failure("BadRequest", wish.mistake));
  const found = await desk.shelf.copies(id);
  const copy = found.findLast(({ backup }) => wish.backup === undefined || backup === wish.backup);
  if (!copy) return noCopy(found, wish.backup);
  const open = await openLinks(desk.ledger, desk.clock.now(), id);
  if (open.filter((each) => each.by.startsWith("customer ")).length >= OPEN_LINKS) return TOO_MANY;
  const { expiresSeconds } = wish;
  const made = await makeLink(desk, {
    instance: id,
    copy,
    files: await filesFor(desk.pairs, fleet, instance, copy.backup),
    expiresSeconds,
    random: desk.random(),
    by,
  });
  return jsonAnswer(201, madeFor(made), { location: made.url });
};

const revoke: Answer = async ({ desk, instance: { id }, link, by }) => {
  if (!/^[0-9a-f]{16}$/.test(link)) return NO_LINK;
  const at = desk.clock.now().toISOString();
  const isThere = await revokeLink(desk.ledger, id, link, { at, by });
  return isThere ? jsonAnswer(200, { instance: id, revoked: link }) : NO_LINK;
};

const dump: Answer = async ({ desk, instance: { id } }) =>
  jsonAnswer(200, { instance: id, dump: (await lastDump(desk, id)) ?? null });

const makeDump: Answer = async ({ desk, fleet, instance, by }) => {
  const { id, plan } = instance;
  if (dumpedIn(instance, fleet.plans[plan], fleet.frozen) === undefined) return NO_DUMPS;
  const wished = await wishDump(desk, Object.keys(fleet.sites), id, by);
  if (wished.kind === "left") return LEFT;
  if (wished.kind !== "too-soon") return jsonAnswer(202, { instance: id, dump: wished.dump });
  return jsonAnswer(
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
function copyFor(copy: FrozenCopy) {
  const { backup, takenAt, database, dump, untransacted, retainUntil, counted } = copy;
  const { bytes, sha256 } = dump;
  const facts = { backup, takenAt, database, bytes, sha256, ...dumpedWith(copy) };
  const more = { ...(untransacted && { untransacted }), ...(counted && { counted }) };
  return { ...facts, lockedUntil: retainUntil, ...more };
}

const madeFor = ({ copy, ...made }: MadeLink) => ({ ...made, copy: copyFor(copy) });

function noCopy(found: readonly FrozenCopy[], backup: string | undefined): ApiAnswer {
  const known = found.map((each) => each.backup).join(", ");
  if (backup === undefined || known === "") {
    return jsonAnswer(404, failure("NoCopy", "no frozen copy of this instance was made yet"));
  }
  return jsonAnswer(
    404,
    failure("NoCopy", `backup: '${backup}' is not frozen; frozen are ${known}`),
  );
}

const failure = (code: string, message: string) => ({ error: { code, message } });

const STRANGER = jsonAnswer(
  403,
  failure("Stranger", "the token does not say who you are in the way this provider wants it"),
);
const NOT_YOURS = jsonAnswer(404, failure("NotFound", "you have no such instance"));
const NO_LINK = jsonAnswer(404, failure("NotFound", "this instance has no such link"));
const NO_DUMPS = jsonAnswer(404, failure("NotSold", "of what you were sold no dumps are made"));
const LEFT = jsonAnswer(
  409,
  failure(
    "Left",
    "this instance has left: its last dump is among the copies, none is made any more",
  ),
);
const TOO_MANY = jsonAnswer(
  409,
  failure("TooManyLinks", `${OPEN_LINKS} links of this instance are open: end one first`),
);
