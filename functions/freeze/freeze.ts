import { createHash } from "node:crypto";
import type { DumpedEngine } from "../../lib/sla/dump-formats.ts";
import { NOT_YET } from "../failover/contract.ts";
import type { Clock } from "../kernel/clock.ts";
import { SlaError } from "../kernel/errors.ts";
import { type Contents, parseContents } from "./contents.ts";
import {
  attemptFolder,
  CONTAINERS,
  FILES,
  type FreezeCase,
  type FreezeEvent,
  type Freezing,
  type Frozen,
  type Manifest,
  manifestKey,
  taskFamily,
} from "./contract.ts";
import type { Environments, Tasks, Vault } from "./ports.ts";
import { failed, parseReceipt } from "./receipt.ts";

export interface FreezeWorld {
  readonly clock: Clock;
  readonly tasks: Tasks;
  readonly vault: Vault;
  /** How long the fleet says that a frozen copy stays. */
  readonly retainDays: number;
}

/** Takes the step that the event names. */
export async function freeze(world: FreezeWorld, { step, case: current }: FreezeEvent) {
  if (step === "freeze-start") return start(world, current);
  if (step === "freeze-look" && current.freezing) {
    return look(world, { ...current, freezing: current.freezing });
  }
  const said = `step '${step}': expected freeze-start, then freeze-look with what it answered`;
  throw new SlaError("UnknownStep", "bug", said);
}

async function start<C extends FreezeCase>(world: FreezeWorld, current: C): Promise<C & Freezing> {
  const { instance, backup } = current.request;
  // Of one restore there is one attempt, however often the step is repeated.
  const restore = `${instance}/${backup}/${current.name}`;
  const attempt = createHash("sha256").update(restore).digest("hex").slice(0, 32);
  if (await manifestOf(world, current)) return { ...current, freezing: { attempt } };
  const environments = environmentsOf(world.vault, current, attempt);
  const family = taskFamily(engineOf(current));
  const task = await world.tasks.begin(attempt, family, environments);
  return { ...current, freezing: { attempt, task } };
}

const engineOf = ({ engine = "postgres" }: FreezeCase): DumpedEngine => engine;

type Variables = Readonly<Record<string, string>>;

/** As clients of MariaDB and MySQL name them. */
const mysqlVariables = ({ endpoint, masterUsername }: FreezeCase): Variables => ({
  MYSQL_HOST: endpoint.host,
  MYSQL_TCP_PORT: String(endpoint.port),
  MYSQL_USER: masterUsername,
});

const VARIABLES: Readonly<Record<DumpedEngine, (current: FreezeCase) => Variables>> = {
  postgres: ({ endpoint, masterUsername, databaseName }) => ({
    PGHOST: endpoint.host,
    PGPORT: String(endpoint.port),
    PGUSER: masterUsername,
    PGDATABASE: databaseName,
    // The image knows no authority of RDS; its own security group is all that can be reached.
    PGSSLMODE: "require",
  }),
  mariadb: mysqlVariables,
  mysql: mysqlVariables,
};

function environmentsOf({ bucket }: Vault, current: FreezeCase, attempt: string): Environments {
  const { request } = current;
  return {
    [CONTAINERS.dump]: VARIABLES[engineOf(current)](current),
    [CONTAINERS.upload]: {
      BUCKET: bucket,
      FOLDER: attemptFolder(request.instance, request.backup, attempt),
    },
  };
}

async function look<C extends FreezeCase & Freezing>(
  world: FreezeWorld,
  current: C,
): Promise<C & Frozen> {
  const before = await manifestOf(world, current);
  if (before) return { ...current, frozen: told(world.vault, before) };
  const { task = "" } = current.freezing;
  // In this order: what ends between the two looks has left its receipt before.
  const sight = await world.tasks.look(task);
  const receipt = await world.vault.text(keysOf(current).receipt);
  if (receipt === undefined) {
    const { instance, backup } = current.request;
    const doing = `freezing ${backup} of ${instance}`;
    if (sight.state === "under-way") {
      throw new SlaError(NOT_YET, "cloud", `${doing}: its task is under way`);
    }
    const reason = sight.state === "ended" ? sight.reason : "nobody knows of it any more";
    return failed(`${doing}: task ${task} left no receipt: ${reason}`);
  }
  const manifest = await examined(world, current, receipt);
  const key = manifestKey(current.request.instance, current.request.backup);
  const isOurs = await world.vault.writeOnce(key, manifest);
  // Whoever was first has decided which dump it is.
  const decided = isOurs ? manifest : ((await manifestOf(world, current)) ?? manifest);
  return { ...current, frozen: told(world.vault, decided) };
}

/** Holds what the task says against what lies in the bucket. */
async function examined(
  { vault, clock, retainDays }: FreezeWorld,
  current: FreezeCase & Freezing,
  receipt: string,
): Promise<Manifest> {
  const keys = keysOf(current);
  const { sha256, bytes } = parseReceipt(receipt);
  const engine = engineOf(current);
  const contents = parseContents(engine, (await vault.text(keys.contents)) ?? "");
  refuseLacking(current, contents);
  const lies = await vault.lock(keys.dump);
  if (lies?.bytes !== bytes) {
    return failed(`${keys.dump} has ${lies?.bytes ?? "no"} bytes, ${bytes} were dumped`);
  }
  const { retainUntil, writtenAt } = lies;
  const sold = clock.paced(retainDays * DAY_SECONDS) - ROUNDED_MS;
  if (retainUntil === undefined || retainUntil.getTime() - writtenAt.getTime() < sold) {
    const until = retainUntil?.toISOString() ?? "no time at all";
    return failed(
      `${keys.dump} of ${writtenAt.toISOString()} is locked until ${until}, ${retainDays} days were sold: look at the object lock of ${vault.bucket}`,
    );
  }
  const { request, takenAt, databaseName, counts } = current;
  const { entries, server, dumpedBy, databases, untransacted } = contents;
  return {
    ...{ instance: request.instance, backup: request.backup, takenAt },
    database: databases?.join(", ") ?? databaseName,
    dump: { key: keys.dump, sha256, bytes },
    contents: { key: keys.contents, entries },
    [engine]: { server, dumpedBy },
    ...(untransacted && { untransacted }),
    ...(counts && { counts }),
    retainUntil: retainUntil.toISOString(),
  };
}

/** Whatever the proof has read has to be there. */
function refuseLacking({ counts = {} }: FreezeCase, { tables }: Contents): void {
  if (!tables) return;
  const lacking = Object.keys(counts).filter((table) => !tables.has(table));
  if (lacking.length === 0) return;
  const named = lacking.slice(0, NAMED).join(", ");
  failed(`the dump lacks ${lacking.length} of the tables that were proven: ${named}`);
}

/** So many tables are named in a failure. */
const NAMED = 3;

const DAY_SECONDS = 86_400;
/** S3 tells instants in whole seconds. */
const ROUNDED_MS = 2000;

function keysOf({ request, freezing }: FreezeCase & Freezing) {
  const folder = attemptFolder(request.instance, request.backup, freezing.attempt);
  return {
    dump: `${folder}/${FILES.dump}`,
    contents: `${folder}/${FILES.contents}`,
    receipt: `${folder}/${FILES.receipt}`,
  };
}

async function manifestOf({ vault }: FreezeWorld, { request }: FreezeCase) {
  const text = await vault.text(manifestKey(request.instance, request.backup));
  return text === undefined ? undefined : (JSON.parse(text) as Manifest);
}

const told = ({ bucket }: Vault, { dump, retainUntil }: Manifest): Frozen["frozen"] => ({
  bucket,
  ...dump,
  retainUntil,
});
