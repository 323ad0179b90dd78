import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

// The validator is CommonJS without types.
const validate = createRequire(import.meta.url)("asl-validator") as (definition: unknown) => {
  readonly errors: readonly unknown[];
};

interface Template {
  readonly Resources: Readonly<
    Record<
      string,
      { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }
    >
  >;
}

/** As it is deployed, with an ARN wherever CloudFormation puts in a text of its own. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  const join = (value as { readonly "Fn::Join"?: readonly [string, readonly unknown[]] })[
    "Fn::Join"
  ];
  if (join) return join[1].map(textOf).join(join[0]);
  const { Ref: ref } = value as { readonly Ref?: string };
  if (ref === "AWS::Partition") return "aws";
  return "arn:aws:lambda:eu-west-1:111111111111:function:some";
}

interface Machine {
  readonly where: string;
  readonly definition: unknown;
}

function machinesIn(file: string): readonly Machine[] {
  const { Resources } = JSON.parse(readFileSync(file, "utf8")) as Template;
  return Object.entries(Resources)
    .filter(([, { Type }]) => Type === "AWS::StepFunctions::StateMachine")
    .map(([name, { Properties }]) => ({
      where: `${name} in ${file}`,
      definition: JSON.parse(textOf(Properties?.["DefinitionString"])) as unknown,
    }));
}

/** Every state machine of the templates named, as asl-validator sees it. The exit code. */
function main(files: readonly string[]): number {
  const machines = files.flatMap(machinesIn);
  const errors = machines.flatMap(({ where, definition }) =>
    validate(definition).errors.map((error) => `${where}: ${JSON.stringify(error)}`),
  );
  for (const error of errors) console.error(error);
  console.log(`${machines.length} state machines, ${errors.length} errors`);
  return errors.length > 0 || machines.length === 0 ? 1 : 0;
}

process.exitCode = main(process.argv.slice(2));
