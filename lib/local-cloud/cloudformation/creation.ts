import { createHash } from "node:crypto";
import type { Created } from "./intrinsics.ts";
import { AssemblyRefused } from "./refusal.ts";
import type { Responses } from "./responses.ts";
import type { DeployTargets } from "./targets.ts";
import { isObject, type Properties } from "./template.ts";

/** A resource about to be created; its properties hold no intrinsic function any more. */
export interface Creation {
  readonly type: string;
  readonly logicalId: string;
  readonly properties: Properties;
  readonly region: string;
  readonly account: string;
  readonly stackName: string;
  readonly stackId: string;
  readonly targets: DeployTargets;
  /** Folder on disk with what the zip of that place in the asset bucket has; undefined if there is none. */
  readonly folderOf: (bucket: string, key: string) => Promise<string | undefined>;
  readonly responses: Responses;
  /** What is to be changed: without it something new is made. */
  readonly before?: { readonly created: Created; readonly properties: Properties };
}

/** Creates a resource and says what Ref and Fn::GetAtt give. Errors name no place: the caller adds it. */
export type Creator = (creation: Creation) => Created | Promise<Created>;

/** The property as text, or the error CloudFormation would give for its absence. */
export function required({ properties }: Creation, name: string): string {
  const value = properties[name];
  if (value !== undefined && value !== "") return String(value);
  throw new AssemblyRefused(`the property ${name} is missing`);
}

/** The name given, or one made up as CloudFormation does, the same at every deployment. */
export function nameOf(creation: Creation, property: string): string {
  const { properties, stackName, logicalId } = creation;
  if (properties[property] !== undefined) return String(properties[property]);
  const digest = createHash("sha256").update(`${stackName}/${logicalId}`).digest("hex");
  return `${stackName}-${logicalId}`.slice(0, 50).concat("-", digest.slice(0, 12));
}

/** The object under a name; an empty one where there is none. */
export const within = (properties: Properties, name: string): Properties => {
  const value = properties[name];
  return isObject(value) ? value : {};
};

export const objects = (value: unknown): readonly Properties[] =>
  Array.isArray(value) ? value.filter(isObject) : [];

export const numberOr = (value: unknown, otherwise: number): number =>
  value === undefined ? otherwise : Number(value);
