import type { Output } from "@aws-sdk/client-cloudformation";
import { holds, type Names, resolve } from "../intrinsics.ts";
import { pseudoParameters } from "../stack.ts";
import type { Draft, StackRecord } from "./record.ts";

/** What expressions of a draft may name, with what the stack has by now. */
export function namesOf(stack: StackRecord, { template, parameters }: Draft): Names {
  const created = new Map([...stack.held].map(([id, held]) => [id, held.created]));
  const values = Object.fromEntries([...parameters].map(([name, { value }]) => [name, value]));
  return { template, created, pseudo: { ...values, ...pseudoParameters(stack, stack.id) } };
}

/** As DescribeStacks tells them. Throws `AssemblyRefused` for what cannot be resolved. */
export function outputsOf(names: Names): readonly Output[] {
  const entries = Object.entries(names.template.Outputs ?? {}).filter(
    ([, { Condition }]) => Condition === undefined || holds(Condition, names),
  );
  return entries.map(([OutputKey, { Value, Description, Export }]) => ({
    ...{ OutputKey, OutputValue: String(resolve(Value, names)) },
    ...(Description !== undefined && { Description }),
    ...(Export && { ExportName: String(resolve(Export.Name, names)) }),
  }));
}
