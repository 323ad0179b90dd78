import { createHash } from "node:crypto";
import { type Door, type DoorOptions, openDoor } from "../https-door.ts";
import { AwsError } from "../wire/service.ts";
import type { Functions } from "./function.ts";
import { bodyOf, passOn, requestEvent } from "./http-proxy.ts";

export interface FunctionUrlsOptions extends DoorOptions {
  readonly functions: Functions;
}

/** Where a URL's certificate and address are made, one each. */
export interface FunctionUrls {
  /** `https://<id>.lambda-url.<region>.on.aws/`, the same for the same function as long as the cloud runs. */
  expose(region: string, name: string): Promise<string>;
  /** Nothing answers there any more. */
  hide(region: string, name: string): void;
  urlOf(region: string, name: string): string | undefined;
  close(): void;
}

const FORBIDDEN = JSON.stringify({ Message: "Forbidden" });
const FAILED = { status: 502, body: "Internal Server Error" } as const;

/** Function URLs without authentication, payload format 2.0. */
export function functionUrls(options: FunctionUrlsOptions): FunctionUrls {
  const doors = new Map<string, Door>();
  const urls = new Map<string, string>();
  return {
    urlOf: (region, name) => urls.get(`${region}/${name}`),
    hide(region, name) {
      const key = `${region}/${name}`;
      doors.get(key)?.close();
      doors.delete(key);
      urls.delete(key);
    },
    async expose(region, name) {
      const key = `${region}/${name}`;
      const known = urls.get(key);
      if (known !== undefined) return known;
      const id = createHash("sha256").update(key).digest("hex").slice(0, 32);
      const host = `${id}.lambda-url.${region}.on.aws`;
      doors.set(key, await serve(host, { region, name }, options));
      urls.set(key, `https://${host}/`);
      return `https://${host}/`;
    },
    close() {
      for (const door of doors.values()) door.close();
    },
  };
}

/** Undefined: the function's own policy lets nobody in. */
function refused(cause: unknown): undefined {
  if (cause instanceof AwsError && cause.code === "AccessDeniedException") return undefined;
  throw cause;
}

interface Target {
  readonly region: string;
  readonly name: string;
}

const serve = (host: string, target: Target, options: FunctionUrlsOptions): Promise<Door> =>
  openDoor(host, target.region, options, async (request, response) => {
    const body = await bodyOf(request);
    if (body === undefined) return void response.writeHead(413).end();
    const payload = JSON.stringify({ ...requestEvent(request), ...body });
    const outcome = await options.functions.invoke({ ...target, payload }).catch(refused);
    if (outcome) passOn(outcome, response, FAILED);
    else response.writeHead(403, { "content-type": "application/json" }).end(FORBIDDEN);
  });
