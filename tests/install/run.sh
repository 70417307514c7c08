#!/usr/bin/env bash
# The C++ library as another project uses it: plain CMake build and installation, find_package, the example of 20 lines.
set -euo pipefail

python=$1
build=build/plain
prefix=$PWD/build/installed
cmake -S . -B "$build" -DPOMONA_TESTS=OFF -DPython_EXECUTABLE="$python" -DCMAKE_INSTALL_PREFIX="$prefix" > /dev/null
cmake --build "$build"
cmake --install "$build" > /dev/null
test -s "$build/compile_commands.json"
cmake -S examples/cpp -B build/example -DCMAKE_PREFIX_PATH="$prefix" > /dev/null
cmake --build build/example

photos=build/example/photos
rm -rf "$photos" build/example/out
"$prefix/bin/pomona" samples "$photos" --classes 3 --views 12 > /dev/null
photo=$(find "$photos" -name '*.jpg' | sort | head -1)
answer=$(build/example/reduce_photos "$photos" build/example/out "$photo" README.md)
echo "$answer"
grep -q '^36 rows + 0 rejects' <<< "$answer"
grep -q 'README.md: not-an-image' <<< "$answer"
echo "install: the example finds, links and uses the library"
