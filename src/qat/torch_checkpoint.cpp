#include "qat/torch_checkpoint_internal.hpp"

#include <ATen/core/ivalue.h>
#include <torch/csrc/jit/serialization/pickle.h>

#include <exception>

#include "base/file.hpp"
#include "qat/diagnostics.hpp"

namespace bitmason::qat {
namespace {

constexpr std::size_t kFields = 4;

Result<Checkpoint> unpickle(const std::filesystem::path& path, const std::string& bytes) {
  const auto broken = [&](const std::string& why) {
    return make_diagnostic(diagnostics::kCheckpointBroken, path.string(), {why});
  };
  try {
    const auto value = torch::jit::pickle_load(std::vector<char>(bytes.begin(), bytes.end()));
    if (!value.isTuple()) return broken("no tuple");
    const auto& fields = value.toTupleRef().elements();
    if (fields.size() != kFields) return broken("not 4 fields");
    if (!fields[0].isString() || !fields[1].isInt() || !fields[2].isInt() || !fields[3].isTensorList())
      return broken("fields of other types");
    return Checkpoint{fields[0].toStringRef(), fields[1].toInt(), fields[2].toInt(),
                      fields[3].toTensorVector()};
  } catch (const std::exception&) {
    return broken("it cannot be unpickled");
  }
}

}  // namespace

Status write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint) {
  const auto bytes = torch::jit::pickle_save(c10::ivalue::Tuple::create(
      {checkpoint.run, checkpoint.epoch, checkpoint.steps, c10::List<at::Tensor>(checkpoint.tensors)}));
  return write_file(path, {bytes.data(), bytes.size()});
}

Result<Checkpoint> read_checkpoint(const std::filesystem::path& path, const std::string& run) {
  const auto bytes = read_file(path);
  if (!bytes) return bytes.errors();
  auto checkpoint = unpickle(path, *bytes);
  if (checkpoint && checkpoint->run != run)
    return make_diagnostic(diagnostics::kCheckpointOther, path.string(), {checkpoint->run, run});
  return checkpoint;
}

bool restore(const std::vector<at::Tensor>& to, const std::vector<at::Tensor>& from) {
  const at::NoGradGuard no_gradients;
  if (to.size() != from.size()) return false;
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (to[i].sizes() != from[i].sizes()) return false;
  }
  for (std::size_t i = 0; i < to.size(); ++i) at::Tensor(to[i]).copy_(from[i]);
  return true;
}

}  // namespace bitmason::qat
