import { type Engine, traitsOf } from "./engine.ts";

/** How many numbers of a version make a series, within which servers follow each other in both directions. */
const SERIES: Readonly<Partial<Record<Engine, number>>> = { mariadb: 2, mysql: 2 };

/** How the version of a standby differs from its primary's. */
export interface VersionGap {
  readonly is: "older" | "newer";
  /** It is of another series. */
  readonly isSeries: boolean;
}

/** Undefined: they are the same, or one of them is not known. */
export function versionGap(
  engine: Engine = "postgres",
  standby: string | undefined,
  primary: string | undefined,
): VersionGap | undefined {
  const [its, wanted] = [numbersIn(standby), numbersIn(primary)];
  const at = its.findIndex((number, index) => number !== wanted[index]);
  const [one = 0, other = 0] = [its[at], wanted[at]];
  if (at < 0 || wanted.length === 0 || one === other) return undefined;
  return { is: one < other ? "older" : "newer", isSeries: at < (SERIES[engine] ?? 1) };
}

const numbersIn = (version = ""): readonly number[] =>
  [...version.matchAll(/\d+/g)].map(([digits]) => Number(digits));

/** `MariaDB 10.11.8` */
export const titled = (engine: Engine | undefined, version: string | undefined): string =>
  `${traitsOf(engine).title} ${version ?? "of an unknown version"}`;
