import * as client from "@aws-sdk/client-ssm";
import { AwsError, type CallContext, type ServiceDefinition } from "../wire/service.ts";
import { type Owner, Parameters } from "./parameters.ts";

export interface SsmService {
  readonly definition: ServiceDefinition;
  readonly parameters: Parameters;
}

/** SSM's Parameter Store, texts only. `accountOf` says whose an access key is. */
export function ssmService(accountOf: (accessKey?: string) => string): SsmService {
  const parameters = new Parameters();
  const ownerIn = ({ accessKey, region }: CallContext) => ({
    ...{ account: accountOf(accessKey), region },
  });
  return {
    parameters,
    definition: { name: "ssm", client, operations: operations(parameters, ownerIn) },
  };
}

function operations(parameters: Parameters, ownerIn: (context: CallContext) => Owner) {
  const view = (context: CallContext, Name = "") => {
    const found = parameters.get(ownerIn(context), Name);
    return found && { Name, Value: found.value, ...described(ownerIn(context), Name, found) };
  };
  return {
    async PutParameter(input: client.PutParameterRequest, context: CallContext) {
      const { Name = "", Value = "", Type = "String", Overwrite } = input;
      if (Type === "SecureString") throw refused("UnsupportedParameterType", NOT_ENCRYPTED);
      const owner = ownerIn(context);
      if (parameters.get(owner, Name) && !Overwrite)
        throw refused("ParameterAlreadyExists", EXISTS);
      return { Version: parameters.put(owner, Name, Value, Type).version, Tier: "Standard" };
    },

    async GetParameter({ Name }: client.GetParameterRequest, context: CallContext) {
      const Parameter = view(context, Name);
      if (!Parameter) throw refused("ParameterNotFound", `Parameter ${Name} not found.`);
      return { Parameter };
    },

    async GetParameters({ Names = [] }: client.GetParametersRequest, context: CallContext) {
      return {
        Parameters: Names.flatMap((name) => view(context, name) ?? []),
        InvalidParameters: Names.filter((name) => !view(context, name)),
      };
    },

    async DeleteParameter({ Name = "" }: client.DeleteParameterRequest, context: CallContext) {
      if (parameters.remove(ownerIn(context), Name)) return;
      throw refused("ParameterNotFound", `Parameter ${Name} not found.`);
    },
  };
}

const described = (
  { account, region }: Owner,
  name: string,
  { type, version, at }: { readonly type: string; readonly version: number; readonly at: Date },
) => ({
  ...{ Type: type, Version: version, LastModifiedDate: at, DataType: "text" },
  ARN: `arn:aws:ssm:${region}:${account}:parameter/${name.replace(/^\//, "")}`,
});

const EXISTS =
  "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.";
const NOT_ENCRYPTED =
  "the local cloud encrypts nothing: Type SecureString is not known, only String and StringList";

const refused = (code: string, message: string) => new AwsError(code, message, 400);
