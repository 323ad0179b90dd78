import { UserError } from "../cli/user-error.ts";

interface Silence {
  /** What the first of them said. */
  readonly why?: string | undefined;
  /** What follows, where it is not plain. */
  readonly so?: string;
  readonly exitCode?: 1 | 2;
}

/** None of these sites' ledgers answers, so nothing is known. */
export function noLedger(
  sites: readonly string[],
  { why, so, exitCode = 1 }: Silence = {},
): UserError {
  const said = [why, so].flatMap((each) => (each === undefined ? [] : [`: ${each}`])).join("");
  return new UserError(
    `sites: no ledger answers in ${sites.join(", ")}${said}; is the fleet deployed, and AWS_ENDPOINT_URL right?`,
    exitCode,
  );
}

/** Of what was asked of all of them. */
export const reasonIn = (asked: readonly PromiseSettledResult<unknown>[]): string | undefined =>
  asked.flatMap((each) => (each.status === "rejected" ? [(each.reason as Error).message] : []))[0];
