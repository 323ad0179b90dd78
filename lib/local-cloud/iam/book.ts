import { managedPolicy } from "./managed.ts";
import { PolicyRefused, type Statement, statementsOf } from "./policy.ts";

/** A role as its template has it. */
export interface RoleEntry {
  readonly kind: "role";
  readonly arn: string;
  readonly name: string;
  /** Who may take it on. */
  readonly trust: unknown;
  readonly policies: readonly unknown[];
  /** Policies that it takes, AWS's own and those of templates, by ARN. */
  readonly managed: readonly string[];
  /** By a permissions boundary, which is not evaluated here. */
  readonly isBounded: boolean;
}

/** What one resource of a template says about who may do what. */
export type Entry =
  | RoleEntry
  /** Beside roles: for those of these names. */
  | { readonly kind: "policy"; readonly roles: readonly string[]; readonly document: unknown }
  /** For roles that take it by its ARN. */
  | { readonly kind: "managed"; readonly arn: string; readonly document: unknown }
  /** Of what has this ARN; several add up. */
  | { readonly kind: "resource"; readonly arn: string; readonly document: unknown }
  /** Facts about an ARN that carries neither its account nor its key. */
  | {
      readonly kind: "about";
      readonly arn: string;
      readonly account: string;
      readonly key?: string;
    };

export interface KnownRole {
  readonly arn: string;
  readonly name: string;
  readonly trust: readonly Statement[];
  readonly statements: readonly Statement[];
}

/** Policies of all stacks. What a template changes or takes away counts from then on. */
export class PolicyBook {
  readonly #entries = new Map<string, readonly Entry[]>();
  #roles = new Map<string, KnownRole | undefined>();
  #resources = new Map<string, readonly Statement[] | undefined>();
  #facts = new Map<string, Extract<Entry, { kind: "about" }> | undefined>();

  /** `place` is the resource of the template; what it said before is forgotten. */
  put(place: string, entries: readonly Entry[]): void {
    this.#entries.set(place, entries);
    this.#forget();
  }

  remove(place: string): void {
    this.#entries.delete(place);
    this.#forget();
  }

  /** Undefined: no template has made it. @throws PolicyRefused for a policy that cannot be evaluated */
  role(arn: string): KnownRole | undefined {
    return remembered(this.#roles, arn, () => this.#role(arn));
  }

  /** Statements of a resource's policies; undefined: it has none. @throws PolicyRefused */
  resource(arn: string): readonly Statement[] | undefined {
    return remembered(this.#resources, arn, () => {
      const found = this.#all("resource").filter((entry) => entry.arn === arn);
      if (found.length === 0) return undefined;
      return found.flatMap(({ document }) => statementsOf(document, `policy of ${arn}`));
    });
  }

  about(arn: string): { readonly account: string; readonly key?: string } | undefined {
    return remembered(this.#facts, arn, () =>
      this.#all("about").find((entry) => entry.arn === arn),
    );
  }

  #role(arn: string): KnownRole | undefined {
    const entry = this.#all("role").find((role) => role.arn === arn);
    if (!entry) return undefined;
    if (entry.isBounded)
      throw new PolicyRefused(`role ${entry.name}: permissions boundaries are not known here`);
    const beside = this.#all("policy").filter(({ roles }) => roles.includes(entry.name));
    const documents = [
      ...entry.policies,
      ...beside.map(({ document }) => document),
      ...entry.managed.map((policy) => this.#managed(policy, entry.name)),
    ];
    return {
      ...{ arn, name: entry.name },
      trust: statementsOf(entry.trust, `role ${entry.name}, AssumeRolePolicyDocument`),
      statements: documents.flatMap((each) => statementsOf(each, `role ${entry.name}`)),
    };
  }

  #managed(arn: string, role: string): unknown {
    const own = this.#all("managed").find((entry) => entry.arn === arn);
    return own ? own.document : managedPolicy(arn, role);
  }

  #all<K extends Entry["kind"]>(kind: K): Extract<Entry, { kind: K }>[] {
    const isOf = (entry: Entry): entry is Extract<Entry, { kind: K }> => entry.kind === kind;
    return [...this.#entries.values()].flat().filter(isOf);
  }

  #forget(): void {
    this.#roles = new Map();
    this.#resources = new Map();
    this.#facts = new Map();
  }
}

function remembered<T>(book: Map<string, T>, key: string, make: () => T): T {
  if (!book.has(key)) book.set(key, make());
  return book.get(key) as T;
}
