#!/bin/sh
# Compiles the shim against a libtorch, once for each compiler, flags, libtorch and source:
#   build.sh OUTPUT_DIRECTORY [LIBTORCH]
# LIBTORCH is the root of a libtorch (the folder with include/ and lib/); without it the system's is used.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
out=$1
root=${2:-}
compiler=${CXX:-g++}

fail() {
    echo "$1" >&2
    exit 1
}

command -v "$compiler" > /dev/null || fail "The compiler '$compiler' is missing, which builds the bridge to libtorch: apt-get install g++"

if [ -n "$root" ]; then
    [ -d "$root/include" ] || fail "LIBTORCH is '$root', which has no folder include/: set it to the root of a libtorch."
    include=$root/include
    library=$root/lib
    hint="take a libtorch with headers"
else
    include=/usr/include
    library=
    for candidate in "/usr/lib/$("$compiler" -dumpmachine)" /usr/lib64 /usr/lib /usr/local/lib; do
        if [ -e "$candidate/libtorch_cpu.so" ]; then
            library=$candidate
            break
        fi
    done
    hint="apt-get install libtorch-dev, or set LIBTORCH to the root of a libtorch"
    [ -n "$library" ] || fail "There is no libtorch_cpu.so in the system's library folders: $hint."
fi
[ -e "$include/ATen/core/Tensor.h" ] || fail "libtorch's header ATen/core/Tensor.h is not in $include: $hint."
[ -e "$library/libtorch_cpu.so" ] || fail "libtorch_cpu.so is not in $library: $hint."

# The system's folder is searched anyway, and breaks the C++ library's own includes when it is named.
search="-isystem $include/torch/csrc/api/include"
[ -z "$root" ] || search="-isystem $include $search"

# The C++ library ABI that this libtorch was built with.
abi=
for config in "$library/../share/cmake/Torch/TorchConfig.cmake" "$library/cmake/Torch/TorchConfig.cmake"; do
    if [ -e "$config" ]; then
        abi=$(sed -n 's/.*\(_GLIBCXX_USE_CXX11_ABI=[01]\).*/-D\1/p' "$config" | head -n 1)
        break
    fi
done

base="-O2 -fPIC -shared -fvisibility=hidden -Wno-deprecated-declarations $abi"
version=$(cat "$include/torch/headeronly/version.h" "$include/torch/csrc/api/include/torch/version.h" 2> /dev/null |
    sed -n 's/#define TORCH_VERSION_\(MAJOR\|MINOR\|PATCH\) \([0-9]*\).*/\2/p' | head -n 3 | paste -sd.)
libraries=$(ls -lL --time-style=+%s "$library/libtorch_cpu.so" | awk '{print $5, $6}')
sources=$(cat "$here"/*.cpp "$here"/*.h "$here/build.sh" | cksum)
stamp="$("$compiler" --version | head -n 1); $base; $include; $library; $version; $libraries; $sources"

mkdir -p "$out"
target=$out/libTorchSharpShim.so
exec 9> "$out/shim.lock"
flock 9
if [ -e "$target" ] && [ "$(cat "$out/shim.stamp" 2> /dev/null)" = "$stamp" ]; then
    exit 0
fi

# The newest standard that both the compiler and these headers know.
standard=
for candidate in c++20 c++17 c++14; do
    if printf '#include <ATen/core/ivalue.h>\n' | "$compiler" -std=$candidate $abi $search -fsyntax-only -x c++ - 2> "$out/shim.log"; then
        standard=$candidate
        break
    fi
done
[ -n "$standard" ] || fail "$compiler does not compile the headers of libtorch $version in $include as C++20, 17 or 14: $(grep -m 1 error "$out/shim.log" || true)"

"$compiler" -std=$standard $base $search "$here/shim.cpp" -o "$target.new" \
    -L"$library" -Wl,-rpath,"$library" -ltorch_cpu -lc10 -ldl 2> "$out/shim.log" ||
    fail "The bridge to libtorch $version in $library does not compile: $(grep -m 1 -E 'error|cannot find' "$out/shim.log" || tail -n 1 "$out/shim.log")"
mv "$target.new" "$target"
printf '%s\n' "$stamp" > "$out/shim.stamp"
echo "Compiled the bridge to libtorch $version in $library ($standard)."
