# Warnings are errors in every room; a sanitiser build is a preset.
add_library(bitmason_options INTERFACE)
target_compile_options(bitmason_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Woverloaded-virtual -Wcast-align -Wold-style-cast -Werror
  # Designated initialisers name what differs from the default; gcc 12 misreads variants as uninitialised and string sums as overlapping.
  -Wno-missing-field-initializers "$<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized;-Wno-restrict>")
target_include_directories(bitmason_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
if(BITMASON_SANITIZE)
  target_compile_options(bitmason_options INTERFACE -fsanitize=address,undefined -fno-sanitize-recover=all
                                                    -fno-omit-frame-pointer)
  target_link_options(bitmason_options INTERFACE -fsanitize=address,undefined)
endif()
if(BITMASON_FUZZ)
  target_compile_options(bitmason_options INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-omit-frame-pointer)
  target_link_options(bitmason_options INTERFACE -fsanitize=address,undefined)
endif()

find_program(BITMASON_CCACHE ccache)
if(BITMASON_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${BITMASON_CCACHE})
endif()
