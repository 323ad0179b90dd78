import { createHmac } from "node:crypto";
import type { Fleet, Instance } from "../../lib/sla/fleet.ts";
import { CUSTOMERS_FOLDER, ROOT_PAGE } from "./contract.ts";

/** Who sees the same instances: a customer by the value of the fleet's claim, or whoever is behind one instance. */
export interface Audience {
  /** `customer auth0|5f7c`, `instance acme`: unlike any other's. */
  readonly key: string;
  readonly instances: readonly Instance[];
}

/** All customers of a fleet; an instance that names none has one of its own, and one that has left nobody. */
export function audiencesOf(
  { instances }: Pick<Fleet, "instances">,
  hasLeft: (id: string) => boolean,
): readonly Audience[] {
  const seats = instances
    .filter(({ id }) => !hasLeft(id))
    .flatMap((instance) => keysOf(instance).map((key) => ({ key, instance })));
  return [...Map.groupBy(seats, ({ key }) => key)].map(([key, those]) => ({
    key,
    instances: those.map(({ instance }) => instance),
  }));
}

const keysOf = ({ id, customers }: Instance): readonly string[] =>
  customers ? [...new Set(customers)].map((value) => `customer ${value}`) : [`instance ${id}`];

/** `c/<token>/`: only who has the secret can tell it from the key, and nobody the key from it. */
export const folderOf = (secret: string, key: string): string =>
  `${CUSTOMERS_FOLDER}${digestOf(secret, `page of ${key}`)}/`;

/** Where a customer reads. */
export const addressOf = (address: string, secret: string, { key }: Audience): string =>
  `${address}${folderOf(secret, key)}${ROOT_PAGE}`;

/** What stands for an instance where its id is nobody's business. */
export const aliasOf = (secret: string, id: string): string =>
  digestOf(secret, `row of ${id}`).slice(0, 16);

/** 256 bits in 43 characters that fit into a URL. */
const digestOf = (secret: string, text: string): string =>
  createHmac("sha256", secret).update(text).digest("base64url");
