# Writes SOURCE with the commit that is built, as a string; only where it has changed, so that an
# unchanged one rebuilds nothing. COMMIT says it where there is no repository, as in an archive.
set(commit "${COMMIT}")
if(commit STREQUAL "")
  execute_process(COMMAND git -C ${FOLDER} rev-parse --short=12 HEAD
    OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE status)
  if(NOT status EQUAL 0)
    set(commit unknown)
  endif()
endif()
set(text "#include \"embedded/commit.hpp\"\nnamespace devy::embedded {\nconst std::string_view commit = \"${commit}\";\n}\n")
set(before "")
if(EXISTS ${SOURCE})
  file(READ ${SOURCE} before)
endif()
if(NOT text STREQUAL before)
  file(WRITE ${SOURCE} "${text}")
endif()
