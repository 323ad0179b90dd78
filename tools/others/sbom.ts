import { readFileSync } from "node:fs";

interface Bom {
  readonly bomFormat: string;
  readonly components: readonly {
    readonly name: string;
    readonly version: string;
    readonly purl?: string;
  }[];
}

interface Lockfile {
  readonly packages: Readonly<
    Record<string, { readonly version?: string; readonly dev?: boolean }>
  >;
}

const readJson = <T>(file: string) => JSON.parse(readFileSync(file, "utf8")) as T;

/** Whether the bill of materials names every direct dependency in the version of the lockfile. */
function main([bomFile = "", lockFile = ""]: readonly string[]): number {
  const { bomFormat, components } = readJson<Bom>(bomFile);
  const { packages } = readJson<
    Lockfile & { packages: { "": { dependencies?: Record<string, string> } } }
  >(lockFile);
  const named = new Set(components.map(({ purl = "" }) => purl.replaceAll("%40", "@")));
  const wanted = Object.keys(packages[""].dependencies ?? {}).map(
    (name) => `pkg:npm/${name}@${packages[`node_modules/${name}`]?.version}`,
  );
  const missing = wanted.filter((purl) => !named.has(purl));
  for (const purl of missing) console.error(`SBOM: ${purl} is not in it`);
  console.log(
    `${bomFormat}: ${components.length} components, of them ${wanted.length} our own dependencies`,
  );
  return missing.length > 0 || bomFormat !== "CycloneDX" ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
