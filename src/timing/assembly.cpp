#include "timing/assembly.hpp"

#include <algorithm>
#include <cassert>

#include "timing/conv.hpp"
#include "timing/latency.hpp"
#include "timing/parameters.hpp"
#include "timing/windows.hpp"

namespace bitmason::timing {

namespace {

/// rtl/bm_pool_line.sv keeps fewer words in registers; behind a memory stands a register more.
constexpr std::int64_t kLeastWordsOfPoolMemory = 3;

class Assembler {
 public:
  Assembler(const hw::Design& design, Capacity capacity, const Depths& depths)
      : design_(design), capacity_(capacity), depths_(depths) {}

  Assembly run() && {
    for (std::size_t k = 0; k < design_.streams.size(); ++k) streams_.push_back(&wire());
    for (const hw::Instance& instance : design_.instances) {
      current_ = &instance;
      const auto found = builders().find(instance.module);
      assert(found != builders().end());
      (this->*found->second)();
    }
    return std::move(assembly_);
  }

 private:
  using Builder = void (Assembler::*)();
  static const std::map<std::string, Builder>& builders();

  Wire& wire() { return assembly_.wires.emplace_back(); }
  Wire& in(std::size_t k = 0) { return stream(current_->inputs[k].stream); }
  Wire& out(std::size_t k = 0) { return stream(current_->outputs[k].stream); }
  Wire& stream(hw::StreamId id) { return *streams_[static_cast<std::size_t>(id.index)]; }
  [[nodiscard]] std::int64_t get(const char* name) const { return integer(*current_, name); }
  [[nodiscard]] int get_int(const char* name) const { return static_cast<int>(get(name)); }
  template <class U, class... Arguments>
  U& add(Arguments&&... arguments) {
    auto unit = std::make_unique<U>(std::forward<Arguments>(arguments)...);
    U& reference = *unit;
    assembly_.units.push_back(std::move(unit));
    return reference;
  }

  void axis_in();
  void axis_out();
  void skid() { add<Skid>(in(), out()); }
  void fifo();
  void fork();
  void repack() { add<Repack>(in(), out(), get_int("CH_IN"), get_int("CH_OUT")); }
  void sum();
  void concat();
  void thresholds() { credited(threshold_latency(*current_)); }
  void scale() { credited(scale_latency(*current_)); }
  void dots() { credited(get_int("LEVELS") + 2); }
  void credited(int latency);
  void pool();
  void pool_line(Wire& from, Wire& to, const PoolLine::Shape& shape);
  void space_to_depth();
  void depth_to_space();
  void upsample();
  void conv();

  const hw::Design& design_;
  Capacity capacity_;
  const Depths& depths_;
  Assembly assembly_;
  std::vector<Wire*> streams_;
  const hw::Instance* current_ = nullptr;
};

const std::map<std::string, Assembler::Builder>& Assembler::builders() {
  static const std::map<std::string, Builder> table{{"bm_axis_in", &Assembler::axis_in},
                                                    {"bm_axis_out", &Assembler::axis_out},
                                                    {"bm_skid", &Assembler::skid},
                                                    {"bm_fifo", &Assembler::fifo},
                                                    {"bm_fork", &Assembler::fork},
                                                    {"bm_repack", &Assembler::repack},
                                                    {"bm_add", &Assembler::sum},
                                                    {"bm_concat", &Assembler::concat},
                                                    {"bm_requant_threshold", &Assembler::thresholds},
                                                    {"bm_requant_scale", &Assembler::scale},
                                                    {"bm_pool", &Assembler::pool},
                                                    {"bm_space_to_depth", &Assembler::space_to_depth},
                                                    {"bm_depth_to_space", &Assembler::depth_to_space},
                                                    {"bm_upsample", &Assembler::upsample},
                                                    {"bm_conv", &Assembler::conv},
                                                    {"bm_dots", &Assembler::dots}};
  return table;
}

void Assembler::axis_in() {
  Wire& outside = wire();
  const std::int64_t beats = design_.stream(current_->outputs[0].stream).beats_per_frame();
  assembly_.inputs.push_back({&outside, beats});
  add<Skid>(outside, out());
}

void Assembler::axis_out() {
  Wire& outside = wire();
  const std::int64_t beats = design_.stream(current_->inputs[0].stream).beats_per_frame();
  assembly_.outputs.push_back({&outside, beats});
  add<Skid>(in(), outside);
}

void Assembler::fifo() {
  const auto other = depths_.find(current_->name);
  const Depth depth = other == depths_.end() ? Depth{get_int("DEPTH"), get("BLOCK") == 1} : other->second;
  assembly_.fifos[current_->name] = &add<Fifo>(in(), out(), depth.beats, depth.block);
}

void Assembler::fork() {
  std::vector<Wire*> outs;
  for (std::size_t k = 0; k < current_->outputs.size(); ++k) outs.push_back(&out(k));
  add<Fork>(in(), std::move(outs));
}

void Assembler::sum() {
  std::vector<Wire*> ins{&in(0)};
  if (get("COUNT") == 2) ins.push_back(&in(1));
  add<RigidPipeline>(std::move(ins), out(), capacity_ == Capacity::Least ? 1 : sum_stages(*current_));
}

void Assembler::concat() {
  std::vector<Wire*> ins;
  std::vector<std::int64_t> groups;
  for (std::size_t k = 0; k < current_->inputs.size(); ++k) {
    ins.push_back(&in(k));
    groups.push_back(element(*current_, "GROUPS", static_cast<int>(k), 32));
  }
  add<Concat>(std::move(ins), out(), std::move(groups));
}

void Assembler::credited(int latency) {
  Wire& leaves = wire();
  auto fifo = std::make_unique<Fifo>(leaves, out(), Credit::depth(latency), false);
  add<Credit>(in(), leaves, *fifo, latency);
  assembly_.units.push_back(std::move(fifo));
}

void Assembler::pool_line(Wire& from, Wire& to, const PoolLine::Shape& shape) {
  Wire* at = &from;
  if (shape.inner >= kLeastWordsOfPoolMemory) {
    Wire& fetched = wire();
    add<Repack>(*at, fetched, 1, 1);
    at = &fetched;
  }
  Wire& pooled = wire();
  Wire& held = wire();
  add<PoolLine>(*at, pooled, shape);
  add<Repack>(pooled, held, 1, 1);
  add<Skid>(held, to);
}

void Assembler::pool() {
  const std::int64_t groups = get("C") / get("CH");
  const std::int64_t rows = get("H") + get("PT") + get("PB");
  const std::int64_t columns = get("W") + get("PL") + get("PR");
  const std::int64_t kernel_h = get("KH"), kernel_w = get("KW");
  const std::int64_t out_columns = (columns - kernel_w) / get("SW") + 1;
  const std::int64_t out_rows = (rows - kernel_h) / get("SH") + 1;
  const std::int64_t stride_h = out_rows == 1 && kernel_h > get("SH") ? kernel_h : get("SH");
  const std::int64_t stride_w = out_columns == 1 && kernel_w > get("SW") ? kernel_w : get("SW");
  const std::int64_t pixels = integer(*current_, "INP", 1);
  const bool joined = pixels == 1 && kernel_w == columns;
  Wire* at = &in();
  if (rows != get("H") || columns != get("W")) {
    Wire& padded = wire();
    add<PoolPad>(*at, padded,
                 PoolPad::Shape{static_cast<int>(groups), get_int("H"), static_cast<int>(get("W") / pixels),
                                get_int("PT"), get_int("PL"), get_int("PB"), get_int("PR")});
    at = &padded;
  }
  if (!joined && (kernel_w > 1 || get("SW") > 1)) {
    Wire& middle = wire();
    // Neighbours within a beat meet in one register.
    if (pixels > 1) {
      add<Repack>(*at, middle, 1, 1);
    } else {
      pool_line(*at, middle, {columns, kernel_w, stride_w, groups});
    }
    at = &middle;
  }
  if (joined) {
    pool_line(*at, out(), {rows * columns, kernel_h * columns, stride_h * columns, groups});
  } else {
    pool_line(*at, out(), {rows, kernel_h, stride_h, pixels > 1 ? get("W") / pixels : out_columns * groups});
  }
}

void Assembler::space_to_depth() {
  const std::int64_t channels = get("CH"), sent = get("CH_OUT"), block = get("B");
  const std::int64_t size = block * get("W") * (get("C") / channels);
  const bool memory = get("BLOCK") == 1;
  if (get("CRD") == 0 && channels == sent) {
    add<Reorder>(in(), out(), size, size, memory);
    return;
  }
  Wire& read = wire();
  add<Reorder>(in(), read, size, size, memory);
  if (get("CRD") == 0) {
    add<Repack>(read, out(), static_cast<int>(channels), static_cast<int>(sent));
    return;
  }
  Wire& wide = wire();
  const auto together = static_cast<int>(channels * block * block);
  add<Repack>(read, wide, static_cast<int>(channels), together);
  add<Repack>(wide, out(), together, static_cast<int>(sent));
}

void Assembler::depth_to_space() {
  const int channels = get_int("CH"), sent = get_int("CH_OUT"), block = get_int("B");
  const bool memory = get("BLOCK") == 1;
  const std::int64_t elements = get("W") * get("C");
  if (get("CRD") == 0) {
    Wire& read = channels == sent ? out() : wire();
    add<Reorder>(in(), read, elements / channels, elements / channels, memory);
    if (channels != sent) add<Repack>(read, out(), channels, sent);
    return;
  }
  Wire& wide = wire();
  Wire& narrow = wire();
  const int together = sent * block * block;
  add<Repack>(in(), wide, channels, together);
  add<Repack>(wide, narrow, together, sent);
  add<Reorder>(narrow, out(), elements / sent, elements / sent, memory);
}

void Assembler::upsample() {
  const std::int64_t row = get("W") * (get("C") / get("CH"));
  add<Reorder>(in(), out(), row, row * get("FH") * get("FW"), get("BLOCK") == 1);
}

void Assembler::conv() {
  ConvShape shape = conv_shape(*current_);
  if (capacity_ == Capacity::Least) {
    // The last result word is kept back where the flag of the credits is late.
    shape.output_stages = 1;
    --shape.words;
  }
  add<Conv>(in(), out(), shape);
}

}  // namespace

Assembly assemble(const hw::Design& design, Capacity capacity, const Depths& depths) {
  return Assembler(design, capacity, depths).run();
}

}  // namespace bitmason::timing
