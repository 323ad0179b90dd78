import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A cdk.out made for one test from a real one, or out of nothing. */
export type Make = (directory: string, real: string) => void;

export const empty: Make = (directory) => mkdirSync(directory);

/** What `cdk synth` of somebody else's app leaves. */
export const foreign: Make = (directory) => {
  mkdirSync(directory);
  const properties = { templateFile: "Shop.template.json" };
  const environment = "aws://555555555555/eu-west-1";
  const shop = { type: "aws:cloudformation:stack", environment, properties };
  const manifest = { version: "48.0.0", artifacts: { Shop: shop } };
  writeFileSync(join(directory, "manifest.json"), JSON.stringify(manifest));
  writeFileSync(join(directory, "Shop.template.json"), JSON.stringify({ Resources: {} }));
};

export const inJsonPath: Make = (directory, real) => {
  cpSync(real, directory, { recursive: true });
  for (const template of templatesIn(directory)) {
    const text = readFileSync(template, "utf8");
    writeFileSync(template, text.replaceAll('\\"JSONata\\"', '\\"JSONPath\\"'));
  }
};

/** The bundle of one function is replaced everywhere. */
export const withBundle =
  (name: string, source: string): Make =>
  (directory, real) => {
    cpSync(real, directory, { recursive: true });
    for (const template of templatesIn(directory)) {
      const { Resources } = JSON.parse(readFileSync(template, "utf8")) as Template;
      const code = Object.values(Resources)
        .map(({ Properties }) => Properties)
        .find((properties) => properties?.FunctionName === name)?.Code?.S3Key;
      if (code === undefined) continue;
      writeFileSync(join(directory, `asset.${code.replace(".zip", "")}`, "index.mjs"), source);
    }
  };

interface Template {
  readonly Resources: Readonly<
    Record<
      string,
      {
        readonly Properties?: {
          readonly FunctionName?: string;
          readonly Code?: { readonly S3Key?: string };
        };
      }
    >
  >;
}

const templatesIn = (directory: string) =>
  readdirSync(directory)
    .filter((name) => name.endsWith(".template.json"))
    .map((name) => join(directory, name));
