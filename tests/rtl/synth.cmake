# Memory files of synth_top, the lint test of every module and the synthesis tests.
set(folder ${CMAKE_CURRENT_BINARY_DIR}/synth)
foreach(lane 000 001 002)
  # Two groups: a flag above a threshold of 8 bits, then pairs of thresholds.
  file(WRITE ${folder}/mem/thresholds_00_${lane}.hex "${lane}\n1fe\n")
  file(WRITE ${folder}/mem/thresholds_01_${lane}.hex "1${lane}\n40fb\n")
endforeach()
file(WRITE ${folder}/mem/scales.hex "12345678abcdef\n0fedcba9876543\n")

file(GLOB modules CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rtl/*.sv ${CMAKE_SOURCE_DIR}/rtl/dsp/*.sv)

if(BITMASON_VERILATOR)
  add_test(NAME rtl_lint COMMAND ${CMAKE_COMMAND} -DVERILATOR=${BITMASON_VERILATOR} -DRTL=${CMAKE_SOURCE_DIR}/rtl
           -P ${CMAKE_CURRENT_SOURCE_DIR}/lint.cmake)
  set_tests_properties(rtl_lint PROPERTIES LABELS rtl TIMEOUT 120)
endif()

if(BITMASON_IVERILOG)
  add_test(NAME rtl_icarus COMMAND sh -c "${BITMASON_IVERILOG} -g2012 -s unknown_tb '-DBITMASON_MEM=\"mem/\"' -o unknown.vvp -y ${CMAKE_SOURCE_DIR}/rtl -Y .sv ${CMAKE_CURRENT_SOURCE_DIR}/unknown_tb.sv ${CMAKE_CURRENT_SOURCE_DIR}/synth_top.sv && vvp -n unknown.vvp"
           WORKING_DIRECTORY ${folder})
  set_tests_properties(rtl_icarus PROPERTIES LABELS rtl TIMEOUT 120 FAIL_REGULAR_EXPRESSION "error;warning;WARNING;FATAL" PASS_REGULAR_EXPRESSION "every output is known")
endif()

# A latch, a second driver, a loop or a cell that stays generic fails the test.
if(BITMASON_YOSYS)
  list(FILTER modules EXCLUDE REGEX "stream_checker")
  list(JOIN modules " " sources)
  foreach(target "xilinx -family xcup -nosrl -noiopad -flatten" ecp5 ice40)
    # iCE40 has no LUT memory.
    set(small 0)
    if(target STREQUAL ice40)
      set(small 2)
    endif()
    string(REGEX MATCH "^[a-z0-9]+" family ${target})
    add_test(NAME rtl_synth_${family} COMMAND ${BITMASON_YOSYS} -q
             -e "[Ll]atch|[Mm]ultiple|[Cc]onflict|driver|out of bounds|[Ii]mplicit"
             -p "read_verilog -defer -sv -DBITMASON_MEM=\"mem/\" ${sources} ${CMAKE_CURRENT_SOURCE_DIR}/synth_top.sv; hierarchy -top synth_top -chparam SMALL ${small}; synth_${target} -top synth_top; check -assert; select -assert-none t:$* t:LD* t:*LATCH*"
             WORKING_DIRECTORY ${folder})
    set_tests_properties(rtl_synth_${family} PROPERTIES LABELS rtl TIMEOUT 300)
  endforeach()
endif()

# UltraRAM as Yosys maps it, simulated with the model that `verify --level netlist` uses.
if(BITMASON_YOSYS AND BITMASON_IVERILOG)
  get_filename_component(yosys_cells ${BITMASON_YOSYS}/../../share/yosys/xilinx/cells_sim.v ABSOLUTE)
  add_test(NAME rtl_ultra COMMAND sh -c "'${BITMASON_YOSYS}' -q -p 'read_verilog -sv ${CMAKE_SOURCE_DIR}/rtl/bm_ram.sv; hierarchy -top bm_ram -chparam WIDTH 100 -chparam DEPTH 8192 -chparam BLOCK 3; synth_xilinx -family xcup -nosrl -uram -noiopad -noclkbuf -flatten; select -assert-count 3 t:URAM288; rename -top netlist; write_verilog -noattr ultra.v' && '${BITMASON_IVERILOG}' -g2012 -s ultra_tb -o ultra.vvp ${CMAKE_CURRENT_SOURCE_DIR}/ultra_tb.sv ultra.v ${CMAKE_SOURCE_DIR}/src/verify/models/URAM288.v ${yosys_cells} && vvp -n ultra.vvp"
           WORKING_DIRECTORY ${folder})
  set_tests_properties(rtl_ultra PROPERTIES LABELS rtl TIMEOUT 300 PASS_REGULAR_EXPRESSION "every word read is right")
endif()
