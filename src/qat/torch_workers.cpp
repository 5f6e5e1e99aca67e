#define USE_C10D_GLOO
#include "qat/torch_workers_internal.hpp"

#include <torch/csrc/distributed/c10d/FileStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include "qat/diagnostics.hpp"

namespace bitmason::qat {
namespace {

/// The host's own interface, else the one that is always there.
std::shared_ptr<::gloo::transport::Device> device() {
  try {
    return c10d::ProcessGroupGloo::createDefaultDevice();
  } catch (const std::exception&) {
    return c10d::ProcessGroupGloo::createDeviceForInterface("lo");
  }
}

c10::intrusive_ptr<c10d::ProcessGroupGloo> process_group(const WorkerGroup& group) {
  const auto store = c10::make_intrusive<c10d::FileStore>(group.meeting.string(), group.count);
  auto options = c10d::ProcessGroupGloo::Options::create();
  options->timeout = group.patience;
  options->devices.push_back(device());
  return c10::make_intrusive<c10d::ProcessGroupGloo>(store, group.rank, group.count, options);
}

/// The first line of what torch says.
std::string reason(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

}  // namespace

Result<Workers> Workers::meet(const WorkerGroup& group) {
  Workers workers;
  workers.count_ = group.count;
  if (group.count == 1) return workers;
  try {
    std::filesystem::create_directories(std::filesystem::absolute(group.meeting).parent_path());
    workers.sum_ = [processes = process_group(group)](at::Tensor& tensor) {
      std::vector<at::Tensor> tensors{tensor};
      processes->allreduce(tensors)->wait();
    };
  } catch (const std::exception& error) {
    return make_diagnostic(diagnostics::kNoMeeting, group.meeting.string(),
                           {std::to_string(group.rank + 1), std::to_string(group.count), reason(error)});
  }
  return workers;
}

Status Workers::average(const std::vector<at::Tensor>& tensors) const {
  if (!sum_) return success();
  const at::NoGradGuard no_gradients;
  std::vector<at::Tensor> flat;
  for (const auto& tensor : tensors) flat.push_back(tensor.flatten());
  auto all = at::cat(flat);
  try {
    sum_(all);
  } catch (const std::exception& error) {
    return make_diagnostic(diagnostics::kWorkerGone, "workers", {std::to_string(count_), reason(error)});
  }
  all.div_(count_);
  std::int64_t first = 0;
  for (const auto& tensor : tensors) {
    at::Tensor target = tensor;
    target.copy_(all.slice(0, first, first + tensor.numel()).reshape(tensor.sizes()));
    first += tensor.numel();
  }
  return success();
}

}  // namespace bitmason::qat
