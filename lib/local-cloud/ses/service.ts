import * as client from "@aws-sdk/client-sesv2";
import type { PostOffice } from "../mail/post-office.ts";
import { AwsError, type CallContext, type ServiceDefinition } from "../wire/service.ts";

/** SES, version 2: mails of senders that were made known, as `.eml` files. An identity counts as verified at once. */
export function sesService({ post }: { readonly post: PostOffice }): {
  readonly definition: ServiceDefinition;
} {
  const senders = new Set<string>();
  const nameIn = (region: string, identity: string) => `${region} ${identity.toLowerCase()}`;
  const isKnown = (region: string, address: string) =>
    [address, address.slice(address.lastIndexOf("@") + 1)].some((each) =>
      senders.has(nameIn(region, each)),
    );
  return {
    definition: {
      name: "ses",
      client,
      operations: {
        async CreateEmailIdentity(
          { EmailIdentity = "" }: client.CreateEmailIdentityRequest,
          { region }: CallContext,
        ) {
          const name = nameIn(region, EmailIdentity);
          if (senders.has(name)) {
            throw new AwsError("AlreadyExistsException", `${EmailIdentity} already exists.`, 400);
          }
          senders.add(name);
          return { IdentityType: typeOf(EmailIdentity), VerifiedForSendingStatus: true };
        },

        async GetEmailIdentity(
          { EmailIdentity = "" }: client.GetEmailIdentityRequest,
          { region }: CallContext,
        ) {
          if (!senders.has(nameIn(region, EmailIdentity))) {
            throw new AwsError("NotFoundException", `${EmailIdentity} does not exist.`, 404);
          }
          return { IdentityType: typeOf(EmailIdentity), VerifiedForSendingStatus: true };
        },

        async DeleteEmailIdentity(
          { EmailIdentity = "" }: client.DeleteEmailIdentityRequest,
          { region }: CallContext,
        ) {
          if (senders.delete(nameIn(region, EmailIdentity))) return {};
          throw new AwsError("NotFoundException", `${EmailIdentity} does not exist.`, 404);
        },

        async SendEmail(input: client.SendEmailRequest, { region, trace }: CallContext) {
          const { name, address } = senderOf(input.FromEmailAddress ?? "");
          if (!isKnown(region, address)) {
            throw new AwsError(
              "MessageRejected",
              `Email address is not verified. The following identities failed the check in region ${region.toUpperCase()}: ${address}`,
              400,
            );
          }
          const { subject, text, html, attachments } = contentOf(input);
          for (const to of recipientsOf(input)) {
            post.send({
              ...{ service: "ses", from: { name, address }, to, subject, text, region, trace },
              ...(html !== undefined && { html }),
              ...(attachments && { attachments }),
              event: "EmailDelivered",
            });
          }
          return { MessageId: crypto.randomUUID() };
        },
      },
    },
  };
}

const typeOf = (identity: string) => (identity.includes("@") ? "EMAIL_ADDRESS" : "DOMAIN");

/** `Mintsys <sla@mintsys.example>`, or the address alone. */
function senderOf(from: string): { readonly name: string; readonly address: string } {
  const { name = "", address = from } =
    /^"?(?<name>.*?)"? *<(?<address>.*)>$/.exec(from)?.groups ?? {};
  return { name, address };
}

function recipientsOf({ Destination }: client.SendEmailRequest): readonly string[] {
  const { ToAddresses = [], CcAddresses = [], BccAddresses = [] } = Destination ?? {};
  const all = [...ToAddresses, ...CcAddresses, ...BccAddresses];
  if (all.length === 0) throw new AwsError("BadRequestException", "Destination is empty.", 400);
  if (all.length > 50) {
    throw new AwsError("BadRequestException", "Recipient count exceeds 50.", 400);
  }
  return all;
}

/** Only what is neither raw nor a template; anything else is refused by name. */
function contentOf({ Content }: client.SendEmailRequest) {
  const { Simple } = Content ?? {};
  if (!Simple) {
    throw new AwsError("BadRequestException", "The local cloud sends Simple content only.", 400);
  }
  const { Subject, Body, Attachments } = Simple;
  if (/[\r\n]/.test(Subject?.Data ?? "")) {
    throw new AwsError("BadRequestException", "Subject must not have line breaks.", 400);
  }
  return {
    subject: Subject?.Data ?? "",
    text: Body?.Text?.Data ?? "",
    html: Body?.Html?.Data,
    attachments: Attachments?.map(({ FileName, ContentType, RawContent }) => ({
      filename: FileName ?? "",
      content: Buffer.from(RawContent ?? []),
      ...(ContentType !== undefined && { contentType: ContentType }),
    })),
  };
}
