#!/usr/bin/env bash
# Installs the Debian packages of a list that are not there; where it may not, names them.
set -euo pipefail

missing=()
while read -r package; do
  case "$package" in '' | '#'*) continue ;; esac
  status=$(dpkg-query -W -f '${Status}' "$package" 2> /dev/null || true)
  [ "$status" = 'install ok installed' ] || missing+=("$package")
done < "$1"
[ ${#missing[@]} -gt 0 ] || exit 0

install=(apt-get install -y -qq --no-install-recommends "${missing[@]}")
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo > /dev/null || ! sudo -n true 2> /dev/null; then
    echo "these Debian packages are missing, and installing them needs root:" >&2
    echo "  sudo apt-get install ${missing[*]}" >&2
    exit 1
  fi
  sudo apt-get update -qq
  exec sudo env DEBIAN_FRONTEND=noninteractive "${install[@]}" > /dev/null
fi
echo "installing Debian packages: ${missing[*]}"
apt-get update -qq
DEBIAN_FRONTEND=noninteractive exec "${install[@]}" > /dev/null
