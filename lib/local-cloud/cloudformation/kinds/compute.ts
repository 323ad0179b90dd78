import { type Creation, type Creator, nameOf, numberOr, required, within } from "../creation.ts";
import { AssemblyRefused } from "../refusal.ts";
import { needsOfFunction, takeOn } from "../taking-roles.ts";
import { isObject, type Properties } from "../template.ts";

/** Lambda's defaults where a template is silent. */
const DEFAULT_MEMORY_MB = 128;
const DEFAULT_TIMEOUT_SECONDS = 3;

const lambdaFunction: Creator = async (creation) => {
  const { properties, region, account, targets } = creation;
  const runtime = required(creation, "Runtime");
  if (!runtime.startsWith("nodejs")) {
    throw new AssemblyRefused(`Runtime ${runtime} is not run here, only nodejs…`);
  }
  const name = nameOf(creation, "FunctionName");
  const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
  const groups = within(properties, "VpcConfig")["SecurityGroupIds"];
  const { Role: role } = properties;
  if (role !== undefined) takeOnFor(creation, String(role), { name, arn, isInVpc: !!groups });
  targets.lambda.deploy({
    region,
    name,
    arn,
    codeDirectory: await codeFolder(creation),
    handler: required(creation, "Handler"),
    environment: textsIn(within(within(creation.properties, "Environment"), "Variables")),
    memoryMb: numberOr(properties["MemorySize"], DEFAULT_MEMORY_MB),
    timeoutSeconds: numberOr(properties["Timeout"], DEFAULT_TIMEOUT_SECONDS),
    ...(properties["ReservedConcurrentExecutions"] !== undefined && {
      reservedConcurrency: Number(properties["ReservedConcurrentExecutions"]),
    }),
    ...(Array.isArray(groups) && { vpc: { securityGroups: groups.map(String) } }),
    ...(role !== undefined && { role: String(role) }),
  });
  return { ref: name, attributes: { Arn: arn } };
};

interface Named {
  readonly name: string;
  readonly arn: string;
  readonly isInVpc: boolean;
}

function takeOnFor(creation: Creation, role: string, { name, arn, isInVpc }: Named): void {
  const { LogGroup = `/aws/lambda/${name}` } = within(creation.properties, "LoggingConfig");
  const needs = needsOfFunction(creation, String(LogGroup), isInVpc);
  takeOn(creation, role, { service: "lambda.amazonaws.com", arn, needs });
}

async function codeFolder({ properties, folderOf }: Creation): Promise<string> {
  const { S3Bucket, S3Key } = within(properties, "Code");
  const isUploaded = S3Key !== undefined;
  const folder = isUploaded ? await folderOf(String(S3Bucket), String(S3Key)) : undefined;
  if (folder !== undefined) return folder;
  throw new AssemblyRefused(
    `Code.S3Key ${S3Key} is no folder asset of this assembly; inline code and images are not run here`,
  );
}

const textsIn = (properties: Properties): Record<string, string> =>
  Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, String(value)]));

const asyncConfig: Creator = (creation) => {
  const { properties, region, targets, logicalId } = creation;
  const { MaximumRetryAttempts: retries, MaximumEventAgeInSeconds: age } = properties;
  const name = String(required(creation, "FunctionName").split(":").at(-1));
  targets.lambda.configureAsync(region, name, {
    ...(retries !== undefined && { maximumRetryAttempts: Number(retries) }),
    ...(age !== undefined && { maximumEventAgeSeconds: Number(age) }),
  });
  return { ref: logicalId };
};

const url: Creator = async (creation) => {
  const { region, account, targets, properties } = creation;
  if (properties["AuthType"] !== "NONE") {
    throw new AssemblyRefused(`AuthType ${properties["AuthType"]} is not served here, only NONE`);
  }
  const name = String(required(creation, "TargetFunctionArn").split(":").at(-1));
  const FunctionUrl = await targets.lambda.expose(region, name);
  const FunctionArn = `arn:aws:lambda:${region}:${account}:function:${name}`;
  return { ref: FunctionArn, attributes: { FunctionUrl, FunctionArn } };
};

const stateMachine: Creator = (creation) => {
  const { properties, region, targets } = creation;
  const name = nameOf(creation, "StateMachineName");
  const roleArn = properties["RoleArn"];
  if (roleArn !== undefined) {
    const { account } = creation;
    const machine = `arn:aws:states:${region}:${account}:stateMachine:${name}`;
    takeOn(creation, String(roleArn), { service: "states.amazonaws.com", arn: machine });
  }
  const arn = targets.states.deploy({
    region,
    name,
    definition: definitionOf(creation),
    ...(roleArn !== undefined && { roleArn: String(roleArn) }),
  });
  return { ref: arn, attributes: { Arn: arn, Name: name } };
};

function definitionOf(creation: Creation): string {
  const { properties } = creation;
  if (properties["DefinitionS3Location"] !== undefined) {
    throw new AssemblyRefused(
      "DefinitionS3Location is not read here; put the definition into the template",
    );
  }
  const { Definition } = properties;
  const text = isObject(Definition)
    ? JSON.stringify(Definition)
    : required(creation, "DefinitionString");
  const substitutions = within(properties, "DefinitionSubstitutions");
  return Object.entries(substitutions).reduce(
    (filled, [name, value]) => filled.replaceAll(`\${${name}}`, String(value)),
    text,
  );
}

const schedule: Creator = (creation) => {
  const { properties, region, targets } = creation;
  const name = nameOf(creation, "Name").slice(0, 64);
  const role = within(properties, "Target")["RoleArn"];
  const group = `arn:aws:scheduler:${region}:${creation.account}:schedule-group/default`;
  if (role !== undefined) {
    takeOn(creation, String(role), { service: "scheduler.amazonaws.com", arn: group });
  }
  // The template speaks the API's words.
  const arn = targets.scheduler.deploy(region, { ...properties, Name: name } as never);
  return { ref: name, attributes: { Arn: arn } };
};

export const COMPUTE = {
  "AWS::Lambda::Function": lambdaFunction,
  "AWS::Lambda::EventInvokeConfig": asyncConfig,
  "AWS::Lambda::Url": url,
  "AWS::StepFunctions::StateMachine": stateMachine,
  "AWS::Scheduler::Schedule": schedule,
} satisfies Record<string, Creator>;
