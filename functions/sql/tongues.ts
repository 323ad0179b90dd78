import type { Engine } from "../../lib/sla/engine.ts";
import type { Clock } from "../kernel/clock.ts";
import { adopt } from "./adopt.ts";
import * as aurora from "./aurora/operations.ts";
import { content } from "./content.ts";
import type {
  Adopted,
  Beat,
  Content,
  ContentRequest,
  Divergence,
  Figures,
  ProofWrite,
  Reading,
  Severed,
  SqlRequest,
  SqlTarget,
  Storage,
} from "./contract.ts";
import { diverge } from "./diverge.ts";
import { figures } from "./figures.ts";
import type { Logins } from "./logins.ts";
import * as mysqlAdopting from "./mysql/adopt.ts";
import * as auroraMysql from "./mysql/aurora.ts";
import * as mysqlContent from "./mysql/content.ts";
import { type Dialect, MARIADB, MYSQL } from "./mysql/dialect.ts";
import * as mysqlDivergence from "./mysql/diverge.ts";
import * as mysqlFigures from "./mysql/figures.ts";
import * as mysql from "./mysql/operations.ts";
import type { MysqlEngine } from "./mysql/prepare.sql.ts";
import { beat, prove, read, sever, storage } from "./operations.ts";
import { NotBuilt, type Session } from "./server.ts";

type Asked<Operation> = SqlRequest & { readonly operation: Operation };

/** All that a server is asked, in the words of its engine. */
export interface Tongue {
  beat(session: Session): Promise<Beat>;
  read(session: Session): Promise<Reading>;
  storage(session: Session, target: SqlTarget): Promise<Storage>;
  figures(session: Session): Promise<Figures>;
  sever(session: Session, clock: Clock): Promise<Severed>;
  prove(session: Session, request: Asked<"prove">): Promise<ProofWrite>;
  diverge(session: Session, request: Asked<"diverge">, clock: Clock): Promise<Divergence>;
  content(
    session: Session,
    request: Omit<ContentRequest, "target">,
    clock: Clock,
  ): Promise<Content>;
  adopt(session: Session, secrets: readonly string[], logins: Logins): Promise<Adopted>;
}

function unasked(because: string) {
  return async (): Promise<never> => {
    throw new NotBuilt(because);
  };
}

const BACKUPS = unasked("backups of clusters are not built");

const POSTGRES: Tongue = { beat, read, storage, figures, sever, prove, diverge, content, adopt };

/**
 * Of Aurora, and of a Multi-AZ DB cluster, of whose members nobody here needs positions. What an old primary of a global database had is in a
 * snapshot of RDS's: it has been given the new one's data.
 */
const CLUSTER: Tongue = {
  ...{ beat, sever, prove, read: aurora.read, storage: aurora.storage },
  ...{ figures: BACKUPS, content: BACKUPS, adopt: BACKUPS },
  diverge: unasked("RDS makes a follower of what wrote before in a cluster"),
};

const mysqlWrites = { beat: mysql.beat, sever: mysql.sever, prove: mysql.prove };

const speaking = (engine: MysqlEngine, dialect: Dialect): Tongue => ({
  ...mysqlWrites,
  read: (session) => mysql.read(session, dialect),
  storage: (session, { applied }) => mysql.storage(session, dialect, applied),
  figures: (session) => mysqlFigures.figures(session, dialect),
  diverge: (session, request) => mysqlDivergence.diverge(session, request, dialect),
  content: (session, request, clock) => mysqlContent.content(session, request, { clock, dialect }),
  adopt: (session, secrets, logins) =>
    mysqlAdopting.adopt(session, { secrets, logins, dialect, engine }),
});

export const TONGUES: Readonly<Record<Engine, Tongue>> = {
  postgres: POSTGRES,
  mariadb: speaking("mariadb", MARIADB),
  mysql: speaking("mysql", MYSQL),
  "aurora-postgresql": CLUSTER,
  "postgres-cluster": CLUSTER,
  "aurora-mysql": {
    ...CLUSTER,
    ...mysqlWrites,
    read: auroraMysql.read,
    storage: auroraMysql.storage,
  },
};
