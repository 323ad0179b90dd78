/** As a function URL takes an answer. */
export interface UrlAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const answer = (statusCode: number, more: Readonly<Record<string, string>>, body: string) => ({
  statusCode,
  headers: {
    "content-type": "text/plain; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "strict-transport-security": "max-age=31536000",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
    ...more,
  },
  body,
});

const JSON_TYPE = { "content-type": "application/json; charset=utf-8" } as const;
export const jsonPage = (page: string): UrlAnswer => answer(200, JSON_TYPE, page);
export const NOT_FOUND: UrlAnswer = answer(404, {}, "not found\n");
export const ledTo = (location: string): UrlAnswer => answer(302, { location }, "");
