#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "import/import.hpp"
#include "ir/text.hpp"

/// libFuzzer: any bytes end in a model or diagnostics, any model in a network whose text reads back or
/// findings.
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
    if (!imported) {
      if (imported.errors().empty()) std::abort();
      continue;
    }
    const std::string text = ir::to_json(imported->network);
    const auto again = ir::parse_network(text);
    if (!again || ir::to_json(*again) != text) std::abort();
  }
  return 0;
}
