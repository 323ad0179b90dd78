import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../../lib/drill/synthesis.ts";

/** A fleet with everything that a site may have, one with a destination for each kind, and one with images of machines. */
const FLEETS = [
  "examples/fleet.yaml",
  "test/fixtures/orchard-fleet.yaml",
  "test/fixtures/imaged-fleet.yaml",
];

/** Linters know what an id of AWS looks like; those of the examples are for reading. */
const withRealIds = (fleet: string) =>
  fleet.replaceAll(
    /\b(vpc|subnet|sg|rtb)-([0-9a-z]+)\b/g,
    (_, kind: string, name: string) =>
      `${kind}-${Buffer.from(name).toString("hex").padStart(17, "0")}`,
  );

/** Writes the templates of each fleet into a directory, which it makes. */
async function main([to = ""]: readonly string[]): Promise<void> {
  mkdirSync(to, { recursive: true });
  const work = mkdtempSync(join(tmpdir(), "others-"));
  for (const [index, file] of FLEETS.entries()) {
    const fleet = join(work, `fleet-${index}.yaml`);
    writeFileSync(fleet, withRealIds(readFileSync(file, "utf8")));
    const { directory } = await synthesize(fleet);
    const templates = readdirSync(directory).filter((name) => name.endsWith(".template.json"));
    for (const name of templates) cpSync(join(directory, name), join(to, `${index}-${name}`));
    console.log(`${file}: ${templates.length} templates`);
  }
}

await main(process.argv.slice(2));
