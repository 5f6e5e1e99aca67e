#pragma once

#include <filesystem>

namespace bitmason {

/// The folder with devices/, rtl/ and the simulation bench: the one that BITMASON_DATA names, else
/// share/bitmason beside an installed program, else the source tree it was built from.
std::filesystem::path data_folder();

}  // namespace bitmason
