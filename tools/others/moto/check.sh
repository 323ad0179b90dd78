#!/usr/bin/env bash
# Our adapters against servers that are not ours and not AWS: the same cases against moto and against the local cloud, then boto3 and the
# AWS CLI, clients that are not ours, against the local cloud. Fails on every difference that tools/others/moto/differences.ts does not list, and on every
# listed one that does not occur. Where no package index answers nothing is run, which is said; with CI set that is a failure.
# Python's tools live in a virtual environment of this script's own: $MOTO_VENV, else .cache/moto.
set -euo pipefail
cd "$(dirname "$0")/../../.."
export PATH="$PWD/node_modules/.bin:$PATH"

venv="${MOTO_VENV:-$PWD/.cache/moto}"
wanted=tools/others/moto/requirements.txt
out="$(mktemp -d)"
server=""
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$out"' EXIT
say() { printf -- '-- %s\n' "$*"; }

if ! cmp -s "$wanted" "$venv/requirements.txt"; then
  say "install moto, boto3, awscli"
  rm -rf "$venv"
  if ! { python3 -m venv "$venv" && "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted"; }; then
    echo "NOT RUN: moto, boto3 and awscli could not be installed; nothing was compared"
    [ -z "${CI:-}" ] && exit 0 || exit 1
  fi
  cp "$wanted" "$venv/requirements.txt"
fi

# Whatever else is said of AWS on this machine is not meant.
unset AWS_PROFILE AWS_DEFAULT_PROFILE AWS_SESSION_TOKEN AWS_ENDPOINT_URL
export PYTHONDONTWRITEBYTECODE=1 AWS_REGION=eu-central-1 AWS_DEFAULT_REGION=eu-central-1 AWS_EC2_METADATA_DISABLED=true AWS_CONFIG_FILE=/dev/null AWS_SHARED_CREDENTIALS_FILE=/dev/null

say "moto"
port="$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')"
MOTO_ACCOUNT_ID=111111111111 "$venv/bin/moto_server" -H 127.0.0.1 -p "$port" > "$out/moto.log" 2>&1 &
server=$!
python3 - "$port" <<'PY'
import socket, sys, time
for _ in range(600):
    try:
        socket.create_connection(("127.0.0.1", int(sys.argv[1])), 1).close()
        sys.exit(0)
    except OSError:
        time.sleep(0.1)
sys.exit("moto does not listen")
PY
# Moto does at once whatever it does: at this pace nobody waits long for what it never does.
AWS_ENDPOINT_URL="http://127.0.0.1:$port" AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local \
  node tools/others/moto/answers.ts 30 > "$out/moto.json"

say "local cloud"
node tools/others/moto/local-cloud.ts node tools/others/moto/answers.ts > "$out/local.json"

say "differences"
node tools/others/moto/compare.ts "$out/moto.json" "$out/local.json"

say "boto3 against the local cloud"
node tools/others/moto/local-cloud.ts "$venv/bin/python" tools/others/moto/boto.py

say "the AWS CLI against the local cloud"
node tools/others/moto/local-cloud.ts "$venv/bin/python" tools/others/moto/cli/run.py
