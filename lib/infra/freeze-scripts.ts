import { FILES } from "../../functions/freeze/contract.ts";
import { SERVER_SCHEMAS } from "../../functions/sql/contract.ts";
import type { DumpedEngine } from "../sla/dump-formats.ts";

function needs(...programs: readonly string[]): string {
  return programs
    .map(
      (name) => `command -v ${name} > /dev/null || { echo "${name}: not found" >&2; exit 127; }\n`,
    )
    .join("");
}

/** Named pipes in the volume that both containers work in; whoever is first makes them. */
const PIPES = `
set -o pipefail
for pipe in archive verdict done; do mkfifo $pipe 2>/dev/null || [ -p $pipe ] || exit 70; done
`;

/** Tells all exit codes, and stays until the upload is over. */
const VERDICT = `
echo "$dumped $listed $read" > verdict
read -r _ < done
[ "$dumped $listed $read" = "0 0 0" ]
`;

/**
 * Dumps into the pipe `archive`. While it streams, one `pg_restore` lists what is in it and another reads it to its end, so
 * that a dump which cannot be read is never kept.
 */
const ARCHIVE = `${needs("pg_dump", "pg_restore")}${PIPES}
mkfifo list whole || exit 70
{ pg_restore --list > ${FILES.contents}; code=$?; cat > /dev/null; exit $code; } < list & lister=$!
{ pg_restore --file=/dev/null; code=$?; cat > /dev/null; exit $code; } < whole & reader=$!
# The proof of the content has left it there, and where this is restored only an administrator could make it. Since version 17.
case "$(pg_dump --help)" in *--exclude-extension*) without=--exclude-extension=amcheck ;; esac
pg_dump --format=custom --compress=1 --no-password $without | tee list whole > archive
dumped=$?
wait $lister; listed=$?
wait $reader; read=$?
echo "pg_dump ended with $dumped, pg_restore --list with $listed, reading it all with $read" >&2${VERDICT}`;

/** Environment variable with the certificates of RDS's authorities: no image has them. */
export const AUTHORITIES = "RDS_AUTHORITIES";

/** For a shell, as one word. */
const word = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

const NOT_THE_SERVERS = `table_schema not in (${SERVER_SCHEMAS.map((name) => `'${name}'`).join(", ")})`;

const DATABASES = `select schema_name from information_schema.schemata
  where ${NOT_THE_SERVERS.replace("table_schema", "schema_name")} order by 1`;

/** What a dump within one transaction does not hold still, as comments beside its own; 96 is the backtick. */
const WITHOUT_TRANSACTIONS = `select concat('-- Without transactions: ', quoted_schema, '.', quoted_table, ' (', engine, ')')
  from (select engine, table_schema,
    concat(char(96 using utf8mb4), replace(table_schema, char(96 using utf8mb4), repeat(char(96 using utf8mb4), 2)), char(96 using utf8mb4)) as quoted_schema,
    concat(char(96 using utf8mb4), replace(table_name, char(96 using utf8mb4), repeat(char(96 using utf8mb4), 2)), char(96 using utf8mb4)) as quoted_table
    from information_schema.tables where table_type in ('BASE TABLE', 'SYSTEM VERSIONED')) as named
  where engine not in (select engine from information_schema.engines where transactions = 'YES')
    and ${NOT_THE_SERVERS} order by 1`;

/** Comments that say what is in a dump, and its last line, which says that it is whole. */
const SHOWN = [
  "/^-- (MariaDB|MySQL) dump /p",
  "/^-- Server version/p",
  "/^-- Current Database: /p",
  "/^-- (Table|Final view|Sequence) structure for /p",
  "$p",
];

interface SqlClient {
  readonly client: string;
  readonly dumper: string;
  /** By which the server has to prove that it is who is asked. */
  readonly identity: string;
  /** What its dumper does otherwise that only an administrator could restore, or not every server. */
  readonly without: readonly string[];
}

/**
 * Likewise, as text of SQL. What was compressed is what is read: unpacked again, down to the line that only a whole dump ends with. All
 * databases of customers are in it, of one moment as far as their engines have transactions; also rows of more than the 24 MB at which its
 * dumper gives up by itself.
 */
const sqlDump = ({ client, dumper, identity, without }: SqlClient) =>
  `${needs(client, dumper, "gzip", "sed")}${PIPES}
export LC_ALL=C
printf '%s\\n' "$${AUTHORITIES}" > authorities || exit 70
server=(--host="$MYSQL_HOST" --port="$MYSQL_TCP_PORT" --protocol=tcp --user="$MYSQL_USER" --ssl-ca=authorities ${identity} --default-character-set=utf8mb4)
# Whoever prepared the image, or the machine, has no say.
ask() { ${client} --no-defaults "\${server[@]}" --batch --raw --skip-column-names --execute="$1"; }
ask ${word(DATABASES)} > databases || exit 1
ask ${word(WITHOUT_TRANSACTIONS)} > untransacted || exit 1
mapfile -t databases < databases
[ \${#databases[@]} -gt 0 ] || { echo "there is no database of a customer" >&2; exit 1; }
mkfifo whole || exit 70
{ gzip -dc | sed -n -E ${SHOWN.map((each) => `-e '${each}'`).join(" ")} > listed; code=$?; cat > /dev/null; exit $code; } < whole & reader=$!
${dumper} --no-defaults "\${server[@]}" --single-transaction --quick --routines --triggers --events --hex-blob --max-allowed-packet=1G --no-tablespaces --skip-dump-date ${without.join(" ")} --databases -- "\${databases[@]}" | gzip -1 | tee whole > archive
dumped=$?
wait $reader; read=$?
[[ "$(tail -n 1 listed)" == "-- Dump completed"* ]]; listed=$?
cat listed untransacted > ${FILES.contents} || exit 70
echo "${dumper} ended with $dumped, looking for its last line with $listed, reading it all with $read" >&2${VERDICT}`;

/** By engine: each is dumped by the program of whoever makes its server. */
export const DUMPS: Readonly<Record<DumpedEngine, string>> = {
  postgres: ARCHIVE,
  mariadb: sqlDump({
    ...{ client: "mariadb", dumper: "mariadb-dump" },
    ...{ identity: "--ssl-verify-server-cert", without: [] },
  }),
  mysql: sqlDump({
    ...{ client: "mysql", dumper: "mysqldump" },
    identity: "--ssl-mode=VERIFY_IDENTITY",
    without: ["--set-gtid-purged=OFF", "--skip-column-statistics"],
  }),
};

/**
 * Sends what comes out of `archive` to S3 in parts, and counts and hashes it on the way. The end of the stream is kept from
 * S3 until the verdict is known: an upload that is not completed leaves no object, a locked one would stay for months.
 */
export const UPLOAD = `${needs("aws")}${PIPES}
printf '[default]\\ns3 =\\n  multipart_chunksize = 128MB\\n  max_concurrent_requests = 4\\n' > config
export AWS_CONFIG_FILE=config
# Older command lines do not read this variable; on AWS it is not set.
endpoint=\${AWS_ENDPOINT_URL:+--endpoint-url=$AWS_ENDPOINT_URL}
to=s3://$BUCKET/$FOLDER
mkfifo hashed counted sent || exit 70
sha256sum < hashed > sha256 & hasher=$!
wc -c < counted > bytes & counter=$!
aws $endpoint s3 cp - $to/${FILES.dump} --storage-class GLACIER_IR --only-show-errors < sent & sender=$!
exec 3> sent
tee hashed counted >&3 < archive
read -r verdict < verdict
if [ "$verdict" != "0 0 0" ]; then
  echo "the dump is not complete: nothing is kept of it" >&2
  kill $sender; wait $sender
  exit 1
fi
exec 3>&-
wait $sender && wait $hasher && wait $counter || exit 1
read -r sum _ < sha256
aws $endpoint s3 cp ${FILES.contents} $to/${FILES.contents} --only-show-errors || exit 1
printf '{"sha256":"%s","bytes":%d}' $sum $(cat bytes) > ${FILES.receipt}
aws $endpoint s3 cp ${FILES.receipt} $to/${FILES.receipt} --only-show-errors || exit 1
: > done
`;
