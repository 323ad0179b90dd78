import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { afterEach, describe, expect, it } from "vitest";
import { clockFrom } from "../../../functions/kernel/clock.ts";
import { LOOPBACK, PUBLIC, reachFrom } from "../../../functions/webhook/addresses.ts";
import { sender } from "../../../functions/webhook/post.ts";
import { createAuthority } from "../../../lib/local-cloud/certificates.ts";
import { Receiver } from "./receiver.ts";

/** Ten seconds of an answer are two here. */
const quick = clockFrom({ SLA_PACE: "60" });
const send = sender(quick, LOOPBACK);
const parcel = (url: string) => ({ url, headers: { "webhook-id": "e1" }, body: '{"ü":1}' });

describe("a request to a webhook", () => {
  it("is a POST of JSON that any 2xx takes", async () => {
    await using receiver = await new Receiver().open();
    expect(await send(parcel(receiver.url))).toEqual({ ok: true, status: 204, said: "" });
    expect(receiver.came).toMatchObject([
      { body: '{"ü":1}', headers: { "webhook-id": "e1", "content-type": "application/json" } },
    ]);
  });

  it("is not taken by a 500, of which a few plain words are kept", async () => {
    await using receiver = await new Receiver().open();
    receiver.answers = (response) =>
      void response.writeHead(500).end(`\u001b[31mno\n${"x".repeat(5000)}`);
    const answer = await send(parcel(receiver.url));
    expect(answer).toMatchObject({
      ok: false,
      status: 500,
      said: expect.stringMatching(/^\[31mno xxx/),
    });
    expect(answer.said.length).toBeLessThanOrEqual(200);
  });

  it("follows no redirect", async () => {
    await using elsewhere = await new Receiver().open();
    await using receiver = await new Receiver().open();
    receiver.answers = (response) =>
      void response.writeHead(307, { location: elsewhere.url }).end();
    expect(await send(parcel(receiver.url))).toEqual({
      ...{ ok: false, status: 307, said: "a redirect, which is not followed" },
    });
    expect(elsewhere.came).toEqual([]);
  });

  it("gives up a receiver that says nothing, or dribbles", async () => {
    await using receiver = await new Receiver().open();
    receiver.answers = () => undefined;
    const said = "no answer within 10 seconds";
    expect(await send(parcel(receiver.url))).toEqual({ ok: false, said });
  });

  it("goes by the status of one that does not end what it says", async () => {
    await using receiver = await new Receiver().open();
    receiver.answers = (response) => void response.writeHead(200).write("well");
    expect(await send(parcel(receiver.url))).toMatchObject({ ok: true, status: 200 });
  });

  it("says that nobody listens, or that the connection broke", async () => {
    await using receiver = await new Receiver().open();
    const { url } = receiver;
    receiver.answers = (response) => void response.destroy();
    expect(await send(parcel(url))).toMatchObject({
      ok: false,
      said: expect.stringMatching(/ECONNRESET/),
    });
    await receiver[Symbol.asyncDispose]();
    expect(await send(parcel(url))).toMatchObject({
      ok: false,
      said: expect.stringMatching(/ECONNREFUSED/),
    });
  });
});

describe("a receiver with https", () => {
  const trusted = getCACertificates("default");
  afterEach(() => setDefaultCACertificates(trusted));

  const asked = async (names: readonly string[], isTrusted: boolean) => {
    const authority = await createAuthority();
    if (isTrusted) setDefaultCACertificates([...trusted, authority.caPem]);
    const { certPem: cert, keyPem: key } = await authority.issue(names);
    await using receiver = await new Receiver({ key, cert }).open();
    const answer = await send(parcel(receiver.url));
    return { ...answer, came: receiver.came.length };
  };

  it("is told over a certificate of its own name, by an authority that is known", async () => {
    expect(await asked(["127.0.0.1"], true)).toMatchObject({ ok: true, came: 1 });
  });

  it.each([
    ["for another name", ["pager.example"], true, /ALTNAME|does not match/],
    ["by an authority that nobody knows", ["127.0.0.1"], false, /unable to verify|self-signed/i],
  ] as const)("gets nothing over a certificate %s", async (_, names, isTrusted, said) => {
    const answer = await asked(names, isTrusted);
    expect(answer).toMatchObject({ ok: false, came: 0, said: expect.stringMatching(said) });
  });
});

describe("where a function may send", () => {
  it("is https and the public internet alone, on AWS", async () => {
    const onAws = sender(quick, PUBLIC);
    await using receiver = await new Receiver().open();
    expect(await onAws(parcel(receiver.url))).toMatchObject({
      said: expect.stringMatching(/only https is/),
    });
    const secure = receiver.url.replace("http:", "https:");
    expect(await onAws(parcel(secure))).toMatchObject({ said: "127.0.0.1 is no public address" });
    const byName = secure.replace("127.0.0.1", "localhost");
    expect(await onAws(parcel(byName))).toMatchObject({
      said: expect.stringMatching(/localhost is .* no public address/),
    });
    expect(receiver.came).toEqual([]);
  });

  it("is this machine alone, on the local cloud", async () => {
    expect(await send(parcel("https://93.184.216.34/"))).toMatchObject({
      said: "93.184.216.34 is no loopback address",
    });
  });

  it("follows from where AWS is said to be", () => {
    expect(reachFrom(undefined)).toBe(PUBLIC);
    expect(reachFrom("https://sns.eu-west-1.amazonaws.com")).toBe(PUBLIC);
    expect(reachFrom("http://127.0.0.1:4566")).toBe(LOOPBACK);
  });

  it.each([
    ...["0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.31.0.1"],
    ...["192.168.1.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1"],
    ...["fd00:ec2::254", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "2001::1"],
    ...["ff02::1", "2001:db8::1", "fe80::1%eth0", "localhost", ""],
  ])("is not %s", (address) => {
    expect(PUBLIC.allows(address)).toBe(false);
  });

  it.each(["93.184.216.34", "8.8.8.8", "172.32.0.1", "100.128.0.1", "2606:2800:220:1::1"])(
    "is %s",
    (address) => {
      expect(PUBLIC.allows(address)).toBe(true);
    },
  );
});
