import type { Check, Recovery } from "./result.ts";

/** What must hold of an instance that a person brought back, beside its figures. */
export const recoveryChecks = (recovery: Recovery): readonly Check[] => [
  {
    name: "people were told before one of them acted",
    ok: isInOrder(recovery),
    found: toldWords(recovery),
  },
  {
    name: "the restored database is the primary, one epoch on",
    ok: recovery.failure === undefined && recovery.epochs[1] === (recovery.epochs[0] ?? 0) + 1,
    found: recovery.failure ?? `epoch ${recovery.epochs.join(" → ")}`,
  },
  {
    name: "primary and standby are both of before",
    ok: recovery.gone.every((seat) => recovery.former.includes(seat)),
    found: recovery.former.join(", ") || "nobody is",
  },
  {
    name: "its own contacts were told as well that it is done",
    ok: recovery.untold.length === 0,
    found: recovery.untold.length === 0 ? "all" : `not ${recovery.untold.join(", ")}`,
  },
  {
    name: "every name server leads to it",
    ok: recovery.answers.length === 1 && recovery.answers.every((each) => leadsTo(each, recovery)),
    found: recovery.answers.join(" and ") || "no answer",
  },
  {
    name: "every row written up to the restored instant is there",
    ok: recovery.rows > 0 && recovery.rowsMissing === 0,
    found: `${recovery.rowsMissing} of ${recovery.rows} are missing`,
  },
  ...(recovery.table ? [tableCheck(recovery.table)] : []),
];

const isInOrder = ({ toldSeconds, askedSeconds }: Recovery) =>
  toldSeconds !== null && askedSeconds !== null && toldSeconds <= askedSeconds;

const toldWords = ({ toldSeconds, askedSeconds }: Recovery) =>
  toldSeconds === null
    ? "nobody was told"
    : `told after ${toldSeconds.toFixed(2)} s, ${askedSeconds === null ? "nobody acted" : `acted after ${askedSeconds.toFixed(2)} s`}`;

/** A database's endpoint begins with its name; where the application has no place its name stays as it was. */
function leadsTo(answer: string, { database, app }: Recovery): boolean {
  const targets = answer.split(", ");
  return (
    targets.some((target) => target.startsWith(`${database}.`)) &&
    (app === null || targets.includes(app))
  );
}

/** Its figure only grows, so whatever came back has counted at least as far. */
const tableCheck = ({ name, before, after }: NonNullable<Recovery["table"]>): Check => ({
  name: `the rows of the dropped table ${name} are back`,
  ok: before > 0 && after !== null && after >= before,
  found: after === null ? "it is not there" : `counted ${before} before, ${after} now`,
});
