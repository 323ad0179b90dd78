import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AssemblyRefused, messageOf } from "./refusal.ts";
import type { Template } from "./template.ts";

/** The newest major version of the cloud assembly schema whose fields are known here. */
const NEWEST_MANIFEST = 55;

/** A file or folder that a deployment uploads. */
interface Asset {
  readonly path: string;
  readonly packaging: "file" | "zip";
  readonly bucket: string;
  readonly key: string;
}

export interface AssemblyStack {
  /** Artifact id: other stacks name it as their dependency. */
  readonly id: string;
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly template: Template;
  readonly assets: readonly Asset[];
  readonly dependencies: readonly string[];
}

export interface AssemblyOptions {
  /** `cdk.out` */
  readonly directory: string;
  /** Twelve digits: the account of the local cloud. */
  readonly account: string;
  /** Names of the stacks to deploy. @default all */
  readonly stacks?: RegExp;
  /** Names of stacks that may be another account's. @default none */
  readonly foreign?: RegExp;
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly dependencies?: readonly string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly file?: string;
  };
}

interface Manifest {
  readonly version?: string;
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}

/** Reads what `cdk synth` wrote. Throws `AssemblyRefused` for a folder that is missing, newer or another app's. */
export function readAssembly(options: AssemblyOptions): readonly AssemblyStack[] {
  const { directory, account, stacks = /(?:)/, foreign } = options;
  const artifacts = readManifest(directory);
  const all = Object.entries(artifacts)
    .filter(([, { type }]) => type === "aws:cloudformation:stack")
    .map(([id, artifact]) => ({ id, artifact, name: artifact.properties?.stackName ?? id }));
  const chosen = all.filter(({ name }) => stacks.test(name));
  if (chosen.length === 0) {
    const found = all.map(({ name }) => name).join(", ") || "none";
    throw new AssemblyRefused(
      `${directory}: no stack is named like ${stacks.source} (found: ${found}); is it another app's? Run cdk synth in this project`,
    );
  }
  return chosen.map(({ id, artifact, name }) => {
    const [, , owner = "", region = ""] = (artifact.environment ?? "").split("/");
    if (owner !== account && !foreign?.test(name)) {
      throw new AssemblyRefused(
        `${directory}: stack ${name} is for account ${owner}, this cloud has ${account}; synthesize it with the fleet's account`,
      );
    }
    const template = readJson<Template>(directory, String(artifact.properties?.templateFile));
    const dependencies = artifact.dependencies ?? [];
    const assets = dependencies.flatMap((dependency) =>
      assetsOf(directory, artifacts[dependency], { account: owner, region }),
    );
    return { id, name, region, account: owner, template, assets, dependencies };
  });
}

function readManifest(directory: string): Readonly<Record<string, Artifact>> {
  if (!existsSync(join(directory, "manifest.json"))) {
    throw new AssemblyRefused(`${directory}: there is no manifest.json; run cdk synth first`);
  }
  const { version, artifacts } = readJson<Manifest>(directory, "manifest.json");
  if (!version || !artifacts) {
    throw new AssemblyRefused(`${directory}/manifest.json: no manifest of cdk synth; run it again`);
  }
  if (Number.parseInt(version, 10) > NEWEST_MANIFEST) {
    throw new AssemblyRefused(
      `${directory}/manifest.json: version ${version}, up to ${NEWEST_MANIFEST} is known here; synthesize with this project's aws-cdk-lib`,
    );
  }
  return artifacts;
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path?: string; readonly packaging?: string };
        readonly destinations: Readonly<
          Record<string, { readonly bucketName: string; readonly objectKey: string }>
        >;
      }
    >
  >;
}

function assetsOf(
  directory: string,
  artifact: Artifact | undefined,
  { account, region }: { readonly account: string; readonly region: string },
): Asset[] {
  if (artifact?.type !== "cdk:asset-manifest") return [];
  const { files = {} } = readJson<AssetManifest>(directory, String(artifact.properties?.file));
  const filled = (text: string) =>
    text
      .replaceAll(/\$\{AWS::AccountId\}/g, account)
      .replaceAll(/\$\{AWS::Region\}/g, region)
      .replaceAll(/\$\{AWS::Partition\}/g, "aws");
  return Object.values(files).flatMap(({ source, destinations }) => {
    const path = join(directory, String(source.path));
    if (!existsSync(path)) {
      throw new AssemblyRefused(
        `${directory}: asset ${source.path} is missing; run cdk synth again`,
      );
    }
    const packaging = source.packaging === "zip" ? "zip" : "file";
    return Object.values(destinations).map(({ bucketName, objectKey }) => ({
      path,
      packaging,
      bucket: filled(bucketName),
      key: filled(objectKey),
    }));
  });
}

function readJson<T>(directory: string, file: string): T {
  try {
    return JSON.parse(readFileSync(join(directory, file), "utf8")) as T;
  } catch (cause) {
    throw new AssemblyRefused(`${join(directory, file)}: ${messageOf(cause)}; run cdk synth again`);
  }
}
