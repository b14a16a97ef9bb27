#!/bin/sh
# Puts this machine's GitHub Copilot login into Doppler, the one source of the workspaces' auth.json (pitfall 10).
# The token travels from the file to Doppler through standard input: never printed, never an argument. No `set -x` here.
set -eu

usage() {
  cat <<'HELP'
Usage: seed-copilot-auth.sh [options] <flux|ha|all>

Stores OpenCode's auth.json in Doppler for one workspace or for both. From there External Secrets brings it into the
cluster within 30 minutes, Reloader restarts the pod, and its seed-auth container puts it in place.

First log in on this machine: run `opencode`, then /connect, then choose GitHub Copilot.

Options:
  --file PATH       auth.json to store       (default: ~/.local/share/opencode/auth.json)
  --project NAME    Doppler project          (default: k3s-cluster)
  --config NAME     Doppler config           (default: prd)
  --sync            do not wait 30 minutes: ask External Secrets to fetch now (needs kubectl and the cluster)
  --dry-run         check everything, change nothing
  --help            this text

Exit codes: 0 stored (or checked), 1 something is missing or was refused, 2 wrong usage.
HELP
}

fail() { echo "seed-copilot-auth: $1" >&2; exit "${2:-1}"; }
need() { command -v "$1" >/dev/null 2>&1 || fail "$1 is not installed: $2"; }

file="${XDG_DATA_HOME:-$HOME/.local/share}/opencode/auth.json"
project=k3s-cluster
config=prd
sync=no
dry_run=no
workspaces=

while [ $# -gt 0 ]; do
  case "$1" in
    --help | -h) usage; exit 0 ;;
    --file | --project | --config)
      [ $# -ge 2 ] || fail "$1 needs a value" 2
      case "$1" in
        --file) file=$2 ;;
        --project) project=$2 ;;
        --config) config=$2 ;;
      esac
      shift ;;
    --sync) sync=yes ;;
    --dry-run) dry_run=yes ;;
    flux | ha) workspaces="$workspaces $1" ;;
    all) workspaces="flux ha" ;;
    *) fail "unknown argument: $1 (see --help)" 2 ;;
  esac
  shift
done
[ -n "$workspaces" ] || fail "say which workspace: flux, ha or all (see --help)" 2

need doppler "https://docs.doppler.com/docs/install-cli"
[ "$sync" = no ] || need kubectl "or leave out --sync and wait 30 minutes"
[ -r "$file" ] || fail "$file cannot be read: log in with /connect in opencode first, or give --file"
grep -q '"github-copilot"' "$file" || fail "$file holds no github-copilot login: run /connect in opencode first"
case "$(tr -d '[:space:]' <"$file")" in
  '{'*'}') ;;
  *) fail "$file is not a JSON object" ;;
esac
doppler secrets --only-names --project "$project" --config "$config" >/dev/null 2>&1 ||
  fail "Doppler refuses $project/$config: run 'doppler login', then check --project and --config"

for workspace in $workspaces; do
  key="OPENCODE_$(echo "$workspace" | tr '[:lower:]' '[:upper:]')_COPILOT_AUTH_JSON"
  if [ "$dry_run" = yes ]; then
    echo "would store $file as $key in $project/$config"
    continue
  fi
  # Doppler prints a table of values after a change, hence --silent; whatever it says on failure stays here too.
  doppler secrets set "$key" --project "$project" --config "$config" --silent <"$file" >/dev/null 2>&1 ||
    fail "Doppler refused to store $key in $project/$config"
  echo "stored $key in $project/$config"
  if [ "$sync" = yes ]; then
    kubectl --namespace opencode annotate externalsecret "opencode-$workspace-secret" \
      "force-sync=$(date +%s)" --overwrite >/dev/null ||
      fail "$key is stored, but opencode-$workspace-secret could not be told; it follows within 30 minutes"
    echo "asked opencode-$workspace-secret to fetch it now"
  fi
done
