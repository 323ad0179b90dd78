import type { Ask } from "../evaluate.ts";

/** What services know that a request does not say. */
export interface Facts {
  /** Tags of what has this ARN; undefined where nothing has it. */
  tagsOf(arn: string): Readonly<Record<string, string>> | undefined;
  /** A secret's ARN by its name, by the ARN itself or by what comes before its random end. */
  secretArn(region: string, id: string): string | undefined;
  /** ARN of the state machine that waits for a task token. */
  machineOfToken(token: string): string | undefined;
  /** Of a task definition, by all that RunTask takes: its ARN and the roles it hands out. */
  taskDefinition(
    region: string,
    reference: string,
  ): { readonly arn: string; readonly roles: readonly string[] } | undefined;
  /** Ids of the snapshots that the image of this ARN consists of. */
  snapshotsOf(image: string): readonly string[];
  /** ARN of the key that encrypts what has this ARN. */
  keyOf(arn: string): string | undefined;
}

/** Where a request is made. */
export interface Place {
  readonly region: string;
  /** Twelve digits: whose things are that a request names without an ARN. */
  readonly account: string;
  readonly facts: Facts;
}

/**
 * Which permissions an operation needs, by the Service Authorization Reference
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/).
 */
// biome-ignore lint/suspicious/noExplicitAny: one table holds operations of every shape, each narrowed by its client's type.
export type Row = (input: any, place: Place) => readonly Ask[];

export type Rows = Readonly<Record<string, Row>>;

/** The action of the operation's own name, on everything: it knows no resources. */
export const everywhere =
  (action: string): Row =>
  () => [{ action, resource: "*" }];

export const rowsOf = (prefix: string, operations: readonly string[]): Rows =>
  Object.fromEntries(operations.map((name) => [name, everywhere(`${prefix}:${name}`)]));

/** A key's ARN by its id, its alias or already by its ARN: policies are about keys, whatever a request calls them. */
export function keyArn({ region, account }: Place, given: string): string {
  if (given.startsWith("arn:")) return given.replace(":alias/", ":key/");
  return `arn:aws:kms:${region}:${account}:key/${given.replace(/^(alias|key)\//, "")}`;
}

/** A key as a service uses it for the caller: its policies go by the service that asks. */
export const throughService = (
  service: string,
  place: Place,
  keyId: string | undefined,
  actions: readonly string[],
): readonly Ask[] => {
  if (keyId === undefined) return [];
  const resource = keyArn(place, keyId);
  const context = { "kms:viaservice": `${service}.${place.region}.amazonaws.com` };
  return actions.map((action) => ({ action, resource, context }));
};
