import { RDSClient } from "@aws-sdk/client-rds";
import { Route53Client } from "@aws-sdk/client-route-53";
import { S3Client } from "@aws-sdk/client-s3";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SFNClient } from "@aws-sdk/client-sfn";

/** The provider's own access to its account: how the drill prepares databases, records and secrets. */
export class Aws {
  readonly #endpoint: string;
  readonly #credentials: { accessKeyId: string; secretAccessKey: string };
  readonly #clients = new Map<string, { destroy(): void }>();

  constructor(endpoint: string, credentials: { accessKeyId: string; secretAccessKey: string }) {
    this.#endpoint = endpoint;
    this.#credentials = credentials;
  }

  rds = (region: string) => this.#client(`rds ${region}`, () => new RDSClient(this.#at(region)));
  secrets = (region: string) =>
    this.#client(`secrets ${region}`, () => new SecretsManagerClient(this.#at(region)));
  scheduler = (region: string) =>
    this.#client(`scheduler ${region}`, () => new SchedulerClient(this.#at(region)));
  sfn = (region: string) => this.#client(`sfn ${region}`, () => new SFNClient(this.#at(region)));
  s3 = (region: string) =>
    this.#client(`s3 ${region}`, () => new S3Client({ ...this.#at(region), forcePathStyle: true }));
  route53 = () => this.#client("route53", () => new Route53Client(this.#at("us-east-1")));

  close(): void {
    for (const client of this.#clients.values()) client.destroy();
  }

  #at(region: string) {
    return { region, endpoint: this.#endpoint, credentials: this.#credentials };
  }

  #client<T extends { destroy(): void }>(key: string, make: () => T): T {
    const known = this.#clients.get(key) as T | undefined;
    if (known) return known;
    const made = make();
    this.#clients.set(key, made);
    return made;
  }
}
