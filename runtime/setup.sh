# Sourced by tests/run.sh and samples/run.sh: finds, and where it may installs, what the build needs on this machine.
# Sets TorchSharpFrom unless the caller has; set-up that is already done costs a few file look-ups.

repository=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
setup_state="$repository/artifacts/setup"

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# install PURPOSE PACKAGE...: Debian packages, or the command that somebody with the right to install must run.
install() {
    local purpose=$1 as_root=()
    shift
    command -v apt-get > /dev/null || fail "$purpose is missing. This machine has no apt-get; install what Debian calls: $*"
    if [ "$(id -u)" -ne 0 ]; then
        if ! sudo -n true 2> /dev/null; then
            fail "$purpose is missing. Run as root: apt-get update && apt-get install -y $*"
        fi
        as_root=(sudo -n)
    fi
    say "Installing $purpose: $*"
    "${as_root[@]}" apt-get update -qq > /dev/null &&
        "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" > /dev/null ||
        fail "Installing $purpose failed. Run as root, and read what it says: apt-get update && apt-get install -y $*"
}

require_dotnet() {
    command -v dotnet > /dev/null || fail "The .NET 10 SDK is missing: 'dotnet' is not on the PATH. See https://dotnet.microsoft.com/download"
    # The SDK's folder is asked, not 'dotnet --version', which starts a process of half a second.
    local root
    root=$(dirname "$(readlink -f "$(command -v dotnet)")")
    compgen -G "$root/sdk/1[0-9].*" > /dev/null || fail "The .NET 10 SDK is missing: $root/sdk has no version 10. See https://dotnet.microsoft.com/download"
}

require_ffmpeg() {
    command -v ffmpeg > /dev/null && command -v ffprobe > /dev/null || install "ffmpeg" ffmpeg
}

require_liblinear() {
    command -v liblinear-train > /dev/null || install "liblinear, which pooled vectors are compared with" liblinear-tools
}

has_system_libtorch() {
    [ -n "${LIBTORCH:-}" ] || { [ -d /usr/include/torch/csrc ] && compgen -G '/usr/lib/*-linux-gnu/libtorch_cpu.so' > /dev/null; }
}

# nuget_torchsharp_runs: whether the feed has the TorchSharp packages and their native library finds all it needs here.
# Leaves the reason in $why where it does not.
nuget_torchsharp_runs() {
    local probe version native missing
    probe=$(mktemp -d)
    version=$(dotnet msbuild "$repository/runtime/ArgminLayers/ArgminLayers.csproj" -getProperty:TorchSharpVersion)
    cat > "$probe/probe.csproj" <<PROJECT
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup>
  <ItemGroup><PackageReference Include="TorchSharp" Version="[$version]" /></ItemGroup>
</Project>
PROJECT
    why="the package feed has no TorchSharp $version"
    if dotnet restore "$probe/probe.csproj" --packages "$probe/packages" > /dev/null 2>&1; then
        why="TorchSharp $version has no native library for this machine"
        native=$(find "$probe/packages" -path "*/torchsharp/*/linux-x64/native/libLibTorchSharp.so" | head -n 1)
        if [ "$(uname -m)" = x86_64 ] && [ -n "$native" ]; then
            missing=$(ldd "$native" 2>&1 | grep -o "version .* not found" | head -n 1)
            why="TorchSharp $version wants a newer C++ library than this machine's (${missing})"
            [ -z "$missing" ] && why=
        fi
    fi
    rm -rf "$probe"
    [ -z "$why" ]
}

require_torchsharp() {
    local why
    require_dotnet
    if [ -z "${TorchSharpFrom:-}" ]; then
        if has_system_libtorch; then
            TorchSharpFrom=system
        elif [ -f "$setup_state/torchsharp-from-nuget" ]; then
            TorchSharpFrom=nuget
        elif nuget_torchsharp_runs; then
            mkdir -p "$setup_state" && touch "$setup_state/torchsharp-from-nuget"
            TorchSharpFrom=nuget
        else
            say "Using the system's libtorch, because $why."
            TorchSharpFrom=system
        fi
        export TorchSharpFrom
    fi
    if [ "$TorchSharpFrom" = system ]; then
        has_system_libtorch || install "libtorch with an optimised BLAS" libtorch-dev libopenblas0 g++
        command -v "${CXX:-g++}" > /dev/null || install "a C++ compiler" g++
    fi
    # What libtorch wants to know before it starts (read once, at process start): waiting threads sleep instead of spinning
    # against the BLAS library's threads, and large tensors are recycled instead of returned to the kernel page by page.
    export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-PASSIVE}
    export GLIBC_TUNABLES=${GLIBC_TUNABLES:-glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=4294967296}
    export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
}
