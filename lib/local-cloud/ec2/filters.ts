import type { Filter } from "@aws-sdk/client-ec2";
import { AwsError } from "../wire/service.ts";
import type { TagSet } from "./machines.ts";

/** What can be filtered by, by the filter's name; tags besides, as `tag:NAME`. */
export type Facets<T> = Readonly<Record<string, (each: T) => string>>;

/**
 * Those that match every filter, by one of its values, in which `*` and `?` stand for anything.
 *
 * @throws AwsError InvalidParameterValue for a filter that is not known here: it would be answered wrongly
 */
export function filtered<T extends { readonly tags: TagSet }>(
  all: readonly T[],
  filters: readonly Filter[] | undefined,
  facets: Facets<T>,
): readonly T[] {
  const tests = (filters ?? []).map(({ Name = "", Values = [] }) => {
    const facet = Name.startsWith("tag:") ? byTag<T>(Name.slice(4)) : facets[Name];
    if (!facet) {
      throw new AwsError("InvalidParameterValue", `The filter '${Name}' is not known here`, 400);
    }
    const patterns = Values.map(patternOf);
    return (each: T) => {
      const value = facet(each);
      return value !== undefined && patterns.some((pattern) => pattern.test(value));
    };
  });
  return all.filter((each) => tests.every((test) => test(each)));
}

const byTag =
  <T extends { readonly tags: TagSet }>(name: string) =>
  ({ tags }: T): string | undefined =>
    tags[name];

const patternOf = (value: string) =>
  new RegExp(
    `^${value
      .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "s",
  );

/** Of the one filter that is understood; what is filtered by another would be answered wrongly. */
export function idsOf(name: string, filters: readonly Filter[] = []): string[] | undefined {
  const other = filters.find((filter) => filter.Name !== name);
  if (other) {
    throw new AwsError(
      "InvalidParameterValue",
      `The filter '${other.Name}' is not known here`,
      400,
    );
  }
  return filters.length === 0 ? undefined : filters.flatMap(({ Values = [] }) => Values);
}
