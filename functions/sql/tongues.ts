import type { Engine } from "../../lib/sla/engine.ts";
import type { Clock } from "../kernel/clock.ts";
import type {
  Beat,
  Divergence,
  Figures,
  ProofWrite,
  Reading,
  Severed,
  SqlRequest,
  Storage,
} from "./contract.ts";
import { diverge } from "./diverge.ts";
import { figures } from "./figures.ts";
import { type Dialect, MARIADB, MYSQL } from "./mysql/dialect.ts";
import * as mysqlDivergence from "./mysql/diverge.ts";
import * as mysql from "./mysql/operations.ts";
import { beat, prove, read, sever, storage } from "./operations.ts";
import { NotBuilt, type Session } from "./server.ts";

type Asked<Operation> = SqlRequest & { readonly operation: Operation };

/** All that a server is asked, in the words of its engine. */
export interface Tongue {
  beat(session: Session): Promise<Beat>;
  read(session: Session): Promise<Reading>;
  storage(session: Session): Promise<Storage>;
  figures(session: Session): Promise<Figures>;
  sever(session: Session, clock: Clock): Promise<Severed>;
  prove(session: Session, request: Asked<"prove">): Promise<ProofWrite>;
  diverge(session: Session, request: Asked<"diverge">, clock: Clock): Promise<Divergence>;
}

const POSTGRES: Tongue = { beat, read, storage, figures, sever, prove, diverge };

const speaking = (dialect: Dialect): Tongue => ({
  beat: mysql.beat,
  read: (session) => mysql.read(session, dialect),
  storage: (session) => mysql.storage(session, dialect),
  figures: async () => {
    throw new NotBuilt("what a backup holds is asked of PostgreSQL only");
  },
  sever: mysql.sever,
  prove: mysql.prove,
  diverge: (session, request) => mysqlDivergence.diverge(session, request, dialect),
});

export const TONGUES: Readonly<Record<Engine, Tongue>> = {
  postgres: POSTGRES,
  mariadb: speaking(MARIADB),
  mysql: speaking(MYSQL),
};
