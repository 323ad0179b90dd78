import type { Filter } from "@aws-sdk/client-rds";
import { invalidValue } from "./parameters.ts";

/** By filter name, whether an item is what a value of the filter means. */
export type Matchers<T> = Readonly<Record<string, (item: T, value: string) => boolean>>;

/** @throws AwsError InvalidParameterValue for a filter RDS does not have here */
export function matching<T>(
  items: readonly T[],
  filters: readonly Filter[] = [],
  matchers: Matchers<T>,
): T[] {
  const conditions = filters.map(({ Name = "", Values = [] }) => {
    const matches = matchers[Name];
    if (matches) return (item: T) => Values.some((value) => matches(item, value));
    throw invalidValue(
      `Unrecognized filter name: ${Name}; allowed: ${Object.keys(matchers).join(", ")}`,
    );
  });
  return items.filter((item) => conditions.every((holds) => holds(item)));
}
