import { prefixes } from "../../functions/ledger/contract.ts";
import type { FreshRequest } from "../../functions/reconcile/contract.ts";
import {
  RESTORE_TEST_MACHINE,
  type RestoreTestRecord,
  restoreTestName,
} from "../../functions/restore/contract.ts";
import { UserError } from "../cli/user-error.ts";
import type { Shelved } from "../sla/backups/catalogue.ts";
import type { FreshStage } from "../sla/backups/fresh-stage.ts";
import type { Access } from "./access.ts";
import { follow } from "./follow.ts";
import type { FreshAsked } from "./fresh-ask.ts";
import { type FreshEyes, freshNow } from "./fresh-now.ts";
import { freshWords } from "./fresh-words.ts";
import { rolesOf } from "./roles-of.ts";
import type { StepLine } from "./step-lines.ts";

interface FreshPorts {
  readonly eyes: FreshEyes;
  /** Has a site look at its backups now instead of within a quarter of an hour. */
  readonly nudge: (site: string) => Promise<unknown>;
}

/** Plan seconds between two looks, and after which a site that had nothing to do is asked once more. */
const LOOK_SECONDS = 5;
const LOOK_FLOOR_MS = 500;
const NUDGE_SECONDS = 120;
/** Looks in a row that may fail: a region that stumbles is asked again. */
const PATIENCE = 10;

/**
 * Tells each step until the dump is made; resolves with its backup. Throws UserError (exit 1) where none comes of it. Whoever stops
 * following stops nothing.
 */
export async function followFresh(
  access: Access,
  ports: FreshPorts,
  { request, region }: FreshAsked,
  tell: (line: StepLine) => void,
): Promise<Shelved> {
  const patient = patiently(() => freshNow(access, ports.eyes, request));
  const nudge = nudging(access, ports);
  const arrive = async (stage: FreshStage, isNew: boolean) => {
    if (isNew) tell(lineOf(stage, request, region, access.clock.now()));
    const made = await endOf(access, stage, request);
    if (made) return made;
    await nudge(await actorAt(stage, access, request, region), isNew);
    if (isNew && stage.kind === "testing") await followTest(access, stage.backup, request, tell);
    return undefined;
  };
  for (let told: FreshStage["kind"] | undefined; ; ) {
    const stage = await patient();
    const made = stage && (await arrive(stage, stage.kind !== told));
    if (made) return made;
    told = stage?.kind ?? told;
    await access.clock.wait(LOOK_SECONDS, LOOK_FLOOR_MS);
  }
}

/** Undefined while it goes on. */
async function endOf(access: Access, stage: FreshStage, request: FreshRequest) {
  if (stage.kind === "frozen") return stage.backup;
  if (stage.kind === "refuted") throw await refuted(access, stage.backup);
  if (stage.kind === "given-up") throw givenUp(request);
  return undefined;
}

/** At once where something new is to be done, else now and then: a database may be busy with another backup. */
function nudging({ clock }: Access, ports: FreshPorts) {
  let lastMs = 0;
  return async (site: string | undefined, isNew: boolean) => {
    const isDue = isNew || clock.now().getTime() - lastMs >= clock.paced(NUDGE_SECONDS);
    if (site === undefined || !isDue) return;
    lastMs = clock.now().getTime();
    // What it could not do, about whichever instance, the next pass does.
    await ports.nudge(site).catch(() => undefined);
  };
}

/** Undefined for a look that failed, until too many have. */
function patiently<T>(look: () => Promise<T>): () => Promise<T | undefined> {
  let failures = 0;
  return async () => {
    try {
      const found = await look();
      failures = 0;
      return found;
    } catch (cause) {
      failures += 1;
      if (failures >= PATIENCE) throw cause;
      return undefined;
    }
  };
}

const lineOf = (stage: FreshStage, request: FreshRequest, region: string, now: Date): StepLine => ({
  id: 0,
  ...freshWords(stage, region),
  seconds: Math.max(0, now.getTime() - Date.parse(request.askedAt)) / 1000,
});

/** The site that has to do something now. */
async function actorAt(
  { kind }: FreshStage,
  access: Access,
  { instance }: FreshRequest,
  region: string,
): Promise<string | undefined> {
  if (kind === "wanted") return (await rolesOf(access, instance)).primary.region;
  return kind === "taken" || kind === "there" ? region : undefined;
}

/** Step by step; a test that a person began has another name, and is waited for all the same. */
async function followTest(
  access: Access,
  { id, instance, region, testedMs = 0 }: Shelved,
  { askedAt }: FreshRequest,
  tell: (line: StepLine) => void,
): Promise<void> {
  const { account } = access.fleet.provider;
  const request = { instance, backup: id, trigger: "schedule" } as const;
  const name = restoreTestName(request, new Date(testedMs));
  const execution = `arn:aws:states:${region}:${account}:execution:${RESTORE_TEST_MACHINE}:${name}`;
  const before = (testedMs - Date.parse(askedAt)) / 1000;
  const later = (line: StepLine) => tell({ ...line, seconds: line.seconds + before });
  await follow(access, execution, later).catch(() => undefined);
}

const givenUp = ({ instance, askedAt }: FreshRequest) =>
  new UserError(
    `${instance}: the dump asked for at ${askedAt} was given up: no backup could be taken within 6 hours, or none was copied and restored within 48; what hinders says sla backups ${instance} --now; docs/runbook.md#fresh-dumps`,
    1,
  );

/** In the words of the test that failed. */
async function refuted({ ledgers }: Access, { id, instance, region }: Shelved): Promise<UserError> {
  const ledger = ledgers(region);
  const listed = await ledger.list(prefixes.restores(instance));
  const own = listed.findLast(({ key }) => key.endsWith(`-${id}/record.json`));
  const record = own && (await ledger.read<RestoreTestRecord>(own.key));
  const { code, message } = record?.value.failure ?? {
    code: "NoRecord",
    message: "it never ended",
  };
  return new UserError(
    `${instance}: no dump was made: the restore test of ${id} in ${region} failed: ${code}: ${message}; docs/runbook.md#fresh-dumps, then ask again`,
    1,
  );
}
