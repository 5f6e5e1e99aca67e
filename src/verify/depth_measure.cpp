#include <algorithm>
#include <deque>
#include <unordered_map>

#include "verify/arcs.hpp"
#include "verify/diagnostics.hpp"

namespace bitmason::verify {

namespace {

/// Where a path may have started: -1 a register, else an input port.
struct Arrival {
  Depth depth;
  int group = -1;
  int source = -1;  ///< index of the start's name
};

class Measure {
 public:
  explicit Measure(const Netlist& netlist) : netlist_(netlist) {}

  Result<ModuleDepth> run() {
    if (auto built = build(); !built) return built.errors();
    start();
    if (auto done = propagate(); !done) return done.errors();
    return collect();
  }

 private:
  std::size_t node(NetBit bit) {
    const auto [at, added] = nodes_.emplace(bit, nodes_.size());
    if (added) {
      arrivals_.emplace_back();
      leaving_.emplace_back();
      waiting_.push_back(0);
    }
    return at->second;
  }

  Status build() {
    for (std::size_t c = 0; c < netlist_.cells.size(); ++c) {
      const NetlistCell& cell = netlist_.cells[c];
      const CellRule* rule = find_rule(cell.type);
      if (rule == nullptr) {
        return make_diagnostic(diagnostics::kUnknownCell, netlist_.name, {cell.name, cell.type});
      }
      rules_.push_back(rule);
      for (const Arc& arc : arcs_of(cell, *rule)) {
        const std::size_t to = node(arc.to);
        leaving_[node(arc.from)].push_back({static_cast<int>(to), static_cast<int>(c), arc.depth});
        ++waiting_[to];
      }
    }
    return success();
  }

  static void add(std::vector<Arrival>& list, const Arrival& arrival) {
    const auto covers = [](const Arrival& a, const Arrival& b) {
      return a.group == b.group && a.depth.levels >= b.depth.levels &&
             a.depth.carry_bits >= b.depth.carry_bits;
    };
    for (const Arrival& other : list) {
      if (covers(other, arrival)) return;
    }
    std::erase_if(list, [&](const Arrival& other) { return covers(arrival, other); });
    list.push_back(arrival);
  }

  int source(std::string name) {
    sources_.push_back(std::move(name));
    return static_cast<int>(sources_.size()) - 1;
  }

  /// Flip-flops are known by the net they drive, the others by their cell.
  std::string register_name(std::size_t c) const {
    const NetlistCell& cell = netlist_.cells[c];
    if (rules_[c]->kind != CellKind::FlipFlop) return cell.name + " (" + cell.type + ")";
    for (const NetlistPort& pin : cell.pins) {
      if (!pin.is_output || pin.bits.empty()) continue;
      const auto found = netlist_.net_names.find(pin.bits[0]);
      if (found != netlist_.net_names.end()) return found->second;
    }
    return cell.name;
  }

  void start() {
    for (std::size_t c = 0; c < netlist_.cells.size(); ++c) {
      if (!starts_path(*rules_[c])) continue;
      const int name = source(register_name(c));
      for (const NetlistPort& pin : netlist_.cells[c].pins) {
        if (!pin.is_output) continue;
        for (const NetBit bit : pin.bits) {
          if (bit >= 0) add(arrivals_[node(bit)], {{}, -1, name});
        }
      }
    }
    for (std::size_t p = 0; p < netlist_.ports.size(); ++p) {
      const NetlistPort& port = netlist_.ports[p];
      if (port.is_output) continue;
      const int name = source("port " + port.name);
      for (const NetBit bit : port.bits) {
        if (bit >= 0) add(arrivals_[node(bit)], {{}, static_cast<int>(p), name});
      }
    }
  }

  Status propagate() {
    std::deque<std::size_t> ready;
    for (std::size_t n = 0; n < waiting_.size(); ++n) {
      if (waiting_[n] == 0) ready.push_back(n);
    }
    for (; !ready.empty(); ready.pop_front()) {
      const std::size_t n = ready.front();
      for (const Leaving& arc : leaving_[n]) {
        const auto to = static_cast<std::size_t>(arc.to);
        for (const Arrival& arrival : arrivals_[n]) {
          add(arrivals_[to], {arrival.depth + arc.depth, arrival.group, arrival.source});
        }
        if (--waiting_[to] == 0) ready.push_back(to);
      }
    }
    for (std::size_t n = 0; n < waiting_.size(); ++n) {
      for (const Leaving& arc : leaving_[n]) {
        if (waiting_[n] == 0 || waiting_[static_cast<std::size_t>(arc.to)] == 0) continue;
        return make_diagnostic(diagnostics::kLoop, netlist_.name,
                               {netlist_.cells[static_cast<std::size_t>(arc.cell)].name});
      }
    }
    return success();
  }

  void end(ModuleDepth& depth, NetBit bit, const std::string& name, const NetlistPort* port) {
    const auto found = nodes_.find(bit);
    if (found == nodes_.end()) return;
    for (const Arrival& arrival : arrivals_[found->second]) {
      const Path path{arrival.depth, sources_[static_cast<std::size_t>(arrival.source)], name};
      if (arrival.group < 0) {
        add_path(port == nullptr ? depth.inside : depth.from_register[port->name], path);
        continue;
      }
      const std::string& from = netlist_.ports[static_cast<std::size_t>(arrival.group)].name;
      add_path(port == nullptr ? depth.to_register[from] : depth.through[{from, port->name}], path);
    }
  }

  ModuleDepth collect() {
    ModuleDepth depth;
    for (std::size_t c = 0; c < netlist_.cells.size(); ++c) {
      const std::string name = starts_path(*rules_[c]) ? register_name(c) : "";
      for (const NetlistPort& pin : netlist_.cells[c].pins) {
        if (pin.is_output || !ends_path(*rules_[c], pin.name)) continue;
        for (const NetBit bit : pin.bits) end(depth, bit, name, nullptr);
      }
    }
    for (const NetlistPort& port : netlist_.ports) {
      if (!port.is_output) continue;
      for (const NetBit bit : port.bits) end(depth, bit, "port " + port.name, &port);
    }
    return depth;
  }

  struct Leaving {
    int to;
    int cell;
    Depth depth;
  };

  const Netlist& netlist_;
  std::vector<const CellRule*> rules_;             ///< by cell
  std::unordered_map<NetBit, std::size_t> nodes_;  ///< net to node
  std::vector<std::vector<Arrival>> arrivals_;     ///< by node
  std::vector<std::vector<Leaving>> leaving_;      ///< by node
  std::vector<int> waiting_;                       ///< arcs into the node not yet followed
  std::vector<std::string> sources_;
};

}  // namespace

Result<ModuleDepth> measure_depth(const Netlist& netlist) {
  return Measure(netlist).run();
}

}  // namespace bitmason::verify
