#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/json_internal.hpp"
#include "export/qcdq.hpp"
#include "flow/flow.hpp"
#include "onnxio/model.hpp"

namespace bitmason::flow {

Result<Document> export_qcdq(const ExportRequest& request) {
  const auto model = onnxio::read_model(request.network.file);
  if (!model) return model.errors();
  const auto standard = exporting::to_qcdq(*model);
  if (!standard) return standard.errors();
  if (auto written = onnxio::write_model(request.output, *standard); !written) return written.errors();
  const nlohmann::ordered_json json = {{"file", request.output.string()}, {"nodes", standard->nodes.size()}};
  return Document{
      fmt::format("wrote {} nodes of standard ONNX to {}\n", standard->nodes.size(), request.output.string()),
      json_text(json, 2)};
}

}  // namespace bitmason::flow
