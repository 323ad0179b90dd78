import type { Fleet } from "../../lib/sla/fleet.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Figures, SqlRequest, SqlResult } from "../sql/contract.ts";
import type { Memory } from "./ports.ts";

export interface FiguresWorld {
  readonly fleet: () => Promise<Fleet>;
  readonly ledger: Ledger;
  /** Of a database of this region. */
  readonly endpoint: (
    database: string,
  ) => Promise<{ readonly host: string; readonly port: number } | undefined>;
  readonly ask: (request: SqlRequest) => Promise<SqlResult<Figures>>;
}

/** Figures of primaries, in the ledger of their own site. */
export const figuresMemory = (world: FiguresWorld): Memory => ({
  async keep({ id, database, instance }) {
    const fleet = await world.fleet();
    const sold = fleet.instances.find((each) => each.id === instance);
    const endpoint = await world.endpoint(database);
    if (!sold || !endpoint) throw unknown(`${database}: nobody knows how to reach it`);
    const { secret, name } = sold.database;
    const target = { instance, ...endpoint, database: name, secret };
    const answer = await world.ask({ operation: "figures", targets: [target] });
    if (!answer.ok) throw unknown(`${database}: ${answer.failure.message}`);
    await world.ledger.create(keys.figures(instance, id), answer.value);
  },
});

const unknown = (message: string) => new SlaError("NoFigures", "cloud", message);
