# devy_embed(<target> <file> <symbol>): makes the file's text available as
# `devy::embedded::<symbol>`, a std::string_view declared in the header embedded/<symbol>.hpp. The
# header exists before any build, so tools that only read sources, such as clang-tidy, need none.
#
# Of a psql script, `\\ir FILE` becomes the file's text, and `begin;` and `commit;` on lines of their
# own go: whoever runs the text has a transaction.
function(devy_embed target file symbol)
  set(header ${CMAKE_BINARY_DIR}/embedded/${symbol}.hpp)
  set(source ${CMAKE_BINARY_DIR}/embedded/${symbol}.cpp)
  get_filename_component(folder ${file} DIRECTORY)
  file(STRINGS ${file} lines REGEX "^\\\\ir ")
  list(TRANSFORM lines REPLACE "^\\\\ir +" "${folder}/" OUTPUT_VARIABLE parts)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${file})
  file(CONFIGURE OUTPUT ${header} CONTENT
    "#pragma once\n#include <string_view>\nnamespace devy::embedded {\nextern const std::string_view ${symbol};\n}\n")
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DFILE=${file} -DSYMBOL=${symbol} -DSOURCE=${source}
            -P ${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake
    DEPENDS ${file} ${parts} ${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake
    COMMENT "Embedding ${symbol}")
  target_sources(${target} PRIVATE ${header} ${source})
  target_include_directories(${target} PUBLIC ${CMAKE_BINARY_DIR})
endfunction()

# devy_commit(<target>): `devy::embedded::commit`, the commit that is built. It is looked at in each
# build, and changes one small file.
set(DEVY_COMMIT "" CACHE STRING "The commit that is built, where there is no repository to ask")
function(devy_commit target)
  set(header ${CMAKE_BINARY_DIR}/embedded/commit.hpp)
  set(source ${CMAKE_BINARY_DIR}/embedded/commit.cpp)
  file(CONFIGURE OUTPUT ${header} CONTENT
    "#pragma once\n#include <string_view>\nnamespace devy::embedded {\nextern const std::string_view commit;\n}\n")
  add_custom_target(write_commit BYPRODUCTS ${source}
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${source} -DFOLDER=${CMAKE_SOURCE_DIR} -DCOMMIT=${DEVY_COMMIT}
            -P ${CMAKE_SOURCE_DIR}/cmake/commit.cmake)
  set_source_files_properties(${source} PROPERTIES GENERATED ON SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(${target} PRIVATE ${header} ${source})
  target_include_directories(${target} PUBLIC ${CMAKE_BINARY_DIR})
  add_dependencies(${target} write_commit)
endfunction()
