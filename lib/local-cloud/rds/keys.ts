import { AwsError } from "../wire/service.ts";

/** KMS keys as RDS meets them: every key exists, until it is disabled or is meant in another region. */
export class Keys {
  readonly #disabled = new Set<string>();
  readonly #aliases = new Map<string, string>();

  /** @throws AwsError AlreadyExistsException */
  alias(region: string, alias: string, key: string): void {
    const name = nameOf(region, alias);
    if (this.#aliases.has(name)) {
      const message = `An alias with the name ${alias} already exists in ${region}`;
      throw new AwsError("AlreadyExistsException", message, 400);
    }
    this.#aliases.set(name, nameOf(region, key));
  }

  disable(region: string, key: string): void {
    this.#disabled.add(nameOf(region, key));
  }

  enable(region: string, key: string): void {
    this.#disabled.delete(nameOf(region, key));
  }

  isEnabled(region: string, key: string): boolean {
    const name = nameOf(region, key);
    const target = this.#aliases.get(name) ?? name;
    return !this.#disabled.has(name) && !this.#disabled.has(target);
  }

  /** @throws AwsError KMSKeyNotAccessibleFault */
  check(region: string, key: string | undefined): void {
    if (key === undefined) return;
    const isElsewhere = key.startsWith("arn:") && key.split(":")[3] !== region;
    if (!isElsewhere && this.isEnabled(region, key)) return;
    throw new AwsError(
      "KMSKeyNotAccessibleFault",
      `The specified KMS key [${key}] does not exist in ${region}, is not enabled or you do not have permissions to access it.`,
      400,
    );
  }
}

/** A key is told by id or ARN, an alias by name or ARN. */
const nameOf = (region: string, key: string) =>
  `${region}/${key.replace(/^arn:.*:/, "").replace(/^key\//, "")}`;
