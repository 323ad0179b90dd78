import { setTimeout as wait } from "node:timers/promises";
import { cloneInto } from "../postgres/base-backup.ts";
import { copyTemplate } from "../postgres/template.ts";
import type { Engine } from "./engine.ts";
import { LINK_PORT } from "./host.ts";
import { installPostgres } from "./install-postgres.ts";
import type { Instance } from "./instance.ts";
import { changeMasterPassword, prepareMaster } from "./master.ts";
import { invalidCombination, invalidValue } from "./parameters.ts";
import { postgresKeeping } from "./postgres-keeping.ts";

/** What the binaries are; RDS likewise offers some versions and refuses the others. */
const VERSIONS = ["15", "15.18"];
const PROMOTED_WITHIN_S = 60;

export const postgresEngine: Engine = {
  port: 5432,
  license: "postgresql-license",
  family: (version) => `postgres${version.split(".")[0]}`,
  keeping: postgresKeeping,
  async version(asked = "15") {
    if (VERSIONS.includes(asked)) return "15.18";
    throw invalidCombination(
      `Cannot find version ${asked} for postgres; the local cloud has ${VERSIONS.join(", ")}.`,
    );
  },
  checkMaster(name) {
    if (/^[a-z][a-z0-9_]{0,62}$/i.test(name) && !/^(rds|pg_)/i.test(name)) return;
    throw invalidValue(`MasterUsername '${name}' cannot be used: it is missing or reserved.`);
  },
  async create({ host, contents }, password) {
    await installPostgres(host, (directory, template) => copyTemplate(template, directory));
    await prepareMaster(host, contents, password);
  },
  async replicate(instance, source) {
    const { host } = instance;
    const slot = slotOf(instance);
    await source.host.query("select pg_create_physical_replication_slot($1, true)", [slot]);
    const { address } = host.options;
    const connection = { ...source.host.postgres.connection, host: address, port: LINK_PORT };
    const backup = { connection, label: slot, wal: false };
    await installPostgres(host, (directory) => cloneInto(directory, backup), { slot });
  },
  async promote({ host, id }) {
    const [row] = await host.query("select pg_promote(true, $1) as promoted", [PROMOTED_WITHIN_S]);
    if (row?.["promoted"] === true) return;
    throw new Error(`${id} is not promoted after ${PROMOTED_WITHIN_S} s`);
  },
  forget: dropSlot,
  changePassword: ({ host, contents }, password) => changeMasterPassword(host, contents, password),
};

const NO_SUCH_SLOT = "42704";
const LOOK_MS = 20;
const DROPPED_WITHIN_MS = 5000;

/**
 * A replica that is gone must not keep its primary's WAL. Called when the link is closed: the primary notices
 * soon, and one that is short of connections is asked again. One that stays down keeps the slot, as on RDS.
 */
async function dropSlot(replica: Instance, source: Instance | undefined): Promise<void> {
  const slot = slotOf(replica);
  const end = Date.now() + DROPPED_WITHIN_MS;
  while (source !== undefined && Date.now() < end) {
    try {
      await source.host.query("select pg_drop_replication_slot($1)", [slot]);
      return;
    } catch (cause) {
      if ((cause as { code?: string }).code === NO_SUCH_SLOT) return;
      await wait(LOOK_MS);
    }
  }
}

/** Replication slots take lower case, digits and underscores, at most 63. */
const slotOf = ({ resourceId }: Instance) => resourceId.toLowerCase().replaceAll("-", "_");
