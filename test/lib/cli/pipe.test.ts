import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const LONG = [
  "simulate",
  "--plan",
  "cloudworkz",
  "--from",
  "2026-01-01",
  "--days",
  "1000",
  "--json",
];

describe("output longer than a pipe takes at once", () => {
  it("arrives whole, however slowly it is read", async () => {
    // `dd` reads a kilobyte at a time, so the program is done long before its reader.
    const shell = `"${process.execPath}" bin/sla.js ${LONG.join(" ")} | dd bs=1024 iflag=fullblock status=none`;
    const { stdout } = await promisify(execFile)("/bin/sh", ["-c", shell], {
      maxBuffer: 10_000_000,
    });
    expect(JSON.parse(stdout)).toMatchObject({ plan: "cloudworkz" });
    expect(stdout.length).toBeGreaterThan(65_536);
  });
});
