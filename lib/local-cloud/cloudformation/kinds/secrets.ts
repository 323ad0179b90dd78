import { randomInt } from "node:crypto";
import { type Creation, type Creator, nameOf } from "../creation.ts";
import { AssemblyRefused } from "../refusal.ts";
import { isObject, type Properties } from "../template.ts";
import { putAbout } from "./iam.ts";

const KNOWN = ["Name", "Description", "GenerateSecretString", "SecretString", "KmsKeyId", "Tags"];
const GENERATED = [
  "SecretStringTemplate",
  "GenerateStringKey",
  "PasswordLength",
  "ExcludePunctuation",
];
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

const secret: Creator = async (creation) => {
  refuseUnknown(creation.properties, KNOWN, "");
  const name = nameOf(creation, "Name");
  const { before } = creation;
  // A secret keeps its value, whoever has changed it since.
  if (before && before.properties["Name"] === creation.properties["Name"]) return before.created;
  const arn = await creation.targets.secrets.create(creation.region, name, textOf(creation));
  putAbout(creation, arn, creation.properties["KmsKeyId"]);
  return { ref: arn, attributes: { Id: arn } };
};

function textOf({ properties }: Creation): string {
  const { SecretString: given, GenerateSecretString: generated } = properties;
  if (given !== undefined) return String(given);
  if (!isObject(generated)) return "{}";
  refuseUnknown(generated, GENERATED, "GenerateSecretString.");
  const { SecretStringTemplate: template, GenerateStringKey: key, PasswordLength = 32 } = generated;
  const password = Array.from({ length: Number(PasswordLength) }, () =>
    ALPHABET.charAt(randomInt(ALPHABET.length)),
  ).join("");
  if (key === undefined) return password;
  return JSON.stringify({ ...JSON.parse(String(template)), [String(key)]: password });
}

function refuseUnknown(properties: Properties, known: readonly string[], of: string): void {
  const unknown = Object.keys(properties).filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  throw new AssemblyRefused(`${of}${unknown[0]} is not supported here`);
}

export const SECRETS = { "AWS::SecretsManager::Secret": secret } satisfies Record<string, Creator>;
