#!/bin/sh
# Installs the oracles into a folder: ./install.sh DESTINATION
# Quiet, and does nothing when the folder is up to date already.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
destination=$(cd "$1" && pwd)

cd "$here"
cp ./*.mjs ./*.py package.json package-lock.json requirements.txt "$destination"/
stamp=$(cat package-lock.json requirements.txt | sha256sum | cut -d' ' -f1)
cd "$destination"
if [ -f installed ] && [ "$(cat installed)" = "$stamp" ]; then
    exit 0
fi
npm ci --silent --no-audit --no-fund --ignore-scripts
if [ ! -x venv/bin/python ]; then
    python3 -m venv venv
fi
venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
echo "$stamp" > installed
