import type { Ask } from "../evaluate.ts";
import { ECS, LAMBDA, STATES } from "./compute.ts";
import { IMAGES } from "./images.ts";
import { LAUNCHES } from "./launches.ts";
import { BALANCERS, CLOUDWATCH, EC2, KMS, SECRETS_MANAGER, SES, SNS, SSM, STS } from "./others.ts";
import { RDS } from "./rds.ts";
import { ROUTE53 } from "./route53.ts";
import type { Place, Rows } from "./row.ts";
import { S3 } from "./s3.ts";

const SERVICES: Readonly<Record<string, Rows>> = {
  cloudwatch: CLOUDWATCH,
  ec2: { ...EC2, ...IMAGES, ...LAUNCHES },
  ecs: ECS,
  elasticloadbalancing: BALANCERS,
  kms: KMS,
  lambda: LAMBDA,
  rds: RDS,
  route53: ROUTE53,
  s3: S3,
  secretsmanager: SECRETS_MANAGER,
  ses: SES,
  sns: SNS,
  ssm: SSM,
  states: STATES,
  sts: STS,
};

/** Permissions that a request needs; undefined: nobody has worked out which, so that nobody restricted may make it. */
export const asksOf = (
  service: string,
  operation: string,
  input: unknown,
  place: Place,
): readonly Ask[] | undefined => SERVICES[service]?.[operation]?.(input, place);
