import { describe, expect, it, test } from "vitest";
import { DEFAULTS, patroniConfiguration, SMALLEST } from "../../bench/patroni/settings.ts";

const configured = (settings = SMALLEST) =>
  patroniConfiguration({
    name: "one",
    address: "127.20.1.2",
    etcdAddress: "127.20.1.1",
    dataDirectory: "/srv/bench/one/data",
    passwordFile: "/srv/bench/one/pgpass",
    binDirectory: "/usr/lib/postgresql/15/bin",
    password: "secret",
    settings,
  });

describe("patroniConfiguration", () => {
  test.for([
    ["its smallest workable setting", SMALLEST, { ttl: 5, loop_wait: 1, retry_timeout: 2 }],
    ["its defaults", DEFAULTS, { ttl: 30, loop_wait: 10, retry_timeout: 10 }],
  ] as const)("gives Patroni %s", ([, settings, expected]) => {
    expect(configured(settings).bootstrap.dcs).toMatchObject(expected);
  });

  it("listens on its own loopback address only", () => {
    const { restapi, postgresql, etcd3 } = configured();
    expect([restapi.listen, postgresql.listen]).toEqual(["127.20.1.2:8008", "127.20.1.2:5432"]);
    expect(etcd3.hosts).toEqual(["127.20.1.1:2379"]);
    expect(postgresql.parameters.unix_socket_directories).toBe("");
  });

  it("lets nobody in without a password", () => {
    for (const rule of configured().bootstrap.pg_hba) expect(rule).toMatch(/ scram-sha-256$/);
  });
});
