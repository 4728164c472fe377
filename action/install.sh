#!/usr/bin/env bash
# Finds, downloads or builds the program, and puts it on the PATH of this job.
#
# What is downloaded has to have the SHA-256 that checksums.txt says, which is part of the same commit as this script: whoever pins the action
# by its hash pins the program, too. What that table does not know is built from the source beside it, or refused.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
# shellcheck source=action/say.sh
. "$root/action/say.sh"

temporary="${RUNNER_TEMP:-${TMPDIR:-/tmp}}"
releases="${TABLEWRIGHT_RELEASES:-https://github.com/tablewright/tablewright/releases/download}"

# The version of this checkout.
own_version() {
  sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1
}

# What this machine runs, as releases call it; nothing where there is no release for it.
target() {
  case "${RUNNER_OS:-$(uname -s)}-${RUNNER_ARCH:-$(uname -m)}" in
    Linux-X64 | Linux-x86_64) echo x86_64-unknown-linux-musl ;;
    Linux-ARM64 | Linux-aarch64) echo aarch64-unknown-linux-musl ;;
    macOS-X64 | Darwin-x86_64) echo x86_64-apple-darwin ;;
    macOS-ARM64 | Darwin-arm64) echo aarch64-apple-darwin ;;
    Windows-X64) echo x86_64-pc-windows-msvc ;;
    Windows-ARM64) echo aarch64-pc-windows-msvc ;;
  esac
}

# The SHA-256 that the table has for an archive; nothing where it has none.
checksum() {
  awk -v name="$1" '$2 == name { print $1; exit }' "$root/action/checksums.txt"
}

sha256() {
  if command -v sha256sum > /dev/null; then
    sha256sum < "$1" | cut -d ' ' -f 1
  else
    shasum -a 256 < "$1" | cut -d ' ' -f 1
  fi
}

# Downloads $1 to $2.
download() {
  # Only https, but for a server on this machine.
  local protocols="=https"
  case "$1" in http://127.0.0.1:*) protocols="=http" ;; esac
  if command -v curl > /dev/null; then
    curl --proto "$protocols" --tlsv1.2 --fail --silent --show-error --location --retry 3 --max-time 300 --output "$2" -- "$1" 2>&1
  else
    wget -q -O "$2" -- "$1" 2>&1
  fi
}

# Downloads the archive $2 of the release $1, which has to have the checksum $3, and sets `program`. Fails where it cannot be had at all.
fetch() {
  local folder archive="$temporary/$2" actual said
  if ! said="$(download "$releases/v$1/$2" "$archive")"; then
    printf 'cannot download %s: %s\n' "$2" "$said"
    return 1
  fi
  actual="$(sha256 "$archive")"
  if [ "$actual" != "$3" ]; then
    rm -f -- "$archive"
    fail "the SHA-256 of $2 is $actual instead of $3: it is not the archive that this version of the action knows, and was not unpacked"
  fi
  folder="$(mktemp -d "$temporary/tablewright.XXXXXX")"
  tar -xzf "$archive" -C "$folder" --strip-components 1
  rm -f -- "$archive"
  program="$folder/tablewright"
  [ -x "$program" ] || program="$folder/tablewright.exe"
}

# Builds the source beside this script, and sets `program`.
build() {
  command -v cargo > /dev/null || fail "$1, and cannot build it: cargo is not installed"
  printf '%s: building it\n' "$1"
  local folder="${CARGO_TARGET_DIR:-$temporary/tablewright-target}"
  # Not from the workspace: cargo heeds the settings around its working directory, which could come from a pull request.
  (cd "$root" && cargo build --release --locked --quiet --target-dir "$folder")
  program="$folder/release/tablewright"
  [ -x "$program" ] || program="$folder/release/tablewright.exe"
}

program=""
version="${INPUT_VERSION#v}"
if [ -n "$INPUT_BINARY" ]; then
  [ -z "$INPUT_VERSION" ] || fail "the inputs \`binary\` and \`version\` exclude each other"
  if [ -f "$INPUT_BINARY" ] && [ -x "$INPUT_BINARY" ]; then
    program="$(cd -- "$(dirname -- "$INPUT_BINARY")" && pwd)/$(basename -- "$INPUT_BINARY")"
  else
    fail "the input \`binary\` is no program: $INPUT_BINARY"
  fi
elif [ "$version" = source ]; then
  build "the input \`version\` asks for the source"
else
  wanted="${version:-$(own_version)}"
  [[ "$wanted" =~ ^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$ ]] || fail "the input \`version\` is no version: $wanted"
  target="$(target)"
  archive="tablewright-$wanted-$target.tar.gz"
  expected="$(checksum "$archive")"
  if [ -n "$expected" ] && fetch "$wanted" "$archive" "$expected"; then
    printf 'tablewright %s for %s, as its checksum says\n' "$wanted" "$target"
  elif [ "$wanted" != "$(own_version)" ]; then
    [ -z "$expected" ] || fail "cannot download tablewright $wanted"
    fail "this version of the action knows no checksum of tablewright $wanted for ${target:-this machine}"
  elif [ -n "$expected" ]; then
    build "tablewright $wanted cannot be downloaded"
  else
    build "this version of the action knows no checksum of tablewright $wanted for ${target:-this machine}"
  fi
fi

said="$("$program" --version)" || fail "$program does not run"
output version "${said#tablewright }"
output path "$program"
dirname -- "$program" >> "$GITHUB_PATH"
