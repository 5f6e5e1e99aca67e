#include <cassert>
#include <limits>
#include <map>

#include "hw/diagnostics.hpp"
#include "hw/external_weights.hpp"
#include "hw/lower_layers.hpp"
#include "hw/pack_parameters.hpp"
#include "pack/packing.hpp"

namespace bitmason::hw {

namespace {

/// Where a tensor goes: an input of a layer, or an output port of the network.
struct Edge {
  int consumer = -1;      ///< layer, or -1
  std::size_t input = 0;  ///< of the layer, or index of the output port
};

std::vector<std::vector<Edge>> edges_of(const ir::Network& network) {
  std::vector<std::vector<Edge>> edges(network.layers().size());
  for (std::size_t layer = 0; layer < network.layers().size(); ++layer) {
    const auto& inputs = network.layers()[layer].inputs;
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      edges[static_cast<std::size_t>(inputs[k].index)].push_back({static_cast<int>(layer), k});
    }
  }
  for (std::size_t k = 0; k < network.outputs().size(); ++k) {
    edges[static_cast<std::size_t>(network.outputs()[k].layer)].push_back({-1, k});
  }
  return edges;
}

std::string port_name(const char* base, std::size_t index, std::size_t count) {
  return count == 1 ? std::string(base) : std::string(base) + "_" + std::to_string(index + 1);
}

class Lowering {
 public:
  Lowering(const ir::Network& network, const plan::Plan& plan, const device::Part& part,
           const device::Primitive& primitive)
      : network_(network), plan_(plan), primitive_(primitive), builder_(design_) {
    design_.name = identifier(network.name());
    design_.part = part;
    design_.primitive = primitive;
    for (const ir::Layer& layer : network.layers()) arrived_.emplace_back(layer.inputs.size());
    leaving_.resize(network.outputs().size());
  }

  Design run() && {
    const auto edges = edges_of(network_);
    for (std::size_t index = 0; index < network_.layers().size(); ++index) {
      tensors_.push_back(lower_layer(index));
      distribute(index, edges[index], tensors_.back());
    }
    for (std::size_t k = 0; k < leaving_.size(); ++k) add_output(k);
    add_memory_port(design_);
    add_planned();
    return std::move(design_);
  }

 private:
  StreamId lower_layer(std::size_t index);
  StreamId add_input(std::size_t index);
  void add_output(std::size_t port);
  void distribute(std::size_t index, const std::vector<Edge>& edges, StreamId tensor);
  StreamId buffered(std::size_t index, const Edge& edge, StreamId from);
  void add_planned();

  const ir::Network& network_;
  const plan::Plan& plan_;
  const device::Primitive& primitive_;
  Design design_;
  Builder builder_;
  std::vector<StreamId> tensors_;               ///< per layer
  std::vector<std::vector<StreamId>> arrived_;  ///< per layer and input
  std::vector<StreamId> leaving_;               ///< per output port
  std::map<const plan::FifoPlan*, PlannedFifo> built_;
};

StreamId Lowering::lower_layer(std::size_t index) {
  const ir::Layer& layer = network_.layers()[index];
  if (std::holds_alternative<ir::Input>(layer.operation)) return add_input(index);
  const LayerContext context{.network = network_,
                             .layer = layer,
                             .plan = plan_.layers[index],
                             .primitive = primitive_,
                             .builder = builder_,
                             .inputs = arrived_[index]};
  if (const auto* conv = std::get_if<ir::Conv>(&layer.operation)) return lower_conv(context, *conv);
  if (const auto* pool = std::get_if<ir::MaxPool>(&layer.operation)) return lower_max_pool(context, *pool);
  if (const auto* pool = std::get_if<ir::SumPool>(&layer.operation)) return lower_sum_pool(context, *pool);
  if (const auto* add = std::get_if<ir::Add>(&layer.operation)) return lower_add(context, *add);
  if (std::holds_alternative<ir::Concat>(layer.operation)) return lower_concat(context);
  if (const auto* deep = std::get_if<ir::SpaceToDepth>(&layer.operation))
    return lower_space_to_depth(context, *deep);
  if (const auto* wide = std::get_if<ir::DepthToSpace>(&layer.operation))
    return lower_depth_to_space(context, *wide);
  if (const auto* up = std::get_if<ir::Upsample>(&layer.operation)) return lower_upsample(context, *up);
  return lower_requantise(context, std::get<ir::Requantise>(layer.operation));
}

StreamId Lowering::add_input(std::size_t index) {
  const ir::Layer& layer = network_.layers()[index];
  const Format format = format_of(layer.type.range);
  const StreamId stream = builder_.add_stream({.name = layer.name,
                                               .shape = layer.type.shape,
                                               .channels_per_beat = plan_.layers[index].channels_per_beat,
                                               .bits = format.bits,
                                               .is_signed = format.is_signed,
                                               .layer = layer.name});
  std::size_t port = 0;
  while (port < network_.inputs().size() && network_.inputs()[port].layer != static_cast<int>(index)) ++port;
  assert(port < network_.inputs().size());
  const std::string name = port_name("s_axis", port, network_.inputs().size());
  builder_.add_instance({.name = "u_" + name,
                         .module = "bm_axis_in",
                         .parameters = {{"WIDTH", std::int64_t{builder_.stream(stream).width()}},
                                        {"BEATS", builder_.stream(stream).beats_per_frame()}},
                         .inputs = {},
                         .outputs = {{"out", stream}},
                         .layer = layer.name});
  design_.inputs.push_back({name, network_.inputs()[port].name, stream});
  return stream;
}

void Lowering::add_output(std::size_t port) {
  const StreamId stream = builder_.relieved(leaving_[port]);
  const std::string name = port_name("m_axis", port, leaving_.size());
  builder_.add_instance({.name = "u_" + name,
                         .module = "bm_axis_out",
                         .parameters = {{"WIDTH", std::int64_t{builder_.stream(stream).width()}},
                                        {"BEATS", builder_.stream(stream).beats_per_frame()}},
                         .inputs = {{"in", stream}},
                         .outputs = {},
                         .layer = {}});
  design_.outputs.push_back({name, network_.outputs()[port].name, stream});
}

StreamId Lowering::buffered(std::size_t index, const Edge& edge, StreamId from) {
  if (edge.consumer < 0) return from;
  const std::string& producer = network_.layers()[index].name;
  const std::string& consumer = network_.layers()[static_cast<std::size_t>(edge.consumer)].name;
  for (const plan::FifoPlan& fifo : plan_.fifos) {
    if (fifo.producer != producer || fifo.consumer != consumer || fifo.input != static_cast<int>(edge.input))
      continue;
    if (fifo.depth <= 2) return from;
    if (fifo.channels > 0) from = builder_.repacked(from, fifo.channels);
    const int width = builder_.stream(from).width();
    from = builder_.buffered(from, fifo.depth, fifo.memory == plan::MemoryKind::Block);
    built_[&fifo] = {design_.instances.back().name,
                     fifo.producer,
                     fifo.consumer,
                     fifo.input,
                     fifo.depth,
                     width,
                     fifo.mark};
    return from;
  }
  return from;
}

void Lowering::distribute(std::size_t index, const std::vector<Edge>& edges, StreamId tensor) {
  std::vector<StreamId> copies{tensor};
  if (edges.size() > 1) copies = builder_.forked(tensor, static_cast<int>(edges.size()));
  for (std::size_t k = 0; k < edges.size(); ++k) {
    const StreamId stream = buffered(index, edges[k], copies[k]);
    if (edges[k].consumer < 0) {
      leaving_[edges[k].input] = stream;
    } else {
      arrived_[static_cast<std::size_t>(edges[k].consumer)][edges[k].input] = stream;
    }
  }
}

void Lowering::add_planned() {
  Planned& planned = design_.planned;
  planned.clock_mhz = plan_.clock_mhz;
  planned.interval = plan_.interval;
  planned.latency = plan_.latency;
  planned.dsps = plan_.total.dsps;
  planned.luts = plan_.total.luts;
  planned.flip_flops = plan_.total.flip_flops;
  planned.bram18s = plan_.total.bram18s;
  planned.urams = plan_.total.urams;
  planned.traffic = plan_.total.traffic;
  for (std::size_t index = 0; index < network_.layers().size(); ++index) {
    const plan::LayerPlan& from = plan_.layers[index];
    PlannedLayer layer{.layer = from.layer,
                       .stream = tensors_[index],
                       .kind = std::string(ir::kind_name(network_.layers()[index].operation)),
                       .cycles = from.cycles,
                       .dsps = from.dsps,
                       .luts = from.luts,
                       .flip_flops = from.flip_flops,
                       .bram18s = from.bram18s,
                       .urams = from.urams,
                       .traffic = from.traffic};
    if (from.conv) {
      layer.packing = pack::to_text(from.conv->packing);
      layer.pe = from.conv->pe();
      layer.simd = from.conv->simd;
      layer.kernel_rows = from.conv->kernel_rows;
      layer.pixels = from.conv->pixels();
      layer.weight_bits = signed_format_of(from.conv->packing.weight).bits;
    }
    planned.layers.push_back(std::move(layer));
  }
  for (const plan::FifoPlan& fifo : plan_.fifos) {
    if (const auto found = built_.find(&fifo); found != built_.end()) planned.fifos.push_back(found->second);
  }
}

/// iCE40 has none.
bool has_lut_memory(const device::Primitive& primitive) {
  return primitive.name != "SB_MAC16";
}

/// Memories that are written and small become block RAM or registers there (BLOCK 2 of bm_ram).
void leave_memories_to_the_tool(Design& design) {
  for (Instance& instance : design.instances) {
    for (auto& [name, value] : instance.parameters) {
      auto* kind = std::get_if<std::int64_t>(&value);
      if (kind != nullptr && *kind == 0 && (name == "BLOCK" || name == "LINE_BLOCK" || name == "TURN_BLOCK"))
        *kind = 2;
    }
  }
}

/// Findings about values that no module parameter can hold.
Diagnostics check_parameters(const Design& design) {
  Diagnostics findings;
  for (const Instance& instance : design.instances) {
    for (const auto& [name, value] : instance.parameters) {
      const auto* integer = std::get_if<std::int64_t>(&value);
      if (integer == nullptr || (*integer >= std::numeric_limits<std::int32_t>::min() &&
                                 *integer <= std::numeric_limits<std::int32_t>::max())) {
        continue;
      }
      findings.push_back(make_diagnostic(diagnostics::kParameterRange,
                                         instance.layer.empty() ? instance.name : instance.layer,
                                         {name, std::to_string(*integer)}));
    }
  }
  return findings;
}

}  // namespace

Result<Design> lower(const ir::Network& network, const plan::Plan& plan, const device::Part& part,
                     const device::Primitive& primitive) {
  if (!primitive_number(primitive)) {
    return make_diagnostic(diagnostics::kPrimitiveWithoutRtl, part.name,
                           {primitive.rtl_module, primitive.name, "5"});
  }
  if (plan.layers.size() != network.layers().size()) {
    return make_diagnostic(diagnostics::kPlanMismatch, network.name(),
                           {std::to_string(plan.layers.size()), std::to_string(network.layers().size())});
  }
  for (std::size_t k = 0; k < plan.layers.size(); ++k) {
    if (plan.layers[k].layer != network.layers()[k].name) {
      return make_diagnostic(diagnostics::kPlanLayer, network.name(),
                             {std::to_string(k), plan.layers[k].layer, network.layers()[k].name});
    }
  }
  Design design = Lowering(network, plan, part, primitive).run();
  if (!has_lut_memory(primitive)) leave_memories_to_the_tool(design);
  if (Diagnostics findings = check_parameters(design); !findings.empty()) return findings;
  return design;
}

}  // namespace bitmason::hw
