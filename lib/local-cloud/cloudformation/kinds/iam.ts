import { createHash } from "node:crypto";
import type { Entry } from "../../iam/book.ts";
import { type Creation, type Creator, nameOf, objects, required } from "../creation.ts";
import { AssemblyRefused } from "../refusal.ts";
import type { Properties } from "../template.ts";

/** Where the policy book keeps what a resource of a template says. */
export const policyPlace = ({
  account,
  region,
  stackName,
  logicalId,
}: Pick<Creation, "account" | "region" | "stackName" | "logicalId">): string =>
  `${account}/${region}/${stackName}/${logicalId}`;

/** Several entries of one resource stand beside each other. */
const put = (creation: Creation, ...entries: readonly Entry[]): void =>
  creation.targets.policies.put(policyPlace(creation), entries);

const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(String) : [];

const role: Creator = (creation) => {
  const { properties, account } = creation;
  const name = nameOf(creation, "RoleName");
  const arn = `arn:aws:iam::${account}:role/${name}`;
  put(creation, {
    ...{ kind: "role", arn, name, trust: properties["AssumeRolePolicyDocument"] },
    policies: objects(properties["Policies"]).map(({ PolicyDocument }) => PolicyDocument),
    managed: texts(properties["ManagedPolicyArns"]),
    isBounded: properties["PermissionsBoundary"] !== undefined,
  });
  return { ref: name, attributes: { Arn: arn, RoleId: name } };
};

const attached: Creator = (creation) => {
  const { PolicyDocument: document, Roles } = creation.properties;
  put(creation, { kind: "policy", roles: texts(Roles), document });
  return { ref: nameOf(creation, "PolicyName") };
};

/** Whoever takes it, or is given it, has what it says; it goes by its ARN. */
const managedPolicy: Creator = (creation) => {
  const { properties, account } = creation;
  const name = nameOf(creation, "ManagedPolicyName");
  const arn = `arn:aws:iam::${account}:policy${properties["Path"] ?? "/"}${name}`;
  const { PolicyDocument: document, Roles } = properties;
  put(
    creation,
    { kind: "managed", arn, document },
    { kind: "policy", roles: texts(Roles), document },
  );
  return { ref: arn, attributes: { PolicyArn: arn } };
};

const ofBucket: Creator = (creation) => {
  const { PolicyDocument: document } = creation.properties;
  const arn = `arn:aws:s3:::${required(creation, "Bucket")}`;
  put(creation, { kind: "resource", arn, document });
  return { ref: creation.logicalId };
};

const ofTopics: Creator = (creation) => {
  const { PolicyDocument: document, Topics } = creation.properties;
  put(creation, ...texts(Topics).map((arn): Entry => ({ kind: "resource", arn, document })));
  return { ref: creation.logicalId };
};

const permission: Creator = (creation) => {
  const { region, account, properties } = creation;
  const name = required(creation, "FunctionName").split(":").at(-1);
  const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
  put(creation, { kind: "resource", arn, document: permissionDocument(properties, arn) });
  return { ref: creation.logicalId };
};

const CONDITIONS: Readonly<Record<string, readonly [operator: string, key: string]>> = {
  SourceArn: ["ArnLike", "aws:SourceArn"],
  SourceAccount: ["StringEquals", "aws:SourceAccount"],
  FunctionUrlAuthType: ["StringEquals", "lambda:FunctionUrlAuthType"],
  InvokedViaFunctionUrl: ["Bool", "lambda:InvokedViaFunctionUrl"],
};
const PLAIN = ["Action", "FunctionName", "Principal"];

/** As Lambda turns what was given one by one into its policy. */
function permissionDocument(properties: Properties, Resource: string): object {
  const { Action, Principal } = properties;
  const given = Object.keys(properties).filter((name) => !PLAIN.includes(name));
  const conditions = given.map((name) => {
    const [operator, key] = CONDITIONS[name] ?? [];
    if (operator !== undefined && key !== undefined)
      return [operator, { [key]: String(properties[name]) }] as const;
    throw new AssemblyRefused(`${name} of a permission is not known here`);
  });
  const isService = String(Principal).endsWith(".amazonaws.com");
  const who = isService ? { Service: Principal } : { AWS: Principal };
  return {
    Statement: [
      {
        ...{ Effect: "Allow", Action, Resource, Principal: who },
        Condition: merged(conditions),
      },
    ],
  };
}

function merged(conditions: readonly (readonly [string, Properties])[]): Properties {
  const blocks = new Map<string, Properties>();
  for (const [operator, block] of conditions) {
    blocks.set(operator, { ...blocks.get(operator), ...block });
  }
  return Object.fromEntries(blocks);
}

const key: Creator = (creation) => {
  const digest = createHash("sha256").update(nameOf(creation, "")).digest("hex");
  const id = digest.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, "$1-$2-$3-$4-$5");
  const { region, account, properties } = creation;
  const arn = `arn:aws:kms:${region}:${account}:key/${id}`;
  const { KeyPolicy: document } = properties;
  if (document !== undefined) put(creation, { kind: "resource", arn, document });
  return { ref: id, attributes: { KeyId: id, Arn: arn } };
};

/** What encrypts a thing and whose it is, where its ARN says neither. */
export const putAbout = (creation: Creation, arn: string, givenKey: unknown): void => {
  const { account } = creation;
  const isKey = typeof givenKey === "string" && /:key\//.test(givenKey);
  put(creation, { kind: "about", arn, account, ...(isKey && { key: givenKey }) });
};

export const IAM = {
  "AWS::IAM::Role": role,
  "AWS::IAM::Policy": attached,
  "AWS::IAM::ManagedPolicy": managedPolicy,
  "AWS::KMS::Key": key,
  "AWS::Lambda::Permission": permission,
  "AWS::S3::BucketPolicy": ofBucket,
  "AWS::SNS::TopicPolicy": ofTopics,
} satisfies Record<string, Creator>;

/** Types whose say ends with them. */
export const WITH_A_SAY: readonly string[] = Object.keys(IAM);
