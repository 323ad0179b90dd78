import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { inject } from "vitest";
import { addStacks } from "../../../lib/infra/app.ts";
import { cacheDirectory } from "../../../lib/infra/cache-directory.ts";
import { rememberValidation } from "../../../lib/infra/remembered-validation.ts";
import type { Fleet } from "../../../lib/sla/fleet.ts";
import { fleet } from "./fleet.ts";

type Json = Record<string, unknown>;
export interface Resource {
  readonly Type: string;
  readonly Properties: Json;
  readonly DeletionPolicy?: string;
}

const root = mkdtempSync(join(inject("assemblies"), "worker-"));
const code = join(root, "code");
mkdirSync(code);
writeFileSync(join(code, "index.mjs"), "export const handler = async () => undefined;\n");

/** The app of a fleet as `cdk deploy` makes it, flags included, with one placeholder instead of every bundle. */
export function appOf(of: Fleet): App {
  const { context } = JSON.parse(readFileSync("cdk.json", "utf8"));
  const app = new App({ outdir: mkdtempSync(join(root, "cdk.out-")), context });
  rememberValidation(app, cacheDirectory(process.cwd(), "validated"));
  addStacks(app, { fleet: of, hash: "abc", bundles: { directory: () => code }, root });
  return app;
}

/** All stacks of the test fleet. */
export const templates: ReadonlyMap<string, Template> = (() => {
  const app = appOf(fleet);
  const stacks = app.node.children.filter((child) => child instanceof Stack);
  return new Map(stacks.map((stack) => [stack.stackName, Template.fromStack(stack)]));
})();

export function templateOf(stack: string): Template {
  const found = templates.get(stack);
  if (!found) throw new Error(`no stack ${stack}: ${[...templates.keys()]}`);
  return found;
}

export const resourcesOf = (template: Template, type: string): readonly Resource[] =>
  Object.values(template.findResources(type)) as unknown as Resource[];

export interface Grant {
  readonly effect: "Allow" | "Deny";
  readonly action: string;
  readonly resources: readonly string[];
}

/** What each role may do, under the name of the function or machine that takes it. */
export function grantsByHolder(template: Template): ReadonlyMap<string, readonly Grant[]> {
  const holders = holdersOf(template);
  const found = new Map<string, Grant[]>();
  for (const { roles, statements } of policiesOf(template)) {
    for (const role of roles) {
      const holder = holders.get(role) ?? "schedules";
      found.set(holder, [...(found.get(holder) ?? []), ...grantsIn(statements)]);
    }
  }
  return found;
}

interface Policy {
  /** Logical ids of who has it. */
  readonly roles: readonly string[];
  readonly statements: readonly Json[];
  /** What it says counts for itself, not for the role. */
  readonly isManaged?: true;
}

/** Those in roles themselves, managed ones that roles take, and those beside them. */
export function policiesOf(template: Template): readonly Policy[] {
  const managed = managedPoliciesOf(template);
  const inside = Object.entries(template.findResources("AWS::IAM::Role")).flatMap(([id, role]) => {
    const policies = ((role as Resource).Properties["Policies"] ?? []) as readonly Json[];
    return policies.map((policy) => ({ roles: [id], statements: statementsOf(policy) }));
  });
  const taken = Object.entries(template.findResources("AWS::IAM::Role")).flatMap(([id, role]) => {
    const arns = ((role as Resource).Properties["ManagedPolicyArns"] ?? []) as readonly unknown[];
    return arns.map((arn) => {
      const statements = managed.get(referredTo(arn) ?? "") ?? [];
      return { roles: [id], statements, isManaged: true as const };
    });
  });
  const beside = resourcesOf(template, "AWS::IAM::Policy").map(({ Properties }) => ({
    roles: (Properties["Roles"] as unknown[]).map((role) => referredTo(role) ?? ""),
    statements: statementsOf(Properties),
  }));
  return [...inside, ...taken, ...beside];
}

/** Statements by logical id. */
export const managedPoliciesOf = (template: Template): ReadonlyMap<string, readonly Json[]> =>
  new Map(
    Object.entries(template.findResources("AWS::IAM::ManagedPolicy")).map(([id, policy]) => [
      id,
      statementsOf((policy as Resource).Properties),
    ]),
  );

/** Every statement of every policy, as the template writes it. */
export const allStatements = (template: Template): readonly Json[] =>
  policiesOf(template).flatMap(({ statements }) => statements);

const statementsOf = (policy: Json) =>
  (policy["PolicyDocument"] as { readonly Statement: readonly Json[] }).Statement;

/** Role → name of what takes it. */
const holdersOf = (template: Template): ReadonlyMap<string, string> =>
  new Map(
    HOLDERS.flatMap(({ type, name, role, as = "" }) =>
      resourcesOf(template, type).map(({ Properties }) => [
        referredTo(Properties[role]) ?? "",
        `${Properties[name]}${as}`,
      ]),
    ),
  );

const TASK = { type: "AWS::ECS::TaskDefinition", name: "Family" } as const;
const HOLDERS: readonly {
  readonly type: string;
  readonly name: string;
  readonly role: string;
  readonly as?: string;
}[] = [
  { type: "AWS::Lambda::Function", name: "FunctionName", role: "Role" },
  { type: "AWS::StepFunctions::StateMachine", name: "StateMachineName", role: "RoleArn" },
  { ...TASK, role: "TaskRoleArn", as: " task" },
  { ...TASK, role: "ExecutionRoleArn", as: " execution" },
];

/** The logical id that a value refers to. */
export const referredTo = (value: unknown): string | undefined => {
  const { Ref, "Fn::GetAtt": attribute } = (value ?? {}) as {
    Ref?: string;
    "Fn::GetAtt"?: string[];
  };
  return Ref ?? attribute?.[0];
};

function grantsIn(statements: readonly Json[]): readonly Grant[] {
  return statements.flatMap(({ Effect, Action, Resource }) => {
    const resources = listed(Resource).map((each) =>
      typeof each === "string" ? each : JSON.stringify(each),
    );
    const effect = Effect === "Deny" ? "Deny" : "Allow";
    return listed(Action).map((action) => ({ effect, action: String(action), resources }));
  });
}

const listed = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
