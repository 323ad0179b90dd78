import { type Creator, nameOf, required } from "../creation.ts";
import { AssemblyRefused } from "../refusal.ts";

const parameter: Creator = async (creation) => {
  const { properties, targets } = creation;
  const { Type: type } = properties;
  if (type !== "String" && type !== "StringList") {
    throw new AssemblyRefused(`Type ${type} is not known, only String and StringList`);
  }
  const name = nameOf(creation, "Name");
  const value = required(creation, "Value");
  await targets.parameters.put(creation, name, value);
  return { ref: name, attributes: { Type: type, Value: value } };
};

export const PARAMETERS = { "AWS::SSM::Parameter": parameter } satisfies Record<string, Creator>;
