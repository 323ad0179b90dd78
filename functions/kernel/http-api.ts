/** As an HTTP API hands a request over once its authorizer has let it in (payload format 2.0), as far as it is read. */
export interface ApiRequest {
  /** The route that matched, or `$default`. */
  readonly routeKey: string;
  readonly pathParameters?: Readonly<Record<string, string>>;
  readonly queryStringParameters?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: {
    readonly authorizer?: { readonly jwt?: { readonly claims?: Claims } };
  };
}

/** Of a token that was verified; all of them text. */
export type Claims = Readonly<Record<string, string>>;

export interface ApiAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const claimsOf = ({ requestContext }: ApiRequest): Claims =>
  requestContext.authorizer?.jwt?.claims ?? {};

export type ApiBody = Pick<ApiRequest, "body" | "isBase64Encoded">;

export const bodyText = ({ body = "", isBase64Encoded = false }: ApiBody): string =>
  isBase64Encoded ? Buffer.from(body, "base64").toString("utf8") : body;

export const jsonAnswer = (
  statusCode: number,
  value: unknown,
  more: Readonly<Record<string, string>> = {},
): ApiAnswer => ({
  statusCode,
  headers: {
    "content-type": "application/json",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    ...more,
  },
  body: `${JSON.stringify(value)}\n`,
});
