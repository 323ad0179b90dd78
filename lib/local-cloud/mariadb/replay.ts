import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { giveAway, makePrivateDirectory, run } from "../postgres/run-as.ts";
import type { MariadbBinaries } from "./binaries.ts";
import { unpackLogs } from "./log-archive.ts";
import type { MariadbServer } from "./server.ts";

export interface Replay {
  readonly binaries: Pick<MariadbBinaries, "client" | "logReader">;
  /** Of the machine; nothing of it stays there. */
  readonly directory: string;
  readonly server: MariadbServer;
  /** Where the binary log was archived. */
  readonly archive: string;
  /** Global id of the newest transaction that the server has. */
  readonly behind: string;
  /** What began before this second is replayed. */
  readonly until: Date;
}

/** Does on a server what an archived log says was done since; its own log says the same afterwards. */
export async function replay(wanted: Replay): Promise<void> {
  const { binaries, archive, behind, until, server } = wanted;
  const directory = join(wanted.directory, "replay");
  await makePrivateDirectory(directory);
  try {
    const logs = await unpackLogs(archive, directory);
    if (logs.length === 0) return;
    const [statements, options] = [join(directory, "statements.sql"), join(directory, "my.cnf")];
    await run(binaries.logReader, [
      "--no-defaults",
      ...(behind === "" ? [] : [`--start-position=${behind}`]),
      `--stop-datetime=${until.toISOString().slice(0, 19).replace("T", " ")}`,
      `--result-file=${statements}`,
      ...logs,
    ]);
    await writeFile(options, optionsOf(server), { mode: 0o600 });
    await giveAway(options);
    const args = [`--defaults-file=${options}`, "--binary-mode"];
    await run(binaries.client, args, { input: statements });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

function optionsOf({ connection: { host, port, user, password } }: MariadbServer): string {
  const entries = Object.entries({ host, port, user, password, protocol: "tcp" });
  const lines = entries.map(([name, value]) => `${name} = ${value}\n`);
  return `[client]\nskip-ssl\n${lines.join("")}`;
}
