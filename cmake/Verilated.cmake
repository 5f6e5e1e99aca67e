# Test benches of RTL modules are compiled by Verilator; tests/rtl/CMakeLists.txt lists them.
find_program(BITMASON_VERILATOR verilator)
find_program(BITMASON_YOSYS yosys)
find_program(BITMASON_IVERILOG iverilog)

# bitmason_verilated_test(NAME n TOP module SOURCES a.sv ... TB tb.cpp [PARAMS A=1 ...] [ARGS ...] [LABELS ...])
#
# Verilates TOP (SOURCES first, other modules from rtl/), compiles it with the bench TB and adds the ctest NAME,
# labelled rtl. Registers start random and `x` is random: benches set the seed. The bench runs in the
# build folder of its test, where it may write memory files before the model starts. PARAMS override TOP's.
function(bitmason_verilated_test)
  cmake_parse_arguments(ARG "" "NAME;TOP;TB" "SOURCES;PARAMS;ARGS;LABELS;DEFINES" ${ARGN})
  if(NOT BITMASON_VERILATOR)
    message(STATUS "verilator not found: ${ARG_NAME} is not built")
    return()
  endif()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${ARG_NAME})
  set(program ${folder}/V${ARG_TOP})
  list(TRANSFORM ARG_SOURCES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  set(parameters ${ARG_PARAMS})
  list(TRANSFORM parameters PREPEND -G)
  set(launcher)
  if(BITMASON_CCACHE)
    set(launcher -MAKEFLAGS OBJCACHE=${BITMASON_CCACHE})
  endif()
  file(GLOB library CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rtl/*.sv ${CMAKE_SOURCE_DIR}/rtl/dsp/*.sv)
  file(MAKE_DIRECTORY ${folder})
  add_custom_command(
    OUTPUT ${program}
    COMMAND ${BITMASON_VERILATOR} --cc --exe --build -j 1 -Wall --assert --x-assign unique --x-initial unique
            -O3 --Mdir ${folder} -y ${CMAKE_SOURCE_DIR}/rtl -y ${CMAKE_SOURCE_DIR}/rtl/dsp
            -y ${CMAKE_SOURCE_DIR}/rtl/dsp/models ${parameters} --top-module ${ARG_TOP}
            -CFLAGS "-std=c++20 -Wall -Wextra -Werror -I${CMAKE_SOURCE_DIR}/tests/rtl ${ARG_DEFINES}"
            -MAKEFLAGS OPT_FAST=-O1 -MAKEFLAGS OPT_SLOW=-O0 -MAKEFLAGS OPT_GLOBAL=-O1 ${launcher}
            ${ARG_SOURCES} ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_TB} > ${folder}/build.log 2>&1
            || sh -c "cat ${folder}/build.log; exit 1"
    DEPENDS ${ARG_SOURCES} ${CMAKE_CURRENT_SOURCE_DIR}/${ARG_TB} ${library} ${CMAKE_SOURCE_DIR}/tests/rtl/stream_bench.hpp
    COMMENT "Verilating ${ARG_NAME}" VERBATIM)
  add_custom_target(${ARG_NAME} ALL DEPENDS ${program})
  add_test(NAME ${ARG_NAME} COMMAND ${program} ${ARG_ARGS} WORKING_DIRECTORY ${folder})
  set_tests_properties(${ARG_NAME} PROPERTIES LABELS "rtl;${ARG_LABELS}" TIMEOUT 300)
endfunction()
