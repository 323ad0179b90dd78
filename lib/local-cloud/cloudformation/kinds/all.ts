import type { Creator } from "../creation.ts";
import { CLOUDFRONT } from "./cloudfront.ts";
import { COMPUTE } from "./compute.ts";
import { CONTAINERS } from "./containers.ts";
import { custom } from "./custom.ts";
import { HTTP_API } from "./http-api.ts";
import { MESSAGING } from "./messaging.ts";
import { NETWORK } from "./network.ts";
import { RECORDED } from "./recorded.ts";
import { SECRETS } from "./secrets.ts";
import { STORAGE } from "./storage.ts";

const KINDS: Readonly<Record<string, Creator>> = {
  ...RECORDED,
  ...STORAGE,
  ...SECRETS,
  ...COMPUTE,
  ...HTTP_API,
  ...CLOUDFRONT,
  ...CONTAINERS,
  ...MESSAGING,
  ...NETWORK,
  "AWS::CloudFormation::CustomResource": custom,
};

export const creatorOf = (type: string): Creator | undefined =>
  type.startsWith("Custom::") ? custom : KINDS[type];
