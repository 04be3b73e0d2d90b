# devy_embed(<target> <file> <symbol>): the file's text becomes `devy::embedded::<symbol>`, a
# std::string_view declared in the header embedded/<symbol>.hpp, which is there before any build: what
# only reads sources, as clang-tidy does, needs none.
function(devy_embed target file symbol)
  set(header ${CMAKE_BINARY_DIR}/embedded/${symbol}.hpp)
  set(source ${CMAKE_BINARY_DIR}/embedded/${symbol}.cpp)
  file(CONFIGURE OUTPUT ${header} CONTENT
    "#pragma once\n#include <string_view>\nnamespace devy::embedded {\nextern const std::string_view ${symbol};\n}\n")
  add_custom_command(
    OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DFILE=${file} -DSYMBOL=${symbol} -DSOURCE=${source}
            -P ${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake
    DEPENDS ${file} ${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake
    COMMENT "Embedding ${symbol}")
  target_sources(${target} PRIVATE ${header} ${source})
  target_include_directories(${target} PUBLIC ${CMAKE_BINARY_DIR})
endfunction()
