#!/usr/bin/env bash
# Sets up what the samples need, builds the 'rankpool' command where its sources have changed, and runs it:
# 'compare' by default, else with the arguments given (bash samples/run.sh train --help).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$here/../runtime/setup.sh"
require_torchsharp
require_ffmpeg

output="$here/RankPool/bin/$TorchSharpFrom/Release/net10.0"
built="$output/rankpool.built"
settings="TorchSharpFrom=$TorchSharpFrom TorchSharpVersion=${TorchSharpVersion:-} TorchDevice=${TorchDevice:-} LIBTORCH=${LIBTORCH:-}"
sources_changed() {
    [ -f "$built" ] && [ "$(cat "$built")" = "$settings" ] || return 0
    [ -n "$(find "$repository"/{generator,runtime,samples} "$repository"/Directory.* "$repository"/global.json \
        -type d \( -name bin -o -name obj \) -prune -o -type f -newer "$built" -print -quit)" ]
}
if sources_changed; then
    say "Building rankpool (TorchSharp from $TorchSharpFrom) ..."
    log=$(mktemp)
    dotnet build "$here/RankPool/RankPool.csproj" -c Release > "$log" 2>&1 || { cat "$log" >&2; fail "rankpool did not build."; }
    rm -f "$log"
    echo "$settings" > "$built"
fi

[ $# -gt 0 ] || set -- compare
exec dotnet "$output/rankpool.dll" "$@"
