import type { Engine, EngineName } from "./engine.ts";
import type { Contents } from "./instance.ts";
import { mariadbEngine } from "./mariadb-engine.ts";
import { postgresEngine } from "./postgres-engine.ts";

export const ENGINES: Readonly<Record<EngineName, Engine>> = {
  postgres: postgresEngine,
  mariadb: mariadbEngine,
};

export const engineOf = ({ contents }: { readonly contents: Pick<Contents, "engine"> }): Engine =>
  ENGINES[contents.engine];

export const isEngine = (name: string | undefined): name is EngineName =>
  name !== undefined && Object.hasOwn(ENGINES, name);
