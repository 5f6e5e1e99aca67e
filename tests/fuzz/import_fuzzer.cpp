#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "import/import.hpp"

/// libFuzzer: any bytes end in a model or diagnostics, any model in a network or findings.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bitmason;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  const auto model = onnxio::parse_model(bytes, "fuzz");
  if (!model) {
    if (model.errors().empty()) std::abort();
    return 0;
  }
  for (const char* type : {"", "uint8"}) {
    import::Options options;
    options.input_type = type;
    const auto imported = import::import_onnx(*model, options);
    if (!imported && imported.errors().empty()) std::abort();
  }
  return 0;
}
