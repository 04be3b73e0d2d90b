# The name of what is built from a folder: its last part, or what a store is the store of as well,
# since each system has one. "platform/base" gives "base", "publishing/store" "publishing_store"; what
# stands in core itself is "systems".
function(devy_folder_name path name)
  get_filename_component(leaf ${path} NAME)
  if(leaf STREQUAL "store")
    string(REPLACE "/" "_" leaf ${path})
  elseif(leaf STREQUAL ".")
    set(leaf systems)
  endif()
  set(${name} ${leaf} PARENT_SCOPE)
endfunction()

function(devy_apply_standards target)
  target_link_libraries(${target} PRIVATE standard_settings standard_warnings)
  if(TARGET pch_anchor)
    target_compile_options(${target} PRIVATE -fpch-preprocess)
    target_precompile_headers(${target} REUSE_FROM pch_anchor)
  endif()
endfunction()

# devy_library(<path> [LIBS public…] [PRIVATE private…]): core/<path>/*.cpp as devy_<folder>, without
# the folders below it.
function(devy_library path)
  cmake_parse_arguments(ARG "" "" "LIBS;PRIVATE" ${ARGN})
  devy_folder_name(${path} folder)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/core/${path}/*.cpp)
  add_library(devy_${folder} STATIC ${sources})
  target_include_directories(devy_${folder} PUBLIC ${CMAKE_SOURCE_DIR})
  target_link_libraries(devy_${folder} PUBLIC ${ARG_LIBS} PRIVATE ${ARG_PRIVATE} Threads::Threads)
  devy_apply_standards(devy_${folder})
  # Only core is measured; the tests are then taken from the compiler cache.
  if(DEVY_COVERAGE)
    target_compile_options(devy_${folder} PRIVATE --coverage -fprofile-update=atomic)
    target_compile_definitions(devy_${folder} PRIVATE DEVY_COVERED=1)
  endif()
endfunction()

# devy_program(<name> FOLDER <folder> [LIBS …] [PRIVATE …]): every .cpp below the folder. All but
# main.cpp is the object library devy_<folder>, which the folder's unit tests link too.
function(devy_program name)
  cmake_parse_arguments(ARG "" "FOLDER" "LIBS;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${ARG_FOLDER}/*.cpp)
  set(main ${CMAKE_SOURCE_DIR}/${ARG_FOLDER}/main.cpp)
  if(NOT main IN_LIST sources)
    return()
  endif()
  list(REMOVE_ITEM sources ${main})
  add_library(devy_${ARG_FOLDER} OBJECT ${sources})
  target_include_directories(devy_${ARG_FOLDER} PUBLIC ${CMAKE_SOURCE_DIR})
  target_compile_definitions(devy_${ARG_FOLDER} PRIVATE DEVY_VERSION="${PROJECT_VERSION}")
  target_link_libraries(devy_${ARG_FOLDER} PUBLIC ${ARG_LIBS} PRIVATE ${ARG_PRIVATE} Threads::Threads)
  devy_apply_standards(devy_${ARG_FOLDER})
  add_executable(${name} ${main})
  target_link_libraries(${name} PRIVATE devy_${ARG_FOLDER})
  devy_apply_standards(${name})
endfunction()

# devy_test(<kind> <path> LIBS …): tests/<kind>/<path>/*.cpp as the program <kind>_<folder>; with
# RECURSE also what stands in folders below. One ctest entry a program: its PostgreSQL cluster is
# started once for all its tests.
function(devy_test kind path)
  cmake_parse_arguments(ARG "RECURSE" "" "LIBS" ${ARGN})
  set(glob GLOB)
  if(ARG_RECURSE)
    set(glob GLOB_RECURSE)
  endif()
  file(${glob} sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${kind}/${path}/*.cpp)
  if(NOT sources)
    return()
  endif()
  devy_folder_name(${path} folder)
  set(name ${kind}_${folder})
  add_executable(${name} ${sources})
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} devy_test_support GTest::gtest)
  devy_apply_standards(${name})
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS ${kind} TIMEOUT ${devy_test_seconds_max})
endfunction()
