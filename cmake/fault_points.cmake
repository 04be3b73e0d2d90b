# The sources that have fault points, found by their include. Only they know the switch, so that it
# costs nobody else a rebuild; only where it is on do the points do anything.
set(devy_fault_sources core/base/fault_point.cpp)
file(GLOB fault_candidates CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
  ${CMAKE_SOURCE_DIR}/core/*/*.cpp ${CMAKE_SOURCE_DIR}/daemon/*.cpp)
foreach(source ${fault_candidates})
  file(STRINGS ${source} found REGEX "include \"core/base/fault_point.hpp\"" LIMIT_COUNT 1)
  if(found)
    list(APPEND devy_fault_sources ${source})
  endif()
endforeach()
list(REMOVE_DUPLICATES devy_fault_sources)
if(DEVY_FAULT_POINTS)
  foreach(source ${devy_fault_sources})
    set_property(SOURCE ${CMAKE_SOURCE_DIR}/${source} APPEND PROPERTY COMPILE_DEFINITIONS DEVY_FAULT_POINTS)
  endforeach()
endif()
