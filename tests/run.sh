#!/usr/bin/env bash
# Builds everything and runs every test, on a fresh Debian machine with the .NET 10 SDK and Node 20.
# Ends with "N passed, N failed, N skipped"; the exit code is 0 only when nothing failed.
#   tests/run.sh            everything
#   tests/run.sh --quick    without the end-to-end tests against real peers
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 TZ=UTC
quick=; [ "${1:-}" = --quick ] && quick=1
passed=0 failed=0 skipped=0
logs=artifacts/test-logs; mkdir -p "$logs"

say() { printf '\n== %s\n' "$*"; }

# One step that passes or fails as a whole and counts as one test.
step() {
  local name=$1; shift
  say "$name"
  local started=$SECONDS
  if "$@"; then
    passed=$((passed + 1)); printf '   ok: %s (%d s)\n' "$name" $((SECONDS - started))
  else
    failed=$((failed + 1)); printf '   FAILED: %s\n' "$name"
    return 1
  fi
}

finish() {
  printf '\n%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" -eq 0 ]; exit
}

# Real peers of the end-to-end tests. A missing peer is a failure, so they are installed here and not by hand.
peers=(tzdata libc-bin mosquitto mosquitto-clients influxdb prometheus prometheus-alertmanager nats-server socat chromium strace tmux
  clang lld zlib1g-dev procps python3 faketime curl e2fsprogs mount systemd binutils)
arm=(gcc-aarch64-linux-gnu binutils-aarch64-linux-gnu qemu-user-static mmdebstrap lintian)
install_peers() {
  local missing=() package
  for package in "${peers[@]}" "${arm[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  local as=(); [ "$(id -u)" -eq 0 ] || as=(sudo)
  # No package's own service may start: the tests start their own, on free ports of the loopback.
  local policy=/usr/sbin/policy-rc.d made=
  [ -e "$policy" ] || { printf '#!/bin/sh\nexit 101\n' | "${as[@]}" tee "$policy" >/dev/null && "${as[@]}" chmod +x "$policy" && made=1; }
  "${as[@]}" apt-get update -qq >"$logs/apt.log" 2>&1
  "${as[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >>"$logs/apt.log" 2>&1
  local result=$?
  [ -n "$made" ] && "${as[@]}" rm -f "$policy"
  [ $result -eq 0 ] || tail -n 20 "$logs/apt.log"
  return $result
}

# A count in the runner's last line, such as "  IotEvents.Tests  Total: 9, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 1.2s".
count() { sed -n "s/^ *$1  *Total: .*/&/p" "$2" | tail -n1 | grep -oE "$3: [0-9]+" | grep -oE '[0-9]+'; }

# Runs one test project and adds its counts to the whole.
run_project() {
  local name=$1; shift
  say "$name"
  local log="$logs/$name.log" started=$SECONDS code
  "artifacts/bin/$name/release/$name" -noColor -noLogo "$@" >"$log" 2>&1
  code=$?
  grep -vE '^ *$|^ *(Discover(ing|ed)|Starting|Finished): ' "$log" | tail -n 100
  local t e f s n
  t=$(count "$name" "$log" Total); e=$(count "$name" "$log" Errors); n=$(count "$name" "$log" 'Not Run')
  f=$(count "$name" "$log" Failed); s=$(count "$name" "$log" Skipped)
  # Not run are programs that tests start as children of their own; they are in the total, but are no tests.
  passed=$((passed + ${t:-0} - ${f:-0} - ${s:-0} - ${n:-0})); failed=$((failed + ${f:-0} + ${e:-0})); skipped=$((skipped + ${s:-0}))
  # A runner that died, or found no test, has no counts: that is a failure of its own.
  if [ "${t:-0}" -eq 0 ] || { [ "$code" -ne 0 ] && [ $((${f:-0} + ${e:-0})) -eq 0 ]; }; then
    failed=$((failed + 1)); printf '   FAILED: %s ended with %d\n' "$name" "$code"
  fi
  printf '   %s: %d s\n' "$name" $((SECONDS - started))
}

[ -n "$quick" ] || step "install the real peers" install_peers
step "build" dotnet build IotEvents.sln -c Release -v quiet --nologo || finish
step "code style" dotnet format IotEvents.sln --verify-no-changes --no-restore
[ -d gateway/Console/node_modules ] && step "console unit tests" npm --prefix gateway/Console test --silent
run_project IotEvents.Tests
[ -n "$quick" ] || run_project IotEvents.EndToEnd
finish
