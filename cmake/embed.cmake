# devy_embed(<target> <file> <symbol>): the file's text becomes `devy::embedded::<symbol>`, a
# std::string_view declared in the generated header embedded/<symbol>.hpp.
function(devy_embed target file symbol)
  set(header ${CMAKE_BINARY_DIR}/embedded/${symbol}.hpp)
  set(source ${CMAKE_BINARY_DIR}/embedded/${symbol}.cpp)
  add_custom_command(
    OUTPUT ${header} ${source}
    COMMAND ${CMAKE_COMMAND} -DFILE=${file} -DSYMBOL=${symbol} -DHEADER=${header} -DSOURCE=${source}
            -P ${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake
    DEPENDS ${file} ${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake
    COMMENT "Embedding ${symbol}")
  target_sources(${target} PRIVATE ${header} ${source})
  target_include_directories(${target} PUBLIC ${CMAKE_BINARY_DIR})
endfunction()
