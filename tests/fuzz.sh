#!/bin/bash
# Drive the readers of Gateway.Dns and Gateway.Smtp with AFL++ (Debian's package afl++). docs/fuzzing.md explains it.
#
#   tests/fuzz.sh                              run every reader for 4 seconds, as .ci/run does
#   tests/fuzz.sh --seconds 60 smtp-data       run one reader for a minute
#   tests/fuzz.sh --inputs 10000000 dns-name   run one reader for ten million inputs
#   tests/fuzz.sh --keep --seconds 600         also add the inputs that reached new code to tests/Corpora
#
# An input that breaks a property is copied to artifacts/fuzzing/READER/broken. The last line counts readers as "dotnet test" counts tests.
set -uo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_CLI_UI_LANGUAGE=en
# afl-fuzz cannot see that "dotnet" is instrumented, and SharpFuzz reports an exception as a crash without a core dump.
export AFL_SKIP_BIN_CHECK=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_SKIP_CPUFREQ=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1 AFL_QUIET=1
# Few collections of garbage: each input leaves some, and nothing lives long. The value is hexadecimal.
export DOTNET_GCgen0size=4000000
work=artifacts/fuzzing
original=tests/Gateway.Fuzzing/bin/Release/net10.0/Gateway.Fuzzing.dll
instrumented=$work/bin/Gateway.Fuzzing.dll # runs below afl-fuzz only
bound=(-V 4)
keep=
readers=()
while [ $# -gt 0 ]; do
    case $1 in
    --seconds) bound=(-V "${2:?seconds}") && shift ;;
    --inputs) bound=(-E "${2:?inputs}") && shift ;;
    --keep) keep=1 ;;
    -*) sed -n '2,/^set /s/^# \{0,1\}//p' "$0" && exit 64 ;;
    *) readers+=("$1") ;;
    esac
    shift
done

prepare() { # a copy of the program in which the two libraries count the ways that an input takes
    rm -rf "$work/bin" && mkdir -p "$work" &&
        dotnet build tests/Gateway.Fuzzing -c Release --tl:off -v quiet &&
        cp -r "$(dirname "$original")" "$work/bin" &&
        dotnet tool restore >/dev/null &&
        dotnet sharpfuzz "$work/bin/Gateway.Dns.dll" && dotnet sharpfuzz "$work/bin/Gateway.Smtp.dll"
}

figure() { sed -nE "s/^$2 +: ([0-9.]+).*/\1/p" "$work/$1/out/default/fuzzer_stats"; }

name_of() { sha256sum <"$1" | cut -c1-12; }

collect() { # collect READER: what broke a property, and what does not end
    local input
    for input in "$work/$1"/out/default/crashes/id*; do
        [ -e "$input" ] && cp "$input" "$work/$1/broken/$(name_of "$input")"
    done
    # Slow is not wrong, for the machine may be busy: an input hangs when it has not ended after a minute.
    for input in "$work/$1"/out/default/hangs/id*; do
        [ -e "$input" ] || continue
        timeout 60 dotnet "$original" replay "$1" "$input" >/dev/null 2>&1
        [ $? -eq 124 ] && cp "$input" "$work/$1/broken/hang-$(name_of "$input")"
    done
}

keep_new() { # keep_new READER: the smallest set of inputs that reaches all that was reached
    local folder=$work/$1 input
    mkdir -p "$folder/all" && cp "tests/Corpora/$1"/* "$folder/all/"
    for input in "$folder"/out/default/queue/id*; do
        case $input in *,orig:*) ;; *) cp "$input" "$folder/all/$(name_of "$input")" ;; esac
    done
    afl-cmin -i "$folder/all" -o "$folder/least" -m none -t 10000 -- "$(readlink -f "$(command -v dotnet)")" "$instrumented" run "$1" >"$folder/cmin.log" 2>&1 &&
        cp -n "$folder/least"/* "tests/Corpora/$1/"
}

fuzz() { # fuzz READER
    local folder=$work/$1
    rm -rf "$folder" && mkdir -p "$folder/broken"
    afl-fuzz -i "tests/Corpora/$1" -o "$folder/out" -m none -t 10000 -G 8192 "${bound[@]}" -- dotnet "$instrumented" run "$1" >"$folder/afl.log" 2>&1 ||
        { tail -n 20 "$folder/afl.log"; return 1; }
    collect "$1"
    [ -z "$keep" ] || keep_new "$1"
    echo "$1: $(figure "$1" execs_done) inputs, $(figure "$1" execs_per_sec) a second, $(figure "$1" corpus_count) paths, $(figure "$1" saved_crashes) crashes, $(figure "$1" saved_hangs) time-outs"
    [ -z "$(ls "$folder/broken")" ] || { dotnet "$original" replay "$1" "$folder"/broken/* | head -n 60; return 1; }
}

prepare || { echo "Failed!  - Failed:     1, Passed:     0, Skipped:     0 - fuzzing"; exit 1; }
[ ${#readers[@]} -gt 0 ] || mapfile -t readers < <(dotnet "$original" list)
passed=0 failed=0
for reader in "${readers[@]}"; do
    if fuzz "$reader"; then passed=$((passed + 1)); else failed=$((failed + 1)) && echo "$reader: FAILED, see $work/$reader"; fi
done
[ $failed -eq 0 ] && word=Passed || word=Failed
printf '%s!  - Failed: %5d, Passed: %5d, Skipped:     0 - fuzzing\n' $word $failed $passed
[ $failed -eq 0 ]
