# Test benches of RTL modules are compiled by Verilator; tests/rtl/CMakeLists.txt lists them.
find_program(BITMASON_VERILATOR verilator)
