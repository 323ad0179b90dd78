import { describe, expect, it } from "vitest";
import { parseContents } from "../../../functions/freeze/contents.ts";

const HEAD = {
  mariadb: [
    "-- MariaDB dump 10.19  Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)",
    "-- Server version\t10.11.13-MariaDB-log",
  ],
  later: [
    "-- MariaDB dump 10.19-11.8.2-MariaDB, for debian-linux-gnu (aarch64)",
    "-- Server version\t10.6.22-MariaDB",
  ],
  mysql: ["-- MySQL dump 10.13  Distrib 8.4.6, for Linux (aarch64)", "-- Server version\t8.0.42"],
} as const;
const BODY = [
  "-- Current Database: `hosting_sla`",
  "-- Table structure for table `heartbeat`",
  "-- Current Database: `shop`",
  "-- Table structure for table `odd ``name```",
  "-- Table structure for table `orders`",
  "-- Sequence structure for `numbers`",
  // Views come once more, behind the tables that they read.
  "-- Current Database: `hosting_sla`",
  "-- Current Database: `shop`",
  "-- Final view structure for view `newest`",
];
const END = "-- Dump completed";
const UNTRANSACTED = "-- Without transactions: `shop`.`odd ``name``` (MyISAM)";

describe("what is in a dump of SQL", () => {
  it.each([
    ["mariadb", HEAD.mariadb, "10.11.13-MariaDB-log", "10.11.19-MariaDB"],
    ["mariadb", HEAD.later, "10.6.22-MariaDB", "11.8.2-MariaDB"],
    ["mysql", HEAD.mysql, "8.0.42", "8.4.6"],
  ] as const)("is told with the versions of %s: %j", (engine, head, server, dumpedBy) => {
    const text = [...head, ...BODY, END, UNTRANSACTED, ""].join("\n");
    expect(parseContents(engine, text)).toEqual({
      ...{ entries: 5, server, dumpedBy, databases: ["shop"] },
      tables: new Set(["`hosting_sla`.`heartbeat`", "`shop`.`odd ``name```", "`shop`.`orders`"]),
      untransacted: ["`shop`.`odd ``name```"],
    });
  });

  it("is ours alone where a customer has nothing yet", () => {
    const text = [...HEAD.mariadb, ...BODY.slice(0, 2), END].join("\n");
    const found = parseContents("mariadb", text);
    expect(found.databases).toEqual(["hosting_sla"]);
    expect(found).not.toHaveProperty("untransacted");
  });

  it.each([
    ["breaks off", [...HEAD.mariadb, ...BODY], /does not end with 'Dump completed'/],
    ["only says that it ends, in the middle of a line", [...BODY, `  ${END}`], /does not end/],
    ["has no table", [...HEAD.mariadb, "-- Current Database: `shop`", END], /no table/],
    ["is not there", [""], /does not end/],
  ])("is nothing to rely on where it %s", (_what, lines, says) => {
    expect(() => parseContents("mariadb", lines.join("\n"))).toThrow(says);
  });
});
