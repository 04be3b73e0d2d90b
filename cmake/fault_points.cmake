# Finds the sources that have fault points by their include. Only these get the switch, so that
# changing it rebuilds no other source; fault points do nothing where it is off.
set(devy_fault_sources core/platform/base/fault_point.cpp)
file(GLOB_RECURSE fault_candidates CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR}
  ${CMAKE_SOURCE_DIR}/core/*.cpp ${CMAKE_SOURCE_DIR}/daemon/*.cpp)
foreach(source ${fault_candidates})
  file(STRINGS ${source} found REGEX "include \"core/platform/base/fault_point.hpp\"" LIMIT_COUNT 1)
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
