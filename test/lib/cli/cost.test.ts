import { expect, it } from "vitest";
import { typed } from "./typed.ts";

async function sla(...args: readonly string[]) {
  const { exitCode, text } = await typed("cost", "--fleet", "examples/fleet.yaml", ...args);
  return { exitCode, lines: text.split("\n") };
}

it("sla cost fits a terminal and says control software, data and other ways apart", async () => {
  const { exitCode, lines } = await sla();
  expect(exitCode).toBe(0);
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  const text = lines.join("\n");
  for (const part of ["control software", "data", "acme", "together", "a Synthetics canary each"]) {
    expect(text).toContain(part);
  }
  expect(text).toMatch(/List prices of us-east-1 of 2026-\d\d/);
});

it("--json has what it was made of, and the same sums", async () => {
  const { lines } = await sla("--json", "--size", "100");
  const found = JSON.parse(lines.join(""));
  expect(found).toMatchObject({ currency: "USD", sizeGb: 100, dailyChangeGb: 2 });
  expect(found.controlDollars + found.dataDollars).toBeCloseTo(found.dollars);
  expect(found.basis.prices.alarm.source).toBe("https://aws.amazon.com/cloudwatch/pricing/");
  expect(found.instances.map(({ id }: { id: string }) => id)).toEqual(["acme", "birch", "cedar"]);
});

it.each([
  [["--hour", "0"], "sla: --hour: expected US dollars above 0, at most 1000, like 0.065, got '0'"],
  [["--size", "x"], "sla: --size: expected GB from 0 to 65536, like 20, got 'x'"],
  [
    ["--size", "1", "--daily-change", "2"],
    "sla: --daily-change: expected at most the size, 1 GB, got 2",
  ],
])("sla cost %j is one clear error", async (args, message) => {
  const { exitCode, lines } = await sla(...args);
  expect([exitCode, lines]).toEqual([2, [message]]);
});
