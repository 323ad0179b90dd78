import { XmlCodec } from "@aws-sdk/core/protocols";
import { CborCodec } from "@smithy/core/cbor";
import { JsonCodec2 } from "@smithy/core/protocols";

/** What every codec of the SDK can do; schemas are `NormalizedSchema`s. */
export interface Codec {
  encode(schema: object, value: unknown): string | Uint8Array;
  decode(schema: object, bytes: Uint8Array): Promise<Record<string, unknown>>;
}

interface SdkCodec {
  createSerializer(): {
    write(schema: never, value: never): void;
    flush(): string | Uint8Array;
  };
  createDeserializer(): { read(schema: never, bytes: never): unknown };
}

// The numbers are the SDK's own schema sentinels for date-time and epoch seconds.
const DATE_TIME = 5;
const EPOCH_SECONDS = 7;

const codec = (sdk: SdkCodec): Codec => ({
  encode(schema, value) {
    const serializer = sdk.createSerializer();
    serializer.write(schema as never, value as never);
    return serializer.flush();
  },
  async decode(schema, bytes) {
    return (await sdk.createDeserializer().read(schema as never, bytes as never)) as Record<
      string,
      unknown
    >;
  },
});

const json = (jsonName: boolean) =>
  codec(new JsonCodec2({ jsonName, timestampFormat: { useTrait: true, default: EPOCH_SECONDS } }));

export const RPC_JSON = json(false);
export const REST_JSON = json(true);
export const CBOR = codec(new CborCodec());

const xmlCodecs = new Map<string, Codec>();

/** `xmlNamespace` goes to the root element; empty for none. */
export function xml(xmlNamespace: string): Codec {
  const before = xmlCodecs.get(xmlNamespace);
  if (before) return before;
  const timestampFormat = { useTrait: true, default: DATE_TIME } as const;
  const made = codec(
    new XmlCodec({ xmlNamespace, serviceNamespace: "", httpBindings: true, timestampFormat }),
  );
  xmlCodecs.set(xmlNamespace, made);
  return made;
}
