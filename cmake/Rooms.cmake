# bitmason_room(NAME USES <rooms> LINKS <libraries>)
#
# One static library per folder under src/ and one test program per folder under tests/. USES names
# the rooms whose headers this room may include; the layer table in ARCHITECTURE.md says the same
# and tests/architecture fails where an include, this call and the table disagree.
function(bitmason_room name)
  cmake_parse_arguments(ARG "" "" "USES;LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  if(NOT sources)
    add_library(${name} INTERFACE)
    add_library(bitmason::${name} ALIAS ${name})
    return()
  endif()
  add_library(${name} STATIC ${sources})
  add_library(bitmason::${name} ALIAS ${name})
  set_target_properties(${name} PROPERTIES OUTPUT_NAME bitmason_${name})
  target_link_libraries(${name} PUBLIC bitmason_options PRIVATE fmt::fmt ${ARG_LINKS})
  foreach(room ${ARG_USES})
    target_link_libraries(${name} PUBLIC bitmason::${room})
  endforeach()
endfunction()

# bitmason_room_tests(NAME LINKS <libraries>): tests/NAME/*_test.cpp as the program NAME_tests,
# labelled NAME, or slow where the name of the suite holds "Slow". Tests find the repository and ../shared through two definitions.
function(bitmason_room_tests name)
  cmake_parse_arguments(ARG "" "" "LINKS" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/tests/${name}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${name}_tests ${sources})
  if(TARGET ${name})
    target_link_libraries(${name}_tests PRIVATE bitmason::${name})
  endif()
  target_link_libraries(${name}_tests PRIVATE bitmason_options fmt::fmt GTest::gtest GTest::gmock GTest::gtest_main
                                              ${ARG_LINKS})
  target_include_directories(${name}_tests PRIVATE ${CMAKE_SOURCE_DIR}/tests)
  target_compile_definitions(${name}_tests PRIVATE
    BITMASON_SOURCE_DIR="${CMAKE_SOURCE_DIR}"
    BITMASON_BINARY_DIR="${CMAKE_BINARY_DIR}"
    BITMASON_SHARED_DIR="${CMAKE_SOURCE_DIR}/../shared")
  include(GoogleTest)
  gtest_discover_tests(${name}_tests TEST_FILTER "-*Slow*.*" DISCOVERY_TIMEOUT 60 PROPERTIES LABELS ${name} TIMEOUT 600)
  gtest_discover_tests(${name}_tests TEST_FILTER "*Slow*.*" TEST_LIST ${name}_slow_tests DISCOVERY_TIMEOUT 60
                       PROPERTIES LABELS slow TIMEOUT 600)
endfunction()
