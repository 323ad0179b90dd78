/** Fields of every state in JSONata. */
const COMMON = ["Type", "Comment", "QueryLanguage"];
const FLOW = [...COMMON, "Next", "End", "Output", "Assign"];
const GUARDED = [...FLOW, "Retry", "Catch"];

/** Which fields a state may have here, by its type. */
export const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Task: [...GUARDED, "Resource", "Arguments", "TimeoutSeconds", "HeartbeatSeconds"],
  Pass: FLOW,
  Wait: [...FLOW, "Seconds", "Timestamp"],
  Choice: [...COMMON, "Output", "Assign", "Choices", "Default"],
  Parallel: [...GUARDED, "Branches", "Arguments"],
  Map: [...GUARDED, "Items", "ItemSelector", "ItemProcessor", "MaxConcurrency", "Label"],
  Succeed: [...COMMON, "Output"],
  Fail: [...COMMON, "Error", "Cause"],
};

/** Fields that exist in JSONPath only: their presence says which language the author wrote. */
export const JSONPATH_FIELDS: ReadonlySet<string> = new Set([
  "InputPath",
  "OutputPath",
  "ResultPath",
  "ResultSelector",
  "Parameters",
  "Result",
  "ItemsPath",
  "SecondsPath",
  "TimestampPath",
  "TimeoutSecondsPath",
  "HeartbeatSecondsPath",
  "MaxConcurrencyPath",
  "ErrorPath",
  "CausePath",
  "Iterator",
]);
