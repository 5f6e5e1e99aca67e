#pragma once

#include <string>

#include "base/result.hpp"
#include "device/device.hpp"
#include "flow/request.hpp"

namespace bitmason::flow {

struct PartAndPrimitive {
  device::Part part;
  device::Primitive primitive;
};

/// The part of that name and its primitive. Errors: BM-DEV-*, BM-FLOW-001.
Result<PartAndPrimitive> find_part(const DataFolders& data, const std::string& name);

/// The primitive of that name, or of the part of that name. Errors: BM-DEV-*, BM-FLOW-001.
Result<device::Primitive> find_primitive(const DataFolders& data, const std::string& name);

}  // namespace bitmason::flow
