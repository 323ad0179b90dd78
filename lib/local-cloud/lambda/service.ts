import * as client from "@aws-sdk/client-lambda";
import { AwsError, type ServiceDefinition } from "../wire/service.ts";
import { type AsyncConfig, AsyncQueue } from "./async-queue.ts";
import type { FunctionSpec, Functions, InvokeCall } from "./function.ts";
import { Mishaps } from "./mishaps.ts";
import { keyOf, operations } from "./operations.ts";
import { Pool, type PoolOptions } from "./pool.ts";
import { RuntimeApi } from "./runtime-api.ts";

export type LambdaOptions = Omit<PoolOptions, "api" | "mishaps">;

export interface LambdaService extends Functions {
  readonly definition: ServiceDefinition;
  /** Functions that do not answer, processes that die. */
  readonly mishaps: Mishaps;
  /** The same region and name again replaces the function. */
  deploy(fn: FunctionSpec): void;
  /** Tells whoever asks at which URL a function answers. */
  showUrl(region: string, name: string, url: string | undefined): void;
  /** How asynchronous invocations of a function are retried. */
  configureAsync(region: string, name: string, config: AsyncConfig): void;
  /** An asynchronous invocation (InvocationType Event). Throws ResourceNotFoundException. */
  accept(call: InvokeCall): void;
  /**
   * Environments ahead of invocations, one a function unless told how many, as Lambda's proactive
   * initialisation does. Throws if one does not start.
   */
  warm(wanted?: (fn: FunctionSpec) => number | boolean): Promise<void>;
  functions(): readonly FunctionSpec[];
  /** `region/name` → SHA-256 (hexadecimal) of the code file, for every function that was started. */
  bundleHashes(): Readonly<Record<string, string>>;
  /** Ends every environment. */
  close(): Promise<void>;
}

/** Environments started at once by `warm`: more would only share the same few cores. */
const WARM_WIDTH = 4;

/** Lambda: functions from their folders, in child processes behind the Lambda Runtime API. */
export function lambdaService(options: LambdaOptions): LambdaService {
  const api = new RuntimeApi();
  const mishaps = new Mishaps();
  const pools = new Map<string, Pool>();
  const configs = new Map<string, AsyncConfig>();
  const urls = new Map<string, string | undefined>();
  const urlOf = (region: string, name: string) => urls.get(keyOf(region, name));
  const find = ({ region, name }: Pick<InvokeCall, "region" | "name">) => {
    const pool = pools.get(keyOf(region, name));
    if (pool) return pool;
    throw new AwsError(
      "ResourceNotFoundException",
      `Function not found: ${name} in ${region}`,
      404,
    );
  };
  const invoke = async (call: InvokeCall) => find(call).invoke(call.payload, call.trace);
  const queue = new AsyncQueue({
    ...options,
    functions: { invoke },
    configOf: ({ region, name }) => configs.get(keyOf(region, name)) ?? {},
  });
  const remove = (region: string, name: string) =>
    forget(keyOf(region, name), pools, [configs, urls]);
  const forgetAsync = (region: string, name: string) => void configs.delete(keyOf(region, name));
  const accept = (call: InvokeCall) => {
    find(call);
    queue.accept(call);
  };
  return {
    mishaps,
    definition: {
      name: "lambda",
      client,
      operations: operations({ pools, invoke, accept, urlOf, remove, forgetAsync }),
    },
    deploy(fn) {
      const key = keyOf(fn.region, fn.name);
      forget(key, pools);
      pools.set(key, new Pool(fn, { ...options, api, mishaps }));
    },
    showUrl: (region, name, url) => void urls.set(keyOf(region, name), url),
    configureAsync: (region, name, config) => configs.set(keyOf(region, name), config),
    accept,
    invoke,
    warm: (wanted = () => 1) => warm([...pools.values()], (fn) => Number(wanted(fn))),
    functions: () => [...pools.values()].map(({ fn }) => fn),
    bundleHashes: () =>
      Object.fromEntries(
        [...pools].flatMap(([key, { codeSha256 }]) => (codeSha256 ? [[key, codeSha256]] : [])),
      ),
    async close() {
      queue.close();
      mishaps.close();
      await Promise.all([...pools.values()].map((pool) => pool.close()));
      await api.close();
    },
  };
}

/** Ends what runs of a function. */
function forget(
  key: string,
  pools: Map<string, Pool>,
  books: readonly { delete(key: string): unknown }[] = [],
): void {
  void pools.get(key)?.close();
  for (const book of [pools, ...books]) book.delete(key);
}

async function warm(pools: readonly Pool[], wanted: (fn: FunctionSpec) => number): Promise<void> {
  const waiting = pools.values();
  const worker = async () => {
    for (const pool of waiting) await pool.warm(wanted(pool.fn));
  };
  await Promise.all(Array.from({ length: WARM_WIDTH }, worker));
}
