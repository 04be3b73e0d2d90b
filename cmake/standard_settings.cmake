# Compiler settings every target of this project shares: standard_settings (sanitizers, coverage,
# hardening) and standard_warnings. Warnings are errors only where a preset says so, so that a
# newer compiler never stops a user's build.
add_library(standard_settings INTERFACE)
add_library(standard_warnings INTERFACE)

target_compile_options(standard_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
  -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-align -Wnull-dereference -Wimplicit-fallthrough)
# With optimisation, g++ 12's flow analysis reports false errors inside the standard library's own
# headers (GCC bugs 80635, 105329, 105762); the debug build and the sanitizers still find real ones.
target_compile_options(standard_warnings INTERFACE
  "$<$<AND:$<CXX_COMPILER_ID:GNU>,$<NOT:$<CONFIG:Debug>>>:-Wno-maybe-uninitialized;-Wno-array-bounds;-Wno-null-dereference;-Wno-restrict;-Wno-stringop-overflow;-Wno-stringop-overread>")
if(DEVY_WERROR)
  target_compile_options(standard_warnings INTERFACE -Werror)
endif()

target_compile_options(standard_settings INTERFACE -fstack-protector-strong -fno-omit-frame-pointer)
target_compile_definitions(standard_settings INTERFACE
  $<$<NOT:$<CONFIG:Debug>>:_FORTIFY_SOURCE=2>)
target_link_options(standard_settings INTERFACE -Wl,-z,relro,-z,now)
if(DEVY_SANITIZE)
  target_compile_options(standard_settings INTERFACE -fsanitize=${DEVY_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(standard_settings INTERFACE -fsanitize=${DEVY_SANITIZE})
  target_compile_definitions(standard_settings INTERFACE DEVY_SANITIZED=1)
  # Errors in processes that a test has started are reported here: see CMakePresets.json.
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/reports)
endif()
# Time limit of one test program. Sanitizers and coverage counters, which each child writes at its
# end, take several times as long.
set(devy_test_seconds_max 1800)
if(DEVY_SANITIZE OR DEVY_COVERAGE)
  set(devy_test_seconds_max 3600)
endif()
if(DEVY_FUZZ)
  target_compile_options(standard_settings INTERFACE -fsanitize=fuzzer-no-link,address,undefined
    -fno-sanitize-recover=undefined)
  target_link_options(standard_settings INTERFACE -fsanitize=address,undefined)
endif()
# Memory checkers detect accesses beyond the end of a piece only when the piece is a block of its
# own.
if(DEVY_SANITIZE OR DEVY_FUZZ OR DEVY_VALGRIND)
  set_property(SOURCE ${CMAKE_SOURCE_DIR}/core/publishing/markdown/arena.cpp ${CMAKE_SOURCE_DIR}/core/publishing/markdown/html_tree.cpp
    APPEND PROPERTY COMPILE_DEFINITIONS DEVY_WATCHED_MEMORY)
endif()
if(DEVY_VALGRIND)
  set_property(SOURCE ${CMAKE_SOURCE_DIR}/core/platform/process/child.cpp
    APPEND PROPERTY COMPILE_DEFINITIONS DEVY_VALGRIND)
endif()
# devy_library() in folders.cmake sets the compile options that belong to this.
if(DEVY_COVERAGE)
  target_link_options(standard_settings INTERFACE --coverage)
endif()

# mold or lld link this project in a tenth of ld's time; any linker will do.
find_program(DEVY_MOLD mold)
find_program(DEVY_LLD ld.lld)
if(DEVY_MOLD)
  target_link_options(standard_settings INTERFACE -fuse-ld=mold)
elseif(DEVY_LLD)
  target_link_options(standard_settings INTERFACE -fuse-ld=lld)
endif()

# ccache where it is installed. Beside a precompiled header it caches nothing without this sloppiness
# and -fpch-preprocess; in the launcher, because a plain `ninja` knows no preset's environment.
find_program(DEVY_CCACHE ccache)
if(DEVY_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${DEVY_CCACHE})
endif()

# Several sources of a target are compiled as one (quickstart, CI, sanitizers): a third of the work from
# scratch, but a change recompiles its whole batch, so the preset dev goes without. Two sources of a
# target must not name a local function alike. Sources with definitions of their own stay alone.
if(DEVY_UNITY)
  set(CMAKE_UNITY_BUILD ON)
  set(CMAKE_UNITY_BUILD_BATCH_SIZE 12)
  # In a batch these warn of names and types of other sources; the preset dev warns of real ones.
  target_compile_options(standard_warnings INTERFACE -Wno-shadow -Wno-subobject-linkage)
endif()

# One precompiled header of standard-library headers, for the sanitizers too.
add_library(standard_headers INTERFACE)
if(DEVY_PCH AND NOT CMAKE_CXX_CLANG_TIDY)
  file(WRITE ${CMAKE_BINARY_DIR}/pch_anchor.cpp "")
  add_library(pch_anchor OBJECT ${CMAKE_BINARY_DIR}/pch_anchor.cpp)
  target_link_libraries(pch_anchor PRIVATE standard_settings standard_warnings)
  target_compile_options(pch_anchor PRIVATE -fpch-preprocess)
  target_precompile_headers(pch_anchor PRIVATE
    <algorithm> <array> <chrono> <cstdint> <functional> <map> <memory> <optional> <set> <span>
    <string> <string_view> <unordered_map> <utility> <variant> <vector>)
endif()
