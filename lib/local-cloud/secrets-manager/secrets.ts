import { randomBytes } from "node:crypto";
import { AwsError } from "../wire/service.ts";

export interface SecretVersion {
  readonly id: string;
  readonly createdAt: Date;
  readonly value: { readonly SecretString?: string; readonly SecretBinary?: Uint8Array };
  /** `AWSCURRENT`, `AWSPREVIOUS` or the caller's own. */
  readonly stages: Set<string>;
}

/** What a primary and its replicas have in common. */
export interface Content {
  description: string | undefined;
  versions: SecretVersion[];
  tags: readonly Tag[];
  readonly createdAt: Date;
  changedAt: Date;
}

interface Tag {
  readonly Key?: string | undefined;
  readonly Value?: string | undefined;
}

export interface Secret {
  readonly name: string;
  readonly region: string;
  readonly arn: string;
  /** The same in every region. */
  readonly suffix: string;
  content: Content;
  /** Region of the primary; the secret's own for a primary. */
  primaryRegion: string;
  deletedAt: Date | undefined;
}

/** Secrets by region: by name, by ARN, and by ARN without its random end. */
export class Secrets {
  readonly #account: string;
  readonly #secrets = new Map<string, Secret>();

  constructor(account: string) {
    this.#account = account;
  }

  /** Throws ResourceExistsException, or InvalidRequestException while the name waits for deletion. */
  create(region: string, name: string, description: string | undefined): Secret {
    const before = this.#secrets.get(`${region}/${name}`);
    if (before?.deletedAt)
      throw new AwsError("InvalidRequestException", `'${name}' is scheduled for deletion.`);
    if (before) throw new AwsError("ResourceExistsException", `The secret ${name} already exists.`);
    const now = new Date();
    const content = { description, versions: [], tags: [], createdAt: now, changedAt: now };
    return this.#add(region, name, randomBytes(3).toString("hex"), region, content);
  }

  /** A replica shares the content of its primary. */
  replicate(primary: Secret, region: string): Secret {
    const { name, suffix, content } = primary;
    if (this.#secrets.has(`${region}/${name}`))
      throw new AwsError("ResourceExistsException", `The secret ${name} exists in ${region}.`);
    return this.#add(region, name, suffix, primary.region, content);
  }

  /** Throws ResourceNotFoundException. */
  find(region: string, id: string | undefined): Secret {
    const found = this.peek(region, id ?? "");
    if (found) return found;
    throw new AwsError(
      "ResourceNotFoundException",
      "Secrets Manager can't find the specified secret.",
    );
  }

  peek(region: string, id: string): Secret | undefined {
    return this.#secrets.get(`${region}/${id}`) ?? this.#byArn(region, id);
  }

  remove({ region, name }: Secret): void {
    this.#secrets.delete(`${region}/${name}`);
  }

  of(region: string): readonly Secret[] {
    return [...this.#secrets.values()].filter((secret) => secret.region === region);
  }

  replicasOf(primary: Secret): readonly Secret[] {
    return [...this.#secrets.values()].filter(
      ({ name, region, primaryRegion }) =>
        name === primary.name && region !== primary.region && primaryRegion === primary.region,
    );
  }

  #add(region: string, name: string, suffix: string, primaryRegion: string, content: Content) {
    const arn = `arn:aws:secretsmanager:${region}:${this.#account}:secret:${name}-${suffix}`;
    const secret = { name, region, arn, suffix, content, primaryRegion, deletedAt: undefined };
    this.#secrets.set(`${region}/${name}`, secret);
    return secret;
  }

  #byArn(region: string, id: string): Secret | undefined {
    if (!id.startsWith("arn:")) return undefined;
    return this.of(region).find(({ arn, suffix }) => id === arn || `${id}-${suffix}` === arn);
  }
}
