import type { Reading, Storage } from "../contract.ts";
import { type FollowerRow, followingByHeartbeat } from "../following.ts";
import { latestBeat } from "../operations.ts";
import { only } from "../rows.ts";
import type { Session } from "../server.ts";
import { READ, STORAGE } from "./statements.ts";

export async function read(session: Session): Promise<Reading> {
  const row = only(await session.query<FollowerRow>(READ));
  return followingByHeartbeat(row, await latestBeat(session));
}

export async function storage(session: Session): Promise<Storage> {
  return only(await session.query<Storage>(STORAGE));
}
