# shellcheck shell=bash
# How the action's scripts speak to the runner: sourced by the others.

# A text as the message of a workflow command, which ends with its line.
message() {
  local text="$1"
  text="${text//'%'/%25}"
  text="${text//$'\r'/%0D}"
  printf '%s' "${text//$'\n'/%0A}"
}

# Says why the action cannot go on, and ends it as the program itself does in trouble.
fail() {
  printf '::error title=tablewright::%s\n' "$(message "$1")"
  exit 2
}

# 128 random bits, for words that nothing in a list can know.
token() {
  od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

# Sets an output of the step. The value may hold anything.
output() {
  local end
  end="end-$(token)"
  printf '%s<<%s\n%s\n%s\n' "$1" "$end" "$2" "$end" >> "$GITHUB_OUTPUT"
}
