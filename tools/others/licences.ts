import { readFileSync } from "node:fs";

/** Those under which what is deployed, run or tested with may be used beside Apache-2.0. */
const FINE = new Set([
  ...["Apache-2.0", "MIT", "MIT-0", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Unlicense"],
  ...["BlueOak-1.0.0", "MIT OR Apache-2.0"],
]);

/** Others, each with why. */
const BY_PACKAGE: Readonly<Record<string, readonly [licence: string, why: string]>> = {
  argparse: ["PSF-2.0", "Python's own licence, permissive"],
  case: ["(MIT OR GPL-3.0-or-later)", "taken under MIT"],
  "date-holidays": [
    "(ISC AND CC-BY-3.0)",
    "its data name their sources, which docs/plans.md does as well",
  ],
  "axe-core": ["MPL-2.0", "tests only, unchanged"],
  // They say it in the way of old package files, which lockfiles leave out.
  ssh2: ["none", "MIT by its LICENSE"],
  buildcheck: ["none", "MIT by its LICENSE"],
  "cpu-features": ["none", "MIT by its LICENSE; not built"],
};

interface Lockfile {
  readonly packages: Readonly<
    Record<string, { readonly license?: string; readonly dev?: boolean }>
  >;
}

function main([file = ""]: readonly string[]): number {
  const { packages } = JSON.parse(readFileSync(file, "utf8")) as Lockfile;
  const all = Object.entries(packages).filter(([path]) => path !== "");
  const bad = all.flatMap(([path, { license = "none", dev = false }]) => {
    const name = path.replace(/^.*node_modules\//, "");
    const isFine = FINE.has(license) || BY_PACKAGE[name]?.[0] === license;
    // Lightning CSS comes in many builds; like axe it is for tests.
    return isFine || (dev && license === "MPL-2.0") ? [] : [`${name}: ${license}`];
  });
  for (const line of bad) console.error(`licence: ${line}: not known to be fine`);
  console.log(`${all.length} packages, ${bad.length} without a licence that is known to be fine`);
  return bad.length > 0 || all.length === 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
