#include <deque>
#include <map>

#include "verify/depth.hpp"
#include "verify/diagnostics.hpp"

namespace bitmason::verify {

namespace {

/// Pins are nodes; a module's `through` paths and the nets of the top level join them.
class Composition {
 public:
  explicit Composition(const std::vector<DepthInstance>& instances) : instances_(instances) {}

  Result<Paths> run() {
    number_pins();
    join_modules();
    join_nets();
    if (auto done = propagate(); !done) return done.errors();
    return worst_;
  }

 private:
  struct Node {
    const DepthInstance* instance;
    const NetlistPort* pin;
    Paths arrivals{};
    std::vector<std::pair<std::size_t, const Paths*>> leaving{};  ///< null: a net
    int waiting = 0;
  };

  static std::string named(const DepthInstance& instance, const std::string& end) {
    return instance.name + "." + end;
  }

  static std::string end_name(const Node& node) { return named(*node.instance, node.pin->name); }

  void number_pins() {
    for (const DepthInstance& instance : instances_) {
      for (const Path& path : instance.module->inside) {
        add_path(worst_, {path.depth, named(instance, path.from), named(instance, path.to)});
      }
      for (const NetlistPort& pin : instance.pins) {
        numbers_[{&instance, pin.name}] = nodes_.size();
        Node& node = nodes_.emplace_back(Node{&instance, &pin});
        const auto found = instance.module->from_register.find(pin.name);
        if (!pin.is_output || found == instance.module->from_register.end()) continue;
        for (const Path& path : found->second) {
          add_path(node.arrivals, {path.depth, named(instance, path.from), ""});
        }
      }
    }
  }

  void join(std::size_t from, std::size_t to, const Paths* paths) {
    nodes_[from].leaving.emplace_back(to, paths);
    ++nodes_[to].waiting;
  }

  void join_modules() {
    for (const DepthInstance& instance : instances_) {
      for (const auto& [ports, paths] : instance.module->through) {
        const auto from = numbers_.find({&instance, ports.first});
        const auto to = numbers_.find({&instance, ports.second});
        if (from != numbers_.end() && to != numbers_.end()) join(from->second, to->second, &paths);
      }
    }
  }

  void join_nets() {
    std::map<NetBit, std::size_t> drivers;
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
      if (!nodes_[n].pin->is_output) continue;
      for (const NetBit bit : nodes_[n].pin->bits) drivers[bit] = n;
    }
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
      if (nodes_[n].pin->is_output) continue;
      std::map<std::size_t, bool> seen;
      for (const NetBit bit : nodes_[n].pin->bits) {
        const auto driver = drivers.find(bit);
        if (bit >= 0 && driver == drivers.end()) {
          add_path(nodes_[n].arrivals, {{}, "port of the design at " + end_name(nodes_[n]), ""});
        }
        if (bit < 0 || driver == drivers.end() || seen[driver->second]) continue;
        seen[driver->second] = true;
        join(driver->second, n, nullptr);
      }
    }
  }

  Status propagate() {
    std::deque<std::size_t> ready;
    for (std::size_t n = 0; n < nodes_.size(); ++n) {
      if (nodes_[n].waiting == 0) ready.push_back(n);
    }
    std::size_t done = 0;
    for (; !ready.empty(); ready.pop_front(), ++done) {
      const Node& node = nodes_[ready.front()];
      finish(node);
      for (const auto& [to, paths] : node.leaving) {
        for (const Path& arrival : node.arrivals) {
          if (paths == nullptr)
            add_path(nodes_[to].arrivals, arrival);
          else
            for (const Path& path : *paths) {
              add_path(nodes_[to].arrivals, {arrival.depth + path.depth, arrival.from, ""});
            }
        }
        if (--nodes_[to].waiting == 0) ready.push_back(to);
      }
    }
    if (done == nodes_.size()) return success();
    for (const Node& node : nodes_) {
      if (node.waiting == 0) continue;
      return make_diagnostic(diagnostics::kLoop, "top", {named(*node.instance, node.pin->name)});
    }
    return success();
  }

  void finish(const Node& node) {
    const auto found = node.instance->module->to_register.find(node.pin->name);
    // Where the pin leaves the design its paths end; elsewhere a longer path covers them.
    if (node.pin->is_output) {
      for (const Path& arrival : node.arrivals)
        add_path(worst_, {arrival.depth, arrival.from, end_name(node)});
    }
    if (node.pin->is_output || found == node.instance->module->to_register.end()) return;
    for (const Path& arrival : node.arrivals) {
      for (const Path& path : found->second) {
        add_path(worst_, {arrival.depth + path.depth, arrival.from, named(*node.instance, path.to)});
      }
    }
  }

  const std::vector<DepthInstance>& instances_;
  std::vector<Node> nodes_;
  std::map<std::pair<const DepthInstance*, std::string>, std::size_t> numbers_;
  Paths worst_;
};

}  // namespace

Result<Paths> compose_depth(const std::vector<DepthInstance>& instances) {
  return Composition(instances).run();
}

}  // namespace bitmason::verify
