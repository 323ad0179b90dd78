import { traitsOf } from "../../sla/engine.ts";
import { versionGap } from "../../sla/engine-versions.ts";
import type { Need } from "../adopt/needs-of.ts";
import { CLIENTS } from "./client-words.ts";
import type { DatabaseLook, Login, Refused, ServerLook, Target } from "./ports.ts";
import { type Case, done, type Step, stuck, waiting, wanting } from "./step.ts";

const ENDPOINT_WITHIN_SECONDS = 3600;

/** Role, tables and rights in the primary, by which it is watched. */
export const loginStep: Step = {
  name: "role",
  async look(on) {
    const { instance, world } = on;
    const { home, database } = instance;
    const primary = await world.databases.look({ region: home, database: database.primary });
    const login = await world.secrets.read(home, database.secret);
    // Only looked at beforehand: what it needs is made by the steps before.
    if (!primary || !login) return wanting("make the role sla, its tables and rights", undone);
    const target = targetOf(on, primary);
    if (!target) return waiting(`${primary.id} has no endpoint yet`, ENDPOINT_WITHIN_SECONDS);
    const found = await world.server.look(target, login);
    const hindrance = hindranceOf(on, primary, target, found);
    if (hindrance) return stuck(hindrance);
    const { findsRows } = traitsOf(target.engine);
    const readsRows = on.wish.readsRows && findsRows;
    const isWhole = found.is === "prepared" && (found.readsRows || !readsRows);
    if (isWhole) return done(...prepared(on, login.username, found.readsRows || !findsRows));
    const master = masterOf(on, primary);
    if (!master) return stuck(masterNeed(on, primary, found));
    const wish = { login, readsRows };
    return wanting(`make the role ${login.username}, its tables and rights`, async () => {
      refuse(on, target, master, await world.server.prepare(target, master, wish));
    });
  },
};

async function undone(): Promise<void> {
  throw new StuckError([{ says: "the database or its secret is gone" }]);
}

/** An act that a person has to help. */
export class StuckError extends Error {
  readonly needs: readonly Need[];

  constructor(needs: readonly Need[]) {
    super(needs.map(({ says }) => says).join("; "));
    this.needs = needs;
  }
}

export function targetOf({ instance }: Case, { endpoint, port }: DatabaseLook): Target | undefined {
  const { name, engine = "postgres" } = instance.database;
  return endpoint === undefined ? undefined : { host: endpoint, port, database: name, engine };
}

export function masterOf({ wish, instance }: Case, primary: DatabaseLook): Login | undefined {
  const master = wish.masters[instance.database.engine ?? "postgres"];
  return master && { username: primary.master, ...master };
}

/** Throws where the server did not do it. */
export function refuse(on: Case, target: Target, master: Login, answer: Refused | undefined): void {
  if (!answer) return;
  throw new StuckError([
    answer.is === "unreached"
      ? unreached(on, answer.why, target)
      : { says: `${target.host} says no to ${master.username}: ${answer.why}` },
  ]);
}

const prepared = (on: Case, username: string, readsEnough: boolean) =>
  [
    `${username} opens ${on.instance.database.name}; tables and rights are there`,
    readsEnough
      ? []
      : [
          {
            says: "its login may not read the customer's rows: those that a failover leaves behind cannot be looked for. If they agree",
            mend: `npx sla adopt ${on.instance.id} --read-rows`,
          },
        ],
  ] as const;

const unreached = ({ instance: { id } }: Case, why: string, { host, port }: Target): Need => ({
  says: `${host}:${port} is not reached from here (${why}). Run this inside its network, or open a way through a machine there and name it`,
  mend: `aws ssm start-session --target i-… --document-name AWS-StartPortForwardingSessionToRemoteHost --parameters host=${host},portNumber=${port},localPortNumber=15432; then npx sla adopt ${id} --through 127.0.0.1:15432`,
});

/** What no master could change from here. */
function hindranceOf(
  on: Case,
  primary: DatabaseLook,
  target: Target,
  found: ServerLook,
): Need | undefined {
  if (found.is === "unreached") return unreached(on, found.why, target);
  return found.is === "fed" ? fed(primary, found.from) : undefined;
}

/** It would be taken for a standby: nobody beats in it, and no failover ends well. */
const fed = ({ id, engine, version }: DatabaseLook, from: string): Need => {
  const isOld = engine !== "mysql" || versionGap("mysql", version, "8.4")?.is === "older";
  return {
    says: `${id} is fed with the log of ${from}: who writes there writes here, so it is no primary. Once nothing comes from there any more, as its master`,
    mend: `call mysql.rds_stop_replication; call mysql.rds_reset_external_${isOld ? "master" : "source"};`,
  };
};

function masterNeed(
  { instance }: Case,
  { master, endpoint }: DatabaseLook,
  found: { readonly is: string; readonly why?: string },
): Need {
  const { id, database } = instance;
  const client = CLIENTS[database.engine ?? "postgres"];
  const because =
    found.is === "refused"
      ? `does not let our login in (${found.why})`
      : "lacks our tables or rights";
  return {
    says: `${endpoint} ${because}. Who may make roles is said by the variables of ${client.program}, which are written down nowhere`,
    mend: `${client.user}=${master} ${client.password}='…' npx sla adopt ${id}   # database ${database.name}`,
  };
}
