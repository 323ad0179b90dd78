import type { Creator } from "../creation.ts";
import { AssemblyRefused } from "../refusal.ts";
import { CLOUDFRONT } from "./cloudfront.ts";
import { COMPUTE } from "./compute.ts";
import { CONTAINERS } from "./containers.ts";
import { custom } from "./custom.ts";
import { HTTP_API } from "./http-api.ts";
import { IAM } from "./iam.ts";
import { MESSAGING } from "./messaging.ts";
import { NETWORK } from "./network.ts";
import { PARAMETERS } from "./parameters.ts";
import { RECORDED } from "./recorded.ts";
import { SECRETS } from "./secrets.ts";
import { STORAGE } from "./storage.ts";

const KINDS: Readonly<Record<string, Creator>> = {
  ...RECORDED,
  ...IAM,
  ...STORAGE,
  ...SECRETS,
  ...PARAMETERS,
  ...COMPUTE,
  ...HTTP_API,
  ...CLOUDFRONT,
  ...CONTAINERS,
  ...MESSAGING,
  ...NETWORK,
  "AWS::CloudFormation::CustomResource": custom,
};

/** @throws AssemblyRefused for a type that nobody creates here */
export function creatorOf(type: string): Creator {
  const creator = type.startsWith("Custom::") ? custom : KINDS[type];
  if (creator) return creator;
  throw new AssemblyRefused("the local cloud does not create resources of this type");
}

/** Types that are known by their whole name. */
export const TYPES = Object.keys(KINDS);
