#!/usr/bin/env bash
# The tests that are marked for every device, and the layer benchmark, on a machine with an NVIDIA GPU, g++ and a libtorch with CUDA, but without the .NET SDK.
#   run-cuda.sh pack                         with the SDK: publishes tests, benchmark and the native sources to artifacts/cuda-tests, and packs them
#   run-cuda.sh run [--device cuda|cpu]      there: builds the native library against the libtorch of LIBTORCH, or of Python's torch, and runs all of it
# The packed folder holds this script, so that there 'tar xzf cuda-tests.tar.gz && bash cuda-tests/run-cuda.sh run' is all. Without arguments: pack where
# there is an SDK, then run.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
most_megabytes=60

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# published: the folder to run, this script's own where it was unpacked.
if [ -e "$here/native/build.sh" ]; then published=$here; else published=$here/../artifacts/cuda-tests; fi

pack() {
    . "$here/../runtime/setup.sh"
    require_dotnet
    local project size
    rm -rf "$published"
    for project in ArgminLayers.DeviceTests ArgminLayers.Benchmarks; do
        TorchSharpFrom=system dotnet publish "$here/$project" -c Release -r linux-x64 --self-contained -o "$published" -p:DebugType=none \
            -p:ErrorOnDuplicatePublishOutputFiles=false -nologo -v quiet -m:1 || fail "$project could not be published."
    done
    # The library that was built here is for this machine's libtorch.
    rm -f "$published/libTorchSharpShim.so" "$published"/*.xml
    mkdir -p "$published/native"
    cp "$here"/../runtime/TorchSharp.SystemLibtorch/native/* "$published/native/"
    cp "$here/run-cuda.sh" "$here/ArgminLayers.DeviceTests/copies.c" "$published/"
    tar -czf "$published.tar.gz" -C "$(dirname "$published")" "$(basename "$published")"
    size=$(($(stat -c %s "$published.tar.gz") / 1000000))
    echo "Packed $size MB: artifacts/cuda-tests.tar.gz"
    [ "$size" -lt "$most_megabytes" ] || fail "That is more than $most_megabytes MB."
}

run() {
    local device=cuda libtorch=${LIBTORCH:-} python
    if [ "${1:-}" = --device ]; then device=${2:?--device wants cuda or cpu}; fi
    [ -d "$published/native" ] || fail "There is nothing to run: 'run-cuda.sh pack' makes it, on a machine with the .NET SDK."
    for python in "${PYTHON:-python3}" /usr/bin/python3; do
        [ -n "$libtorch" ] && break
        libtorch=$("$python" -c 'import os, torch; print(os.path.dirname(torch.__file__))' 2> /dev/null || true)
    done
    # Debian's own package keeps headers and libraries in the system's folders, where build.sh looks without being told.
    [ -z "$libtorch" ] || [ -d "$libtorch/include" ] || { say "Python's torch in $libtorch has no headers; the system's libtorch is used."; libtorch=; }
    sh "$published/native/build.sh" "$published" "$libtorch"
    export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-PASSIVE}
    export GLIBC_TUNABLES=${GLIBC_TUNABLES:-glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=4294967296}
    export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
    "${CC:-cc}" -shared -fPIC -O1 -o "$published/libcopies.so" "$published/copies.c" -ldl
    LD_PRELOAD="$published/libcopies.so" "$published/ArgminLayers.DeviceTests" --device "$device"
    "$published/ArgminLayers.Benchmarks" layers --device "$device" --json "$published/layers-$device.json" --markdown "$published/layers-$device.md"
}

case ${1:-} in
    pack) pack ;;
    run) shift; run "$@" ;;
    "" | --device)
        if command -v dotnet > /dev/null && [ "$published" != "$here" ]; then pack; fi
        run "$@" ;;
    *) fail "'$1' is not known; run-cuda.sh knows 'pack' and 'run'." ;;
esac
