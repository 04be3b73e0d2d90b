# Every third-party library, found once. scripts/install-deps installs them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(PostgreSQL REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(yaml-cpp REQUIRED)

# These have no usable CMake package in Debian: httplib has none, tomlplusplus' lacks the
# compiled-library define, libgit2's does not exist before 1.9.
pkg_check_modules(libgit2 REQUIRED IMPORTED_TARGET libgit2>=1.7)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
pkg_check_modules(httplib REQUIRED IMPORTED_TARGET cpp-httplib)
pkg_check_modules(libseccomp REQUIRED IMPORTED_TARGET libseccomp)
pkg_check_modules(gumbo REQUIRED IMPORTED_TARGET gumbo)
pkg_check_modules(ctemplate REQUIRED IMPORTED_TARGET libctemplate)
pkg_check_modules(expat REQUIRED IMPORTED_TARGET expat)
pkg_check_modules(utf8proc REQUIRED IMPORTED_TARGET libutf8proc)
pkg_check_modules(cmark_gfm REQUIRED libcmark-gfm)

# Debian 12's jq has no .pc file, and that of ncurses changes what system headers declare.
find_library(JQ_LIBRARY jq REQUIRED)
find_library(NCURSESW_LIBRARY ncursesw REQUIRED)

# The extensions library is in no .pc file and must come before the core library.
find_library(CMARK_GFM_EXTENSIONS cmark-gfm-extensions REQUIRED)
add_library(cmark_gfm INTERFACE)
target_link_libraries(cmark_gfm INTERFACE ${CMARK_GFM_EXTENSIONS} ${cmark_gfm_LINK_LIBRARIES})
