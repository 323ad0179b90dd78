import { type Asked, type Check, GOOD, lacking } from "./prepared-check.ts";
import type { RecoveryNeeds, SecretNeed } from "./recovery-needs.ts";

/** A secret as Secrets Manager describes it; never what is in it. */
export interface SecretLook {
  /** ISO 8601: it waits for its deletion since then. */
  readonly deletedAt?: string;
  /** ISO 8601: anything of it. */
  readonly changedAt?: string;
  /** Region that a replica follows. */
  readonly follows?: string;
  /** Of what follows it, by region: how Secrets Manager calls it, and why. */
  readonly replicas: Readonly<Record<string, string>>;
}

/** Whether it opens to a user and a password. */
export type Content =
  | { readonly is: "login" | "malformed" }
  | { readonly is: "closed"; readonly why: string };

/** A login that a recovery here needs. */
export interface Login {
  readonly here: Asked<SecretLook>;
  /** Of those that are there, and do not wait for their deletion. */
  readonly content?: Asked<Content>;
  /** Where it comes from: the region that it follows, else the home of its instance. */
  readonly origin?: { readonly region: string; readonly asked: Asked<SecretLook> };
}

export const secretChecks = (
  { region, secrets }: RecoveryNeeds,
  logins: ReadonlyMap<string, Login>,
): readonly Check[] =>
  secrets.flatMap(({ name }) => {
    const login = logins.get(name) ?? { here: { state: "missing" } };
    const copied = copyOutcome(region, login);
    return [
      { kind: "secret", about: name, outcome: openOutcome(region, login) } as const,
      ...(copied ? [{ kind: "secret-copy", about: name, outcome: copied } as const] : []),
    ];
  });

/** The region to ask for where a secret comes from; undefined if it is at home here. */
export const originOf = (
  { home }: SecretNeed,
  here: Asked<SecretLook>,
  region: string,
): string | undefined => {
  if (here.state !== "there") return undefined;
  const from = here.it.follows ?? home;
  return from === region ? undefined : from;
};

function openOutcome(region: string, { here, content }: Login): Check["outcome"] {
  if (here.state === "silent") return { is: "unknown", region, why: here.why };
  if (here.state === "missing") return lacking("it is not there");
  if (here.it.deletedAt !== undefined) return lacking("it waits for its deletion");
  if (content?.state === "silent") return { is: "unknown", region, why: content.why };
  if (content?.state !== "there") return lacking("it has no value");
  const said = content.it;
  if (said.is === "closed") return lacking(`it cannot be opened: ${said.why}`);
  return said.is === "login" ? GOOD : lacking('it is not {"username": "…", "password": "…"}');
}

/** By hand in two places takes its time. */
const PATIENCE_MS = 3_600_000;

/** Undefined where it comes from nowhere else. */
function copyOutcome(region: string, { here, origin }: Login): Check["outcome"] | undefined {
  if (!origin || here.state !== "there") return undefined;
  const { region: home, asked } = origin;
  if (asked.state === "silent") return { is: "unknown", region: home, why: asked.why };
  // What its home lacks is told there.
  if (asked.state === "missing") return GOOD;
  if (asked.it.follows === region) return GOOD;
  if (here.it.follows === undefined) return alone(home, here.it, asked.it);
  const status = asked.it.replicas[region];
  if (status === undefined) return lacking(`the one in ${home} says nothing of this replica`);
  return /^(InSync|InProgress)\b/.test(status)
    ? GOOD
    : lacking(`it does not follow the one in ${home}: ${status}`);
}

/** Somebody keeps both by hand, or has ended a replication. */
function alone(home: string, here: SecretLook, there: SecretLook): Check["outcome"] {
  if (there.deletedAt !== undefined) return GOOD;
  const [now, then] = [there.changedAt, here.changedAt].map((at) => Date.parse(at ?? ""));
  if (now === undefined || then === undefined || !(now - then > PATIENCE_MS)) return GOOD;
  return lacking(
    `the one in ${home} was changed ${there.changedAt}, this one last ${here.changedAt}, and it is no replica`,
  );
}
