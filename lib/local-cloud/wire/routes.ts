import type { NormalizedSchema } from "@smithy/core/schema";
import { type Member, membersOf } from "./members.ts";

/** How one operation of a REST service is recognised. */
export interface Route {
  readonly operation: string;
  readonly method: string;
  readonly status: number;
  readonly path: RegExp;
  /** Labels of the path, in order. */
  readonly labels: readonly string[];
  /** Labels that are not in the path: a bucket may be in the host name. */
  readonly elsewhere: readonly string[];
  readonly literals: readonly (readonly [key: string, value: string | undefined])[];
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
  /** The more a route demands, the earlier it is tried. */
  readonly weight: number;
}

/** What of a request decides its route. `located` are labels found outside the path. */
export interface Routable {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly located: Readonly<Record<string, string>>;
}

/** Query parameter by which clients name the operation; older clients leave it out. */
const OPERATION_HINT = "x-id";

export function compileRoute(
  operation: string,
  [method, uri, status]: readonly [string, string, number],
  input: NormalizedSchema,
): Route {
  const [path = "/", query = ""] = uri.split("?");
  const labels = [...path.matchAll(/\{(\w+)\+?\}/g)].map(([, label]) => label ?? "");
  const literals = [...new URLSearchParams(query)]
    .filter(([key]) => key !== OPERATION_HINT)
    .map(([key, value]) => [key, value === "" ? undefined : value] as const);
  const members = membersOf(input);
  const requiredQuery = required(members, "query");
  const requiredHeaders = required(members, "header");
  return {
    operation,
    method,
    status,
    path: pattern(path),
    labels,
    elsewhere: members
      .filter(({ name, binding }) => binding === "label" && !labels.includes(name))
      .map(({ name }) => name),
    literals,
    requiredQuery,
    requiredHeaders,
    weight:
      100 * (literals.length + requiredQuery.length + requiredHeaders.length) +
      path.replaceAll(/\{\w+\+?\}/g, "").length -
      (path.includes("+}") ? 50 : 0),
  };
}

const required = (members: readonly Member[], binding: Member["binding"]) =>
  members
    .filter((member) => member.required && member.binding === binding)
    .map(({ key }) => (binding === "header" ? key.toLowerCase() : key));

function pattern(path: string): RegExp {
  const source = path
    .replaceAll(/[.*$^()[\]\\|?]/g, "\\$&")
    .replaceAll(/\{\w+\+\}/g, "(.+)")
    .replaceAll(/\{\w+\}/g, "([^/]+)")
    .replace(/\/$/, "");
  return new RegExp(`^${source}/?$`);
}

export function byWeight(routes: readonly Route[]): readonly Route[] {
  return routes.toSorted((a, b) => b.weight - a.weight);
}

/** The first route, in order of weight, all of whose demands the request meets. */
export function findRoute(routes: readonly Route[], request: Routable): Route | undefined {
  const hint = request.query.get(OPERATION_HINT);
  const hinted = hint === null ? undefined : routes.find(({ operation }) => operation === hint);
  return hinted && fits(hinted, request) ? hinted : routes.find((route) => fits(route, request));
}

function fits(route: Route, { method, path, query, headers, located }: Routable): boolean {
  return (
    route.method === method &&
    route.elsewhere.length === Object.keys(located).length &&
    route.elsewhere.every((label) => label in located) &&
    route.path.test(path) &&
    route.literals.every(([key, value]) =>
      value === undefined ? query.has(key) : query.get(key) === value,
    ) &&
    route.requiredQuery.every((key) => query.has(key)) &&
    route.requiredHeaders.every((key) => headers[key] !== undefined)
  );
}
