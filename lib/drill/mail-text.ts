/** The text of an `.eml` file of the local cloud: one part, as it is or quoted-printable. */
export function mailText(eml: string): string {
  const end = eml.search(/\r?\n\r?\n/);
  const [head, body] = [eml.slice(0, end), eml.slice(end)];
  if (!/^content-transfer-encoding: quoted-printable/im.test(head)) return body.trim();
  const bytes = body
    .replaceAll(/=\r?\n/g, "")
    .replaceAll(/=([0-9A-F]{2})/g, (_, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    );
  return Buffer.from(bytes, "latin1").toString().trim();
}
