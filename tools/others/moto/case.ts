import type { Clock } from "../../../functions/kernel/clock.ts";

export const ACCOUNT = "111111111111";
export const HERE = "eu-central-1";
export const ELSEWHERE = "eu-west-1";

/** What an adapter has to answer, whoever the server is. */
export interface Case {
  /** A sentence, by which differences are listed. */
  readonly name: string;
  /** Where AWS's documentation says so: a guide or the page of an API. */
  readonly by: string;
  readonly expected: unknown;
  /** Its own names: cases know nothing of each other. Errors are answers too. */
  run(clock: Clock): Promise<unknown>;
}

/** What comes of a call that is to fail, by the name that decides in our code. */
export const nameOfError = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "no error",
    (cause: Error) => cause.name,
  );
