import type {
  ListResourceRecordSetsCommandInput,
  ListResourceRecordSetsCommandOutput,
} from "@aws-sdk/client-route-53";
import { AwsError } from "../wire/service.ts";
import { compare, inOrder, type RecordBook } from "./record-book.ts";

/** AWS's page size, and its limit of it. */
const MAX_ITEMS = 300;

type Page = Omit<ListResourceRecordSetsCommandOutput, "$metadata">;

/** One page from the asked record set on, in Route 53's order; the next page begins with `Next…`. */
export function listRecords(book: RecordBook, input: ListResourceRecordSetsCommandInput): Page {
  const { StartRecordName, StartRecordType, StartRecordIdentifier } = input;
  if (StartRecordType !== undefined && StartRecordName === undefined) {
    throw new AwsError("InvalidInput", "The input is not valid: a type needs a name to start at");
  }
  const start = {
    Name: StartRecordName,
    Type: StartRecordType,
    SetIdentifier: StartRecordIdentifier,
  };
  const from = inOrder(book).filter(
    (set) => StartRecordName === undefined || compare(set, start) >= 0,
  );
  const size = Math.min(input.MaxItems ?? MAX_ITEMS, MAX_ITEMS);
  const next = from[size];
  return {
    ResourceRecordSets: from.slice(0, size),
    IsTruncated: next !== undefined,
    MaxItems: size,
    NextRecordName: next?.Name,
    NextRecordType: next?.Type,
    NextRecordIdentifier: next?.SetIdentifier,
  };
}
