import { SlaError } from "../kernel/errors.ts";
import { FILES_SECONDS, type FilesOrder, type FilesRequest } from "./contract.ts";
import { type FilesPorts, type Mirrored, mirror } from "./mirror.ts";
import type { Papers } from "./ports.ts";

/** What came of each order. */
export interface FilesReport {
  readonly done: readonly FilesDone[];
}

/** `under way`: the next invocation goes on. */
export interface FilesDone {
  readonly instance: string;
  readonly outcome: "paired" | "under way" | "failed";
  readonly said?: string;
}

/** Under a pace a rehearsal's files still have to be copied. */
const LEAST_MS = 5000;

/** Works off the orders one after the other until its time is up; one that fails does not keep the others waiting. */
export async function files({ orders }: FilesRequest, ports: FilesPorts): Promise<FilesReport> {
  const { clock } = ports;
  const until = new Date(clock.now().getTime() + clock.paced(FILES_SECONDS, LEAST_MS));
  const done: FilesDone[] = [];
  for (const order of orders) {
    done.push(await pair(order, ports, until).catch((cause: Error) => failed(order, cause)));
  }
  return { done };
}

const failed = ({ instance }: FilesOrder, cause: Error): FilesDone => ({
  ...({ instance, outcome: "failed" } as const),
  said: `${cause.name}: ${cause.message}`,
});

/** A source that changes while it is copied is listed again. */
const ATTEMPTS = 4;

async function pair(order: FilesOrder, ports: FilesPorts, until: Date): Promise<FilesDone> {
  const { instance, backups, gone } = order;
  const { papers, clock } = ports;
  for (const backup of gone) await papers.drop(instance, backup);
  if (backups.length === 0) return { instance, outcome: "paired" };
  for (let attempt = 1; attempt <= ATTEMPTS && clock.now() < until; attempt += 1) {
    const mirrored = await mirror(order, ports, until);
    if (mirrored.kind === "late") {
      return { instance, outcome: "under way", said: `${mirrored.left} files are left` };
    }
    if (mirrored.kind === "whole") return writeDown(order, mirrored, papers);
  }
  return { instance, outcome: "under way", said: "no time, or it changes all the time" };
}

/** Database first, then files: a backup of after these files waits for the next ones. */
async function writeDown(
  { instance, filestore, backups }: FilesOrder,
  mirrored: Mirrored & { readonly kind: "whole" },
  papers: Papers,
): Promise<FilesDone> {
  const { filesAt, files: all } = mirrored;
  const before = backups.filter(({ takenAt }) => Date.parse(takenAt) <= filesAt.getTime());
  for (const { id, takenAt } of before) {
    const when = { takenAt, filesAt: filesAt.toISOString(), filestore };
    await papers.write({ instance, backup: id, ...when, files: all });
  }
  return { instance, outcome: before.length === backups.length ? "paired" : "under way" };
}

/** Alarms count errors. */
export function accomplished(report: FilesReport): FilesReport {
  const bad = report.done.filter(({ outcome }) => outcome === "failed");
  if (bad.length === 0) return report;
  const words = bad.slice(0, 3).map(({ instance, said }) => `${instance}: ${said}`);
  throw new SlaError("FilesFailed", "cloud", `${bad.length} not copied: ${words.join("; ")}`);
}
