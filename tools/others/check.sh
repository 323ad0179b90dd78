#!/usr/bin/env bash
# What tools that are not ours say of what is deployed and of what it is made of. Fails on every finding without a written
# reason in tools/others/reasons.ts, and on every reason without a finding.
# Python's tools live in a virtual environment of this script's own: $OTHERS_VENV, else .cache/others.
set -euo pipefail
cd "$(dirname "$0")/../.."
export PATH="$PWD/node_modules/.bin:$PATH"

venv="${OTHERS_VENV:-$PWD/.cache/others}"
out="$(mktemp -d)"
trap 'rm -rf "$out"' EXIT
say() { printf -- '-- %s\n' "$*"; }

if ! cmp -s tools/others/requirements.txt "$venv/requirements.txt"; then
  say "install cfn-lint, checkov, cloudsplaining"
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check -r tools/others/requirements.txt
  cp tools/others/requirements.txt "$venv/requirements.txt"
fi

say "templates"
node tools/others/templates.ts "$out/templates"

say "cfn-lint"
"$venv/bin/cfn-lint" --format json "$out"/templates/*.template.json > "$out/cfn-lint.json" || true

say "checkov"
"$venv/bin/checkov" --directory "$out/templates" --framework cloudformation --output json --quiet --compact \
  --skip-download > "$out/checkov.json" || true

say "cloudsplaining"
"$venv/bin/python" tools/others/policies.py "$out"/templates/*.template.json > "$out/policies.json"

say "findings"
node tools/others/findings.ts "$out/cfn-lint.json" "$out/checkov.json" "$out/policies.json"

say "asl-validator"
node tools/others/definitions.ts "$out"/templates/*.template.json

say "licences"
node tools/others/licences.ts package-lock.json

say "SBOM"
# Whole: without what is for development npm leaves out some that are for both.
npm sbom --sbom-format cyclonedx > "$out/sbom.json" 2>/dev/null
node tools/others/sbom.ts "$out/sbom.json" package-lock.json

say "npm audit"
if npm audit --omit=dev --json > "$out/audit.json" 2>/dev/null; then
  echo "no known vulnerabilities"
elif grep -q '"vulnerabilities"' "$out/audit.json"; then
  npm audit --omit=dev
  exit 1
else
  # A registry without advisories says nothing of vulnerabilities; whoever has one that does is told.
  echo "not asked: the registry answers no audits"
fi
