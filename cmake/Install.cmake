# cmake --install BUILD --prefix PREFIX: the program in bin/, what it reads at run time in share/bitmason/, where
# tools/data_folder.cpp looks for it relative to the program. The data keep the places they have in the repository.
install(TARGETS bitmason RUNTIME DESTINATION bin)
# Where it was built: `bitmason` starts it from its own folder.
if(TARGET bitmason-train)
  install(TARGETS bitmason-train RUNTIME DESTINATION bin OPTIONAL)
endif()
install(DIRECTORY devices rtl DESTINATION share/bitmason)
install(DIRECTORY src/verify/bench src/verify/models DESTINATION share/bitmason/src/verify)
install(FILES LICENSE README.md DESTINATION share/doc/bitmason)
