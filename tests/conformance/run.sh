#!/bin/sh
# Runs suites of the W3C against a host that `laurel serve --conformance` stands up: run.sh LOCAL_CONFIG SUITE...
set -eu
config=$(realpath "$1")
here=$(dirname "$(realpath "$0")")
shift
for suite in "$@"; do
    cp "$config" "$suite/localConfig.cjs"
    (cd "$suite" && NODE_TLS_REJECT_UNAUTHORIZED=0 npx mocha tests/ --reporter json --timeout 15000 2>/dev/null || true) |
        node "$here/figures.mjs" "$(basename "$suite")"
done
