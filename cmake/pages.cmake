# devy_template_names(<variable> <template>…): makes the header of each, and puts their paths into the
# variable.
function(devy_template_names variable)
  find_program(CTEMPLATE_NAMES ctemplate-make_tpl_varnames_h REQUIRED)
  set(script ${CMAKE_SOURCE_DIR}/cmake/template_names.cmake)
  set(headers "")
  foreach(template ${ARGN})
    get_filename_component(name ${template} NAME_WE)
    set(header ${CMAKE_BINARY_DIR}/html_names/${name}.hpp)
    add_custom_command(OUTPUT ${header}
      COMMAND ${CMAKE_COMMAND} -DTOOL=${CTEMPLATE_NAMES} -DTEMPLATE=${template} -DHEADER=${header} -P ${script}
      DEPENDS ${template} ${script} COMMENT "Names of ${name}.tpl" VERBATIM)
    list(APPEND headers ${header})
  endforeach()
  set(${variable} ${headers} PARENT_SCOPE)
endfunction()

# devy_templates(<target> <folder>): checks each template of the folder with ctemplate's own tool,
# makes a header html_names/<template>.hpp of its names (core/platform/web/html/name.hpp), and puts
# all texts into the target as embedded_templates().
function(devy_templates target folder)
  file(GLOB templates CONFIGURE_DEPENDS ${folder}/*.tpl)
  devy_template_names(headers ${templates})
  set(source ${CMAKE_BINARY_DIR}/html_names/embedded_templates.cpp)
  set(embed ${CMAKE_SOURCE_DIR}/cmake/embed_templates.cmake)
  add_custom_command(OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} "-DTEMPLATES=${templates}" -DSOURCE=${source} -P ${embed}
    DEPENDS ${templates} ${embed} COMMENT "Embedding templates" VERBATIM)
  # A program that brings more templates takes its place (devy_more_templates).
  set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  # Tools that only read sources, such as clang-tidy, build this alone.
  add_custom_target(html_names DEPENDS ${headers})
  target_sources(${target} PRIVATE ${source})
  target_include_directories(${target} PUBLIC ${CMAKE_BINARY_DIR})
  add_dependencies(${target} html_names)
endfunction()

# devy_more_templates(<program> <folder> <template>…): the folder's templates and these, for one program.
function(devy_more_templates program folder)
  file(GLOB templates CONFIGURE_DEPENDS ${folder}/*.tpl)
  devy_template_names(headers ${ARGN})
  set(source ${CMAKE_CURRENT_BINARY_DIR}/${program}_templates.cpp)
  set(embed ${CMAKE_SOURCE_DIR}/cmake/embed_templates.cmake)
  add_custom_command(OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} "-DTEMPLATES=${templates};${ARGN}" -DSOURCE=${source} -P ${embed}
    DEPENDS ${templates} ${ARGN} ${embed} COMMENT "Embedding templates" VERBATIM)
  target_sources(${program} PRIVATE ${source} ${headers})
  set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  add_dependencies(${program} html_names)
endfunction()

# devy_assets(<target> <folder>): puts app.css, app.js and files.js of the folder into the target, and htmx as
# npm brings it by the folder's lock file. `npm ci` runs in the build folder; with what npm has in its
# cache it needs no network (`npm_config_offline=true`).
function(devy_assets target folder)
  find_program(NPM npm REQUIRED)
  set(packages ${CMAKE_BINARY_DIR}/page_assets)
  set(lock ${folder}/package.json ${folder}/package-lock.json)
  set(htmx ${packages}/node_modules/htmx.org/dist/htmx.min.js)
  add_custom_command(OUTPUT ${htmx}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${packages}
    COMMAND ${CMAKE_COMMAND} -E copy_if_different ${lock} ${packages}
    COMMAND ${NPM} ci --prefix ${packages} --ignore-scripts --prefer-offline --no-audit --no-fund --loglevel=error
    COMMAND ${CMAKE_COMMAND} -E touch ${htmx}
    DEPENDS ${lock} COMMENT "Installing htmx" VERBATIM)
  foreach(asset app_css=${folder}/app.css app_js=${folder}/app.js files_js=${folder}/files.js htmx_js=${htmx})
    string(REGEX MATCH "^([a-z_]+)=(.*)$" found "${asset}")
    set(symbol ${CMAKE_MATCH_1})
    set(file ${CMAKE_MATCH_2})
    set(header ${CMAKE_BINARY_DIR}/embedded/${symbol}.hpp)
    set(source ${CMAKE_BINARY_DIR}/embedded/${symbol}.cpp)
    file(CONFIGURE OUTPUT ${header} CONTENT
      "#pragma once\n#include <string_view>\nnamespace devy::embedded {\nextern const std::string_view ${symbol};\n}\n")
    add_custom_command(OUTPUT ${source}
      COMMAND ${CMAKE_COMMAND} -DFILE=${file} -DSYMBOL=${symbol} -DSOURCE=${source}
              -P ${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake
      DEPENDS ${file} ${CMAKE_SOURCE_DIR}/cmake/embed_file.cmake COMMENT "Embedding ${symbol}" VERBATIM)
    target_sources(${target} PRIVATE ${header} ${source})
  endforeach()
endfunction()

# devy_web_routes(<target> <table>): puts method, path and right of each line of the table of pages into
# the target, as lines of text, so that the command line shows them without the daemon's code.
function(devy_web_routes target table)
  set(header ${CMAKE_BINARY_DIR}/embedded/web_routes.hpp)
  set(source ${CMAKE_BINARY_DIR}/embedded/web_routes.cpp)
  set(script ${CMAKE_SOURCE_DIR}/cmake/web_routes.cmake)
  file(CONFIGURE OUTPUT ${header} CONTENT
    "#pragma once\n#include <string_view>\nnamespace devy::embedded {\nextern const std::string_view web_routes;\n}\n")
  add_custom_command(OUTPUT ${source}
    COMMAND ${CMAKE_COMMAND} -DTABLE=${table} -DSOURCE=${source} -P ${script}
    DEPENDS ${table} ${script} COMMENT "Listing the routes of pages" VERBATIM)
  target_sources(${target} PRIVATE ${header} ${source})
endfunction()
