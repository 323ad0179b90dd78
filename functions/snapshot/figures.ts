import type { Fleet } from "../../lib/sla/fleet.ts";
import { SlaError } from "../kernel/errors.ts";
import { keys } from "../ledger/contract.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Figures, SqlRequest, SqlResult } from "../sql/contract.ts";
import type { Memory } from "./ports.ts";

export interface FiguresWorld {
  readonly fleet: () => Promise<Fleet>;
  readonly ledger: Ledger;
  /** How to reach the databases of this region, by name. */
  readonly endpoints: () => Promise<Endpoints>;
  readonly ask: (request: SqlRequest) => Promise<SqlResult<Figures>>;
}

type Endpoints = ReadonlyMap<string, { readonly host: string; readonly port: number }>;

/** Figures of primaries, in the ledger of their own site; of as many as are backed up at once, where they are is asked once. */
export function figuresMemory(world: FiguresWorld): Memory {
  let known: Promise<Endpoints> | undefined;
  const endpoints = () => {
    known ??= world.endpoints().catch((cause: unknown) => {
      known = undefined;
      throw cause;
    });
    return known;
  };
  return {
    async keep({ id, database, instance }) {
      const fleet = await world.fleet();
      const sold = fleet.instances.find((each) => each.id === instance);
      const endpoint = (await endpoints()).get(database);
      if (!sold || !endpoint) throw unknown(`${database}: nobody knows how to reach it`);
      const { host, port } = endpoint;
      const { secret, name, engine } = sold.database;
      const its = { database: name, secret, ...(engine !== undefined && { engine }) };
      const target = { instance, host, port, ...its };
      const answer = await world.ask({ operation: "figures", targets: [target] });
      if (!answer.ok) throw unknown(`${database}: ${answer.failure.message}`);
      await world.ledger.create(keys.figures(instance, id), answer.value);
    },
  };
}

const unknown = (message: string) => new SlaError("NoFigures", "cloud", message);
