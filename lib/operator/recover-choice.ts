import { UserError } from "../cli/user-error.ts";
import type { Candidate } from "./recover-candidates.ts";

interface Question {
  readonly instance: string;
  readonly places: readonly string[];
  readonly silent: readonly string[];
  /** Region that a person names. */
  readonly to?: string;
  /** ISO 8601. */
  readonly at?: string;
  /** ISO 8601: the oldest there is anywhere. */
  readonly oldest?: string;
}

interface Choice {
  readonly chosen: Candidate;
  readonly because: string;
}

/** Of candidates, the best first, the one that is taken and why. Throws UserError where none will do. */
export function chosenAmong(found: readonly Candidate[], question: Question): Choice {
  const { to } = question;
  const [best, next] = found;
  if (!best) throw nothingThere(question);
  if (to === undefined) return { chosen: best, because: whyBest(best, next) };
  const chosen = found.find(({ region }) => region === to);
  if (!chosen) throw notThere(found, { ...question, to });
  return { chosen, because: chosen === best ? whyBest(best, next) : `you name ${to}` };
}

function whyBest(best: Candidate, next: Candidate | undefined): string {
  if (!next) return "nothing else can be restored";
  if (next.proof === "failed" && best.proof !== "failed") return "tests of all others have failed";
  if (best.at !== next.at) return "least is lost";
  const alike = "as little is lost elsewhere";
  if (best.seat.app !== undefined && next.seat.app === undefined) {
    return `${alike}, but here the application has its place`;
  }
  return best.proof === "proven" && next.proof !== "proven"
    ? `${alike}, but here it was proven`
    : alike;
}

function nothingThere({ instance, places, silent, at, oldest }: Question): UserError {
  if (at !== undefined && oldest !== undefined) {
    return new UserError(
      `--at: nothing of ${instance} is as old as ${at}${unheard(silent)}; the oldest that can be restored is of ${oldest}`,
    );
  }
  const answered = places.filter((place) => !silent.includes(place));
  const where = answered.length === 0 ? "any site" : answered.join(", ");
  return new UserError(
    `${instance}: no backup and no logs in ${where} can be restored${unheard(silent)}; see sla backups ${instance}`,
    1,
  );
}

function notThere(
  found: readonly Candidate[],
  { instance, silent, to, at }: Question & { readonly to: string },
): UserError {
  const others = found.map(({ region }) => region).join(", ");
  if (silent.includes(to)) {
    return new UserError(`--to: ${to} does not answer; ${others} could restore ${instance}`, 1);
  }
  const what = at === undefined ? "nothing" : `nothing as old as ${at}`;
  return new UserError(
    `--to: ${to} holds ${what} that could bring ${instance} back; ${others} ${found.length === 1 ? "does" : "do"}`,
    1,
  );
}

const unheard = (silent: readonly string[]) =>
  silent.length === 0
    ? ""
    : ` (${silent.join(", ")} ${silent.length === 1 ? "does" : "do"} not answer)`;
