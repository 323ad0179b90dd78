import { FILES } from "../../functions/freeze/contract.ts";

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

/**
 * Dumps into the pipe `archive`. While it streams, one `pg_restore` lists what is in it and another reads it to its end, so
 * that a dump which cannot be read is never kept. Then it tells all exit codes, and stays until the upload is over.
 */
export const DUMP = `${needs("pg_dump", "pg_restore")}${PIPES}
mkfifo list whole || exit 70
{ pg_restore --list > ${FILES.contents}; code=$?; cat > /dev/null; exit $code; } < list & lister=$!
{ pg_restore --file=/dev/null; code=$?; cat > /dev/null; exit $code; } < whole & reader=$!
# The proof of the content has left it there, and where this is restored only an administrator could make it. Since version 17.
case "$(pg_dump --help)" in *--exclude-extension*) without=--exclude-extension=amcheck ;; esac
pg_dump --format=custom --compress=1 --no-password $without | tee list whole > archive
dumped=$?
wait $lister; listed=$?
wait $reader; read=$?
echo "pg_dump ended with $dumped, pg_restore --list with $listed, reading it all with $read" >&2
echo "$dumped $listed $read" > verdict
read -r _ < done
[ "$dumped $listed $read" = "0 0 0" ]
`;

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
