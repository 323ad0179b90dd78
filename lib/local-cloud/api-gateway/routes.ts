/** A route key with its target, in API Gateway's words: `GET /instances/{instance}`. */
export interface Matched {
  readonly routeKey: string;
  /** Decoded; absent where the route has none. */
  readonly pathParameters?: Readonly<Record<string, string>>;
}

/**
 * Which route of an HTTP API a request takes: a full match before one with variables, `$default` at last.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html. Routes with `+` are not known here.
 */
export function matchRoute(
  routeKeys: readonly string[],
  method: string,
  path: string,
): Matched | undefined {
  const found = routeKeys.flatMap((routeKey): Matched[] => {
    const pathParameters = parametersOf(routeKey, method, path);
    if (!pathParameters) return [];
    const isPlain = Object.keys(pathParameters).length === 0;
    return [{ routeKey, ...(!isPlain && { pathParameters }) }];
  });
  return (
    found.toSorted((one, other) => variables(one) - variables(other)).at(0) ?? fallback(routeKeys)
  );
}

const variables = ({ pathParameters = {} }: Matched) => Object.keys(pathParameters).length;

const fallback = (routeKeys: readonly string[]): Matched | undefined =>
  routeKeys.includes("$default") ? { routeKey: "$default" } : undefined;

function parametersOf(
  routeKey: string,
  method: string,
  path: string,
): Record<string, string> | undefined {
  const [wanted = "", pattern = ""] = routeKey.split(" ");
  if (wanted !== "ANY" && wanted !== method) return undefined;
  const [names, values] = [pattern.split("/"), path.split("/")];
  if (names.length !== values.length) return undefined;
  const parts = names.map((name, index) => partOf(name, values[index] ?? ""));
  if (parts.includes(undefined)) return undefined;
  return Object.fromEntries(parts.flatMap((part) => part ?? []));
}

/** The variable with its value, nothing where both are the same text, undefined where they do not match. */
function partOf(name: string, value: string): readonly [string, string][] | undefined {
  const variable = /^\{([\w.-]+)\}$/.exec(name)?.[1];
  if (variable === undefined) return name === value ? [] : undefined;
  const decoded = decodedOf(value);
  return decoded === undefined || decoded === "" ? undefined : [[variable, decoded]];
}

function decodedOf(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
}
