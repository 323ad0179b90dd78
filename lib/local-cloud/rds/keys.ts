import { AwsError } from "../wire/service.ts";

/** KMS keys as RDS meets them: every key exists, until it is disabled or is meant in another region. */
export class Keys {
  readonly #disabled = new Set<string>();

  disable(region: string, key: string): void {
    this.#disabled.add(nameOf(region, key));
  }

  enable(region: string, key: string): void {
    this.#disabled.delete(nameOf(region, key));
  }

  isEnabled(region: string, key: string): boolean {
    return !this.#disabled.has(nameOf(region, key));
  }

  /** @throws AwsError KMSKeyNotAccessibleFault */
  check(region: string, key: string | undefined): void {
    if (key === undefined) return;
    const isElsewhere = key.startsWith("arn:") && key.split(":")[3] !== region;
    if (!isElsewhere && !this.#disabled.has(nameOf(region, key))) return;
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
