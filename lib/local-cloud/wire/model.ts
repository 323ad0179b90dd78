import { NormalizedSchema } from "@smithy/core/schema";
import { compileRoute, type Route } from "./routes.ts";
import type { ServiceDefinition } from "./service.ts";

type Protocol =
  | "awsQuery"
  | "ec2Query"
  | "restXml"
  | "restJson1"
  | "awsJson1_0"
  | "awsJson1_1"
  | "rpcv2Cbor";

export interface OperationModel {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** Only where the service has HTTP bindings. */
  readonly route?: Route;
}

export interface ErrorModel {
  /** Name of the class the SDK throws. */
  readonly name: string;
  /** What XML answers call it: `DBInstanceNotFound` for `DBInstanceNotFoundFault`. */
  readonly wireCode: string;
  readonly status: number;
  readonly fault: "Sender" | "Receiver";
  readonly schema: NormalizedSchema;
}

/** A client package's exported schemas, arranged for answering instead of asking. */
export interface ServiceModel {
  readonly definition: ServiceDefinition;
  /** What the installed client speaks; older clients of the service may speak another. */
  readonly protocol: Protocol;
  readonly namespace: string;
  readonly xmlNamespace: string;
  /** First half of `X-Amz-Target`. */
  readonly target: string;
  readonly queryCompatible: boolean;
  readonly signingNames: readonly string[];
  readonly operations: ReadonlyMap<string, OperationModel>;
  /** By name and by wire code. */
  readonly errors: ReadonlyMap<string, ErrorModel>;
}

/** Operations and errors as the packages export them: `[kind, namespace, name, traits, …]`. */
type Exported = readonly [number, string, string, Traits, ...unknown[]];
interface Traits {
  readonly http?: readonly [method: string, uri: string, status: number];
  readonly httpError?: number;
  readonly error?: "client" | "server";
  readonly awsQueryError?: readonly [code: string, status: number];
}
const OPERATION = 9;
const ERROR = -3;

interface ClientConfig {
  readonly protocol: { getShapeId(): string };
  readonly protocolSettings: {
    readonly defaultNamespace: string;
    readonly xmlNamespace?: string;
    readonly serviceTarget?: string;
    readonly awsQueryCompatible?: boolean;
  };
  readonly defaultSigningName?: string;
}

/** Throws TypeError when the namespace import is not that of an AWS SDK v3 client. */
export function modelOf(definition: ServiceDefinition): ServiceModel {
  const { protocol, protocolSettings, defaultSigningName } = configOf(definition);
  const exported = Object.values(definition.client).filter(isExported);
  const operations = exported.filter(([kind]) => kind === OPERATION).map(operationOf);
  const errors = exported.filter(([kind]) => kind === ERROR).map(errorOf);
  return {
    definition,
    protocol: protocol.getShapeId().split("#")[1] as Protocol,
    namespace: protocolSettings.defaultNamespace,
    xmlNamespace: protocolSettings.xmlNamespace ?? "",
    target: protocolSettings.serviceTarget ?? "",
    queryCompatible: protocolSettings.awsQueryCompatible ?? false,
    signingNames: definition.signingNames ?? [definition.name, defaultSigningName ?? ""],
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    errors: new Map(
      errors.flatMap((error) => [
        [error.wireCode, error],
        [error.name, error],
      ]),
    ),
  };
}

function configOf({ name, client }: ServiceDefinition): ClientConfig {
  const found = Object.entries(client).find(([key]) => /^[A-Z]\w*Client$/.test(key));
  if (!found) throw new TypeError(`${name}: expected the namespace import of an AWS SDK v3 client`);
  const Client = found[1] as new (options: object) => { readonly config: ClientConfig };
  const credentials = { accessKeyId: "local", secretAccessKey: "local" };
  return new Client({ region: "us-east-1", credentials }).config;
}

const isExported = (value: unknown): value is Exported =>
  Array.isArray(value) && (value[0] === OPERATION || value[0] === ERROR);

function operationOf([, , name, traits, input, output]: Exported): OperationModel {
  const inputSchema = NormalizedSchema.of(input as never);
  return {
    name,
    input: inputSchema,
    output: NormalizedSchema.of(output as never),
    ...(traits.http && { route: compileRoute(name, traits.http, inputSchema) }),
  };
}

function errorOf(exported: Exported): ErrorModel {
  const [, , name, traits] = exported;
  const isServer = traits.error === "server";
  return {
    name,
    wireCode: traits.awsQueryError?.[0] ?? name,
    status: traits.awsQueryError?.[1] ?? traits.httpError ?? (isServer ? 500 : 400),
    fault: isServer ? "Receiver" : "Sender",
    schema: NormalizedSchema.of(exported as never),
  };
}
