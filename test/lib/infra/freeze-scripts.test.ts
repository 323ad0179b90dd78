import { execFile } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it, onTestFinished } from "vitest";
import { DUMPS } from "../../../lib/infra/freeze-scripts.ts";

const TEXT = [
  "-- MariaDB dump 10.19-11.8.2-MariaDB, for debian-linux-gnu (aarch64)",
  "-- Server version\t10.11.13-MariaDB",
  "-- Current Database: `shop`",
  "-- Table structure for table `orders`",
  "INSERT INTO `orders` VALUES (1,'\\n-- Dump completed');",
  "-- Dump completed",
];

interface Given {
  readonly engine?: "mariadb" | "mysql";
  /** What the dumper writes, and how it ends. */
  readonly dumped?: readonly string[];
  readonly code?: number;
  readonly databases?: string;
}

/** Runs a dump with programs that only say what they are told, beside somebody who takes what it makes. */
async function run({
  engine = "mariadb",
  dumped = TEXT,
  code = 0,
  databases = "shop\\n",
}: Given = {}) {
  const directory = mkdtempSync(join(tmpdir(), "freeze-script-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const program = (name: string, lines: readonly string[]) => {
    writeFileSync(join(directory, name), ["#!/bin/bash", ...lines].join("\n"));
    chmodSync(join(directory, name), 0o755);
  };
  writeFileSync(join(directory, "text"), `${dumped.join("\n")}\n`);
  const noted = (what: string) => `printf '%s\\n' "$@" > ${join(directory, what)}`;
  const answers = `[[ "\${@: -1}" == *schemata* ]] && printf '%b' '${databases}'`;
  program(engine, [noted("asked"), answers, "exit 0"]);
  const dumper = engine === "mysql" ? "mysqldump" : "mariadb-dump";
  program(dumper, [noted("told"), `cat ${join(directory, "text")}`, `exit ${code}`]);
  const takes =
    "for pipe in archive verdict done; do mkfifo $pipe 2>/dev/null || [ -p $pipe ]; done; cat archive > got; read -r it < verdict; echo $it > said; : > done";
  const env = {
    ...{ PATH: `${directory}:/usr/bin:/bin`, RDS_AUTHORITIES: "PEM" },
    ...{ MYSQL_HOST: "restored.example", MYSQL_TCP_PORT: "3306", MYSQL_USER: "admin" },
  };
  const bash = (script: string) =>
    new Promise<string>((done) => {
      execFile("bash", ["-c", script], { cwd: directory, env }, (failed, _, stderr) =>
        done(`${failed ? failed.code : 0} ${stderr}`),
      );
    });
  const ended = bash(DUMPS[engine]);
  const read = (name: string) => readFileSync(join(directory, name));
  return { ended, taken: () => bash(takes), read };
}

describe("a dump of SQL", () => {
  it("is packed, read to its end again, and told", async () => {
    const { ended, taken, read } = await run();
    await taken();
    expect(await ended).toMatch(/^0 /);
    expect(String(read("said"))).toBe("0 0 0\n");
    expect(String(gunzipSync(read("got")))).toBe(`${TEXT.join("\n")}\n`);
    const shown = TEXT.filter((line) => line.startsWith("-- "));
    expect(String(read("contents.txt"))).toBe(`${shown.join("\n")}\n`);
    expect(String(read("authorities"))).toBe("PEM\n");
  });

  it.each([
    ["breaks off, though its program ends well", { dumped: TEXT.slice(0, -1) }, "0 1 0"],
    ["is not finished by its program", { code: 2 }, "2 0 0"],
    ["is empty", { dumped: [] }, "0 1 0"],
  ])("is refused where it %s", async (_what, given, verdict) => {
    const { ended, taken, read } = await run(given);
    await taken();
    expect(await ended).toMatch(/^1 /);
    expect(String(read("said"))).toBe(`${verdict}\n`);
  });

  it("is not begun where there is nothing to dump", async () => {
    const { ended } = await run({ databases: "" });
    expect(await ended).toMatch(/^1 /);
  });

  it.each([
    ["mariadb", ["--ssl-verify-server-cert"]],
    ["mysql", ["--ssl-mode=VERIFY_IDENTITY", "--set-gtid-purged=OFF", "--skip-column-statistics"]],
  ] as const)(
    "of %s is of one moment, whole, from a server that proved who it is",
    async (engine, own) => {
      const { ended, taken, read } = await run({ engine, databases: "-odd one\\nshop\\n" });
      await taken();
      expect(await ended).toMatch(/^0 /);
      const told = String(read("told")).trimEnd().split("\n");
      expect(told[0]).toBe("--no-defaults");
      expect(told).toEqual(
        expect.arrayContaining([
          ...["--host=restored.example", "--port=3306", "--user=admin", "--ssl-ca=authorities"],
          ...[
            "--single-transaction",
            "--quick",
            "--routines",
            "--triggers",
            "--events",
            "--hex-blob",
            "--max-allowed-packet=1G",
          ],
          ...own,
        ]),
      );
      expect(told.slice(-4)).toEqual(["--databases", "--", "-odd one", "shop"]);
      expect(String(read("asked"))).toContain(own[0]);
    },
  );
});
