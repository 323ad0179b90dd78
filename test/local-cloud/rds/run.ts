import { CreateDBInstanceCommand } from "@aws-sdk/client-rds";
import { descendantsOf } from "../../../lib/local-cloud/process-tree.ts";
import { HOME, PASSWORD, startCloud } from "./cloud.ts";

/** A run for the test of its sudden end: prints what it has, then waits to be killed. */
const cloud = await startCloud();
await cloud.client(HOME).send(
  new CreateDBInstanceCommand({
    DBInstanceIdentifier: "acme-db",
    DBInstanceClass: "db.t4g.micro",
    Engine: "postgres",
    MasterUsername: "postgres",
    MasterUserPassword: PASSWORD,
  }),
);
await cloud.rds.settled(HOME, "acme-db");
const text = `select pg_read_file('postmaster.pid') as lock, current_setting('data_directory') as directory`;
const [row] = await cloud.rds.adminQuery(HOME, "acme-db", text);
const lock = String(row?.["lock"]).split("\n");
const pid = Number(lock[0]);
if (process.argv[2] === "paused") cloud.rds.pause(HOME, "acme-db");
console.log(
  JSON.stringify({
    pids: [pid, ...descendantsOf(pid)],
    directory: row?.["directory"],
    sharedMemoryKey: lock[6]?.trim().split(/\s+/)[0],
    address: cloud.rds.server(HOME, "acme-db").address,
  }),
);
setInterval(() => {}, 1000);
