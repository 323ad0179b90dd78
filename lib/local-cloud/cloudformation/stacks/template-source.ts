import { parseDocument } from "yaml";
import { creationOrder, dependenciesOf } from "../order.ts";
import { messageOf } from "../refusal.ts";
import { isObject, type Template } from "../template.ts";
import { invalid } from "./book.ts";

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MOST_BYTES = 51_200;
const MOST_BYTES_IN_BUCKET = 1024 * 1024;
const MOST_RESOURCES = 500;

export interface Source {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
}

/** Text of an object in a bucket. */
export type ReadObject = (bucket: string, key: string) => Promise<string>;

/** The template's text, from the call or from the bucket it names. @throws AwsError ValidationError */
export async function templateText(
  { TemplateBody: body, TemplateURL: url }: Source,
  read: ReadObject,
): Promise<string> {
  if (body !== undefined) {
    if (Buffer.byteLength(body) <= MOST_BYTES) return body;
    throw invalid(`at 'templateBody': its length must be at most ${MOST_BYTES}; upload it to S3`);
  }
  const { bucket, key } = placeOf(url ?? "");
  const text = await read(bucket, key).catch((cause: unknown) => {
    throw invalid(`S3 error: ${messageOf(cause)}`);
  });
  if (Buffer.byteLength(text) <= MOST_BYTES_IN_BUCKET) return text;
  throw invalid(`Template may not exceed ${MOST_BYTES_IN_BUCKET} bytes in size.`);
}

/** This cloud's own S3: a client that was told its endpoint names it so. */
const LOOPBACK = "127.0.0.1";

/** `https://bucket.s3.region.amazonaws.com/key`, or the bucket as the path's beginning. */
function placeOf(url: string): { readonly bucket: string; readonly key: string } {
  const { hostname, pathname } = URL.parse(url) ?? { hostname: "", pathname: "" };
  const path = decodeURIComponent(pathname.slice(1));
  const [, virtual] = /^(?:(.+)\.)?s3[.-][a-z0-9-]+\.amazonaws\.com$/.exec(hostname) ?? [];
  const [first = "", ...rest] = path.split("/");
  const found =
    virtual === undefined ? { bucket: first, key: rest.join("/") } : { bucket: virtual, key: path };
  const isKnown = hostname === LOOPBACK || hostname.endsWith(".amazonaws.com");
  if (isKnown && found.bucket && found.key) return found;
  throw invalid("TemplateURL must be a supported URL.");
}

/** Reads JSON, or YAML with functions in their long form. @throws AwsError ValidationError */
export function parseTemplate(text: string): Template {
  const template = read(text);
  if (!isObject(template) || !isObject(template["Resources"])) {
    throw invalid("Template format error: At least one Resources member must be defined.");
  }
  const count = Object.keys(template["Resources"]).length;
  if (count > MOST_RESOURCES) {
    throw invalid(
      `Template format error: Number of resources, ${count}, is greater than maximum allowed, ${MOST_RESOURCES}`,
    );
  }
  checkNames(template);
  return template;
}

function read(text: string): unknown {
  if (text.trimStart().startsWith("{")) return readJson(text);
  const document = parseDocument(text);
  // A warning is a tag that is not known: `!Sub` and its like would be read as plain text.
  const [problem] = [...document.errors, ...document.warnings];
  if (!problem) return document.toJS();
  const [line] = problem.message.split("\n");
  throw invalid(`Template format error: ${line}; functions are read in their long form (Fn::Sub)`);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalid(`Template format error: JSON not well-formed. (${messageOf(cause)})`);
  }
}

function checkNames(template: Template): void {
  const { Resources = {}, Parameters = {} } = template;
  const known = new Set([...Object.keys(Resources), ...Object.keys(Parameters)]);
  const named = Object.values(Resources).flatMap(dependenciesOf);
  const strays = new Set(named.filter((name) => !name.startsWith("AWS::") && !known.has(name)));
  if (strays.size > 0) {
    throw invalid(
      `Template format error: Unresolved resource dependencies [${[...strays].join(", ")}] in the Resources block of the template`,
    );
  }
  try {
    creationOrder(template);
  } catch (cause) {
    throw invalid(`Circular dependency between resources: ${messageOf(cause)}`);
  }
}
