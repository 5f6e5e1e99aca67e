#pragma once

// Sources and sinks of ready/valid streams, with the protocol checks.

#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "options.hpp"

namespace bench {

/// Appends transfers to a record file: 8 bytes cycle, 1 byte last, data.
class Recorder {
 public:
  void open(const std::string& path) {
    file_.open(path, std::ios::binary | std::ios::trunc);
    path_ = path;
  }
  void add(std::uint64_t cycle, bool last, const std::string& data) {
    char head[9];
    for (int k = 0; k < 8; ++k) head[k] = static_cast<char>(cycle >> (8 * k));
    head[8] = last ? 1 : 0;
    file_.write(head, 9);
    file_.write(data.data(), static_cast<std::streamsize>(data.size()));
  }
  void restart() {
    file_.close();
    open(path_);
  }
  bool close() {
    file_.close();
    return !file_.fail();
  }

 private:
  std::ofstream file_;
  std::string path_;
};

/// Offers the beats of a file in order; once offered, a beat stays until it is taken.
struct Source {
  std::string name;
  unsigned width = 0;  ///< bits of a beat
  std::string beats;
  std::uint64_t frame_beats = 0;  ///< beats of a frame, for tlast; 0: none
  std::uint64_t next = 0;
  bool valid = false;
  Stalls stalls{0, 0};
  Recorder taken;

  unsigned bytes() const { return (width + 7) / 8; }
  std::uint64_t count() const { return beats.size() / bytes(); }
  const char* data() const { return beats.data() + next * bytes(); }
  bool last() const { return frame_beats != 0 && (next + 1) % frame_beats == 0; }
  bool load(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    beats.assign(std::istreambuf_iterator<char>(file), {});
    return file.good() || file.eof();
  }
  /// Decides whether a beat is offered in this cycle.
  void offer() {
    if (next >= count())
      valid = false;
    else if (!valid)
      valid = !stalls.now();
  }
  void take(std::uint64_t cycle) {
    taken.add(cycle, last(), "");
    ++next;
    valid = false;
  }
  void restart() {
    next = 0;
    valid = false;
    taken.restart();
  }
};

/// Takes beats and checks that what was offered and not taken stays.
struct Sink {
  std::string name;
  unsigned width = 0;
  std::uint64_t expected = 0;  ///< beats
  std::uint64_t count = 0;
  bool ready = false;
  Stalls stalls{0, 0};
  Recorder received;
  std::string data;
  bool waiting = false;  ///< offered and not taken in the cycle before
  std::string waiting_data;
  bool waiting_last = false;

  /// One cycle as seen before the clock edge; the violation, or an empty text.
  std::string sample(std::uint64_t cycle, bool valid, bool last) {
    std::string violation;
    if (waiting && !valid)
      violation = "valid fell before the beat was taken";
    else if (waiting && (data != waiting_data || last != waiting_last))
      violation = "data changed before the beat was taken";
    if (valid && ready) {
      received.add(cycle, last, data);
      ++count;
    }
    waiting = valid && !ready;
    if (waiting) {
      waiting_data = data;
      waiting_last = last;
    }
    return violation;
  }
  void restart() {
    count = 0;
    waiting = false;
    received.restart();
  }
};

}  // namespace bench
