import type { CredentialScope } from "./credential.ts";
import { modelOf, type ServiceModel } from "./model.ts";
import type { RequestHead, ServiceDefinition } from "./service.ts";
import { EC2, QUERY } from "./speak-query.ts";
import { REST_JSON_1, REST_XML } from "./speak-rest.ts";
import { json, RPC_CBOR } from "./speak-rpc.ts";
import type { Speaker } from "./speaker.ts";

const JSON_1_0 = json("1.0");
const JSON_1_1 = json("1.1");

/** Anonymous requests carry no scope; only S3 has a use for them. */
const ANONYMOUS_SERVICE = "s3";

/** The services of a server, found by what a request says of itself. */
export class Registry {
  readonly #bySigningName = new Map<string, ServiceModel>();
  readonly #byTarget = new Map<string, ServiceModel>();

  /** Throws RangeError when the definition has an operation its client does not know. */
  add(definition: ServiceDefinition): void {
    const model = modelOf(definition);
    const stray = Object.keys(definition.operations).find((name) => !model.operations.has(name));
    if (stray !== undefined)
      throw new RangeError(`${definition.name}: its client has no operation '${stray}'`);
    for (const name of model.signingNames) this.#bySigningName.set(name, model);
    if (model.target) this.#byTarget.set(model.target, model);
  }

  find(head: RequestHead, scope: CredentialScope | undefined): ServiceModel | undefined {
    const target = String(head.headers["x-amz-target"] ?? "").split(".")[0] ?? "";
    return (
      this.#byTarget.get(target) ?? this.#bySigningName.get(scope?.service ?? ANONYMOUS_SERVICE)
    );
  }
}

/**
 * Old and new clients of one service speak different protocols, so the request's own marks decide and
 * the installed client's protocol only tells REST from query.
 */
export function speakerFor({ headers }: RequestHead, service: ServiceModel): Speaker {
  if (headers["smithy-protocol"] === "rpc-v2-cbor") return RPC_CBOR;
  if (headers["x-amz-target"] !== undefined)
    return String(headers["content-type"]).includes("json-1.0") ? JSON_1_0 : JSON_1_1;
  if (service.protocol === "restXml") return REST_XML;
  if (service.protocol === "restJson1") return REST_JSON_1;
  return service.protocol === "ec2Query" ? EC2 : QUERY;
}
