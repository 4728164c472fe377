#!/usr/bin/env bash
# Runs the program once and hands on what it says: pictures in the log, annotations, a summary, SARIF, and the outputs of the action.
#
# Inputs come as variables and become words of an array; none is ever read by a shell again.
set -euo pipefail

# shellcheck source=action/say.sh
. "$(dirname "${BASH_SOURCE[0]}")/say.sh"

# Reads the lines of $1 that are not blank into `lines`.
lines=()
read_lines() {
  lines=()
  local line
  while IFS= read -r line || [ -n "$line" ]; do
    line="${line%$'\r'}"
    [ -z "${line//[[:blank:]]/}" ] || lines+=("$line")
  done <<< "$1"
}

# Whether the input named $1 with the value $2 says yes.
is_true() {
  case "$2" in
    true) return 0 ;;
    false) return 1 ;;
    *) fail "the input \`$1\` is neither \`true\` nor \`false\`: $2" ;;
  esac
}

# The commit with which to compare; empty where everything is to be reported.
base=""
find_base() {
  local head
  case "$INPUT_CHANGED_ONLY:$GITHUB_EVENT_NAME" in
    false:* | auto:push) return ;;
    auto:pull_request | auto:merge_group | true:*) ;;
    auto:*) return ;;
    *) fail "the input \`changed-only\` is none of \`auto\`, \`true\` and \`false\`: $INPUT_CHANGED_ONLY" ;;
  esac
  head="$(git rev-parse --verify --quiet HEAD)" || head=""
  # A pull request is checked out as a merge that GitHub made: what it was merged into is the base, wherever that branch is by now.
  if [ "$GITHUB_EVENT_NAME" = pull_request ] && [ -n "$head" ] && [ "$head" = "${GITHUB_SHA:-}" ]; then
    if ! git rev-parse --verify --quiet 'HEAD^1' > /dev/null; then
      # The usual checkout has one commit only. What is asked for is what is there, and one commit more.
      GIT_TERMINAL_PROMPT=0 git fetch --quiet --no-tags --depth=2 origin "$head" 2> /dev/null ||
        echo "cannot fetch the base of the pull request: give actions/checkout a fetch-depth of 2"
    fi
    base="$(git rev-parse --verify --quiet 'HEAD^1')" || base=""
  fi
  # The program says where this is no commit that it can compare with, and reports everything.
  [ -n "$base" ] || base="${BASE_COMMIT:-}"
  case "$base" in
    "" | 0000000*)
      base=""
      echo "there is nothing to compare with: everything counts as new"
      ;;
  esac
}

# The commands of the runner are off while the program shows what is in the lists, so that no list can give any.
stopped=""
stop_commands() {
  stopped="$(token)"
  printf '::stop-commands::%s\n' "$stopped"
}
resume_commands() {
  [ -z "$stopped" ] || printf '\n::%s::\n' "$stopped"
  stopped=""
}

# A number of the summary of the JSON report. No text of a list can look like this line, for it would stand in quotation marks.
number() {
  sed -n 's/^ *"'"$1"'": \([0-9][0-9]*\),\{0,1\}$/\1/p' "$reports/report.json" | tail -n 1
}

workspace="${GITHUB_WORKSPACE:-$PWD}"
[ -d "$workspace/$INPUT_WORKING_DIRECTORY" ] ||
  fail "the input \`working-directory\` is no folder of the checkout: $INPUT_WORKING_DIRECTORY"
cd -- "$workspace/$INPUT_WORKING_DIRECTORY"

reports="$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/tablewright-reports.XXXXXX")"
trap 'resume_commands; rm -rf -- "$reports"' EXIT

case "$INPUT_COMMAND" in
  check) arguments=(check) ;;
  fix) arguments=(check --fix) ;;
  fmt) arguments=(fmt) ;;
  fmt-check) arguments=(check --select unaligned-table) ;;
  *) fail "the input \`command\` is none of \`check\`, \`fix\`, \`fmt\` and \`fmt-check\`: $INPUT_COMMAND" ;;
esac
is_check=true
[ "$INPUT_COMMAND" != fmt ] || is_check=false
sarif=""
arguments+=(--color=always)
[ -z "$INPUT_CONFIG" ] || arguments+=("--config=$INPUT_CONFIG")
if "$is_check"; then
  find_base
  [ -z "$base" ] || arguments+=("--since=$base")
  arguments+=("--fail-on=$INPUT_FAIL_ON")
  # One run writes everything: each format to the file behind it, and the pictures to the log.
  arguments+=(--output-format=json "--output-file=$reports/report.json")
  if is_true annotations "$INPUT_ANNOTATIONS"; then
    arguments+=(--output-format=github "--output-file=$reports/annotations")
  fi
  if is_true summary "$INPUT_SUMMARY"; then
    arguments+=(--output-format=markdown "--output-file=$reports/summary.md")
  fi
  if [ -n "$INPUT_SARIF_FILE" ]; then
    case "$INPUT_SARIF_FILE" in
      /* | [A-Za-z]:*) sarif="$INPUT_SARIF_FILE" ;;
      *) sarif="$workspace/$INPUT_SARIF_FILE" ;;
    esac
    mkdir -p -- "$(dirname -- "$sarif")"
    arguments+=(--output-format=sarif "--output-file=$sarif")
  fi
  arguments+=(--output-format=text)
fi
read_lines "$INPUT_ARGS"
arguments+=(${lines[@]+"${lines[@]}"})
read_lines "$INPUT_PATHS"
arguments+=(-- ${lines[@]+"${lines[@]}"})

stop_commands
status=0
# Both streams become one, or else the last lines of the other could come after the commands are on again.
"$TABLEWRIGHT" "${arguments[@]}" 2>&1 || status=$?
resume_commands

[ ! -s "$reports/annotations" ] || cat -- "$reports/annotations"
if [ -s "$reports/summary.md" ] && [ -n "${GITHUB_STEP_SUMMARY:-}" ]; then
  cat -- "$reports/summary.md" >> "$GITHUB_STEP_SUMMARY"
fi
findings=""
fixable=""
if [ -s "$reports/report.json" ]; then
  findings=$(($(number errors) + $(number warnings) + $(number notes)))
  fixable="$(number fixable)"
fi
output exit-code "$status"
output findings "$findings"
output fixable "$fixable"
output compared-with "$base"
output sarif-file "$([ -z "$sarif" ] || [ ! -f "$sarif" ] || printf '%s' "$INPUT_SARIF_FILE")"
if [ "$status" -gt 1 ]; then
  fail "tablewright could not do all of its work: the log says why"
fi
exit "$status"
