import { readFile } from "node:fs/promises";

/** CPU time of all cores since the start of the machine, in ticks of the kernel. */
export interface CpuTimes {
  readonly cores: number;
  readonly total: number;
  readonly idle: number;
  /** Taken by the hypervisor for other guests while somebody here wanted to run. */
  readonly stolen: number;
}

/** What the machine that carried all regions was doing meanwhile; whole percent of all its cores. */
export interface MachineUse {
  readonly cores: number;
  readonly busyPercent: number;
  readonly stolenPercent: number;
}

const STOLEN_PERCENT = 10;
const BUSY_PERCENT = 90;

/** Undefined where there is no /proc: only Linux tells what was stolen. */
export async function cpuTimes(file = "/proc/stat"): Promise<CpuTimes | undefined> {
  return readFile(file, "utf8").then(parseCpuTimes, () => undefined);
}

/** Order of the columns: proc_stat(5). Those after `steal` are counted in the first two already. */
export function parseCpuTimes(text: string): CpuTimes | undefined {
  const lines = text.split("\n");
  const columns = lines
    .find((line) => line.startsWith("cpu "))
    ?.split(/\s+/)
    .slice(1, 9);
  const ticks = columns?.map(Number) ?? [];
  if (ticks.length < 8 || ticks.some(Number.isNaN)) return undefined;
  // What runs with little priority makes room for whoever wants to run.
  const [, yielding = 0, , idle = 0, waiting = 0, , , stolen = 0] = ticks;
  return {
    cores: lines.filter((line) => /^cpu\d/.test(line)).length,
    total: ticks.reduce((sum, each) => sum + each, 0),
    idle: idle + waiting + yielding,
    stolen,
  };
}

/** Null if either look failed or no time has passed. */
export function useBetween(
  before: CpuTimes | undefined,
  after: CpuTimes | undefined,
): MachineUse | null {
  const total = (after?.total ?? 0) - (before?.total ?? 0);
  if (!before || !after || total <= 0) return null;
  const percent = (ticks: number) => Math.round((100 * ticks) / total);
  const stolen = after.stolen - before.stolen;
  return {
    cores: after.cores,
    busyPercent: percent(total - (after.idle - before.idle) - stolen),
    stolenPercent: percent(stolen),
  };
}

/** So little of it was left for the drill that its seconds say more of the machine than of the fleet. */
export const isStarved = (use: MachineUse | null): boolean =>
  use !== null &&
  (use.stolenPercent >= STOLEN_PERCENT || use.busyPercent + use.stolenPercent >= BUSY_PERCENT);

/** `2 cores, 71 % busy, 12 % stolen by other guests of its host` */
export const machineWords = ({ cores, busyPercent, stolenPercent }: MachineUse): string =>
  `${cores} cores, ${busyPercent} % busy, ${stolenPercent} % stolen by other guests of its host`;
