import { type ApiAnswer, jsonAnswer } from "../kernel/http-api.ts";
import type { Mistake } from "./helpdesk-wish.ts";

/** With place, value and what is allowed. */
export function badRequest(mistake: Mistake): ApiAnswer {
  const { place, value, allowed } = mistake;
  const found = value === undefined ? "is missing" : `'${value}'`;
  const message = `${place}: ${found}: expected ${allowed}`;
  return jsonAnswer(400, { error: { code: "BadRequest", message, ...mistake } });
}

/** Something else is recorded. */
export const conflict = (message: string) => jsonAnswer(409, failure("Conflict", message));

const failure = (code: string, message: string) => ({ error: { code, message } });

export const STRANGER = jsonAnswer(403, failure("Stranger", "this is no token of the helpdesk"));
export const NOT_FOUND = jsonAnswer(404, failure("NotFound", "there is no such ticket"));
