import { z } from "zod";

const seconds = z.number().min(0);
const identity = { instance: z.string(), plan: z.string(), fault: z.string(), pace: z.number() };

/** What a bench reads of a line of `sla drill --json`; the rest is for people and reports. */
const goodRun = z.object({
  ...identity,
  ok: z.literal(true),
  measured: z.object({
    rtoSeconds: seconds,
    waitsSeconds: seconds,
    // Less than nothing if the watch was lucky: the waits are what it may take at most.
    overheadSeconds: z.number(),
  }),
});
/** Nothing in it need have been reached. */
const brokenRun = z.object({ ...identity, ok: z.literal(false) });
const drillLine = z.discriminatedUnion("ok", [goodRun, brokenRun]);

export type GoodRun = z.infer<typeof goodRun>;
export type DrillLine = z.infer<typeof drillLine>;

/** The runs of `sla drill --json`, one a line. Throws Error naming the line and what is wrong with it. */
export function parseDrillLines(output: string): DrillLine[] {
  const lines = output.split("\n").filter((line) => line.trim() !== "");
  return lines.map((line, index) => parseLine(line, index + 1));
}

function parseLine(line: string, number: number): DrillLine {
  const where = `drill: line ${number} of its output`;
  const parsed = drillLine.safeParse(asJson(line, where));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const path = issue?.path.join(".") || "the whole line";
  throw new Error(`${where}: ${path}: ${issue?.message ?? "unexpected"}`);
}

function asJson(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`${where}: expected a JSON object, got '${line.slice(0, 60)}'`);
  }
}
