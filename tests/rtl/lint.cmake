# Lints every module of rtl/ alone with its default parameters; any warning is an error.
file(GLOB modules ${RTL}/*.sv ${RTL}/dsp/*.sv)
set(failed "")
foreach(module ${modules})
  execute_process(COMMAND ${VERILATOR} --lint-only -Wall -y ${RTL} -y ${RTL}/dsp -y ${RTL}/dsp/models ${module}
                  RESULT_VARIABLE result ERROR_VARIABLE text)
  if(NOT result EQUAL 0)
    message("${text}")
    list(APPEND failed ${module})
  endif()
endforeach()
if(failed)
  message(FATAL_ERROR "lint fails: ${failed}")
endif()
