import type { PutObjectRequest } from "@aws-sdk/client-s3";
import type { CallContext } from "../wire/service.ts";
import type { Bodies } from "./bodies.ts";
import type { Buckets } from "./buckets.ts";
import { conditionally } from "./conditional.ts";
import { described, make, written } from "./making.ts";
import { checkReceived, wanted } from "./receiving.ts";

export function putOperations(buckets: Buckets, bodies: Bodies) {
  return {
    async PutObject(input: PutObjectRequest, { region }: CallContext) {
      const bucket = buckets.get(input.Bucket ?? "", region);
      return conditionally(bucket, input.Key ?? "", input, async () => {
        const received = await bodies.receive(input.Body, wanted({ ...input }));
        const abandon = () => received.body.discard();
        try {
          const checksums = checkReceived(input, received);
          const etag = `"${received.md5.toString("hex")}"`;
          const making = { ...described(input), etag, checksums };
          return { commit: () => written(make(bucket, received.body, making)), abandon };
        } catch (cause) {
          abandon();
          throw cause;
        }
      });
    },
  };
}
