#pragma once

// Command line of the bench: key=value arguments.

#include <cstdlib>
#include <map>
#include <string>

namespace bench {

class Options {
 public:
  Options(int count, char** arguments) {
    for (int k = 1; k < count; ++k) {
      const std::string text = arguments[k];
      const std::size_t equals = text.find('=');
      if (text[0] != '+' && equals != std::string::npos)
        values_[text.substr(0, equals)] = text.substr(equals + 1);
    }
  }
  std::string text(const std::string& key, const std::string& otherwise = "") const {
    const auto found = values_.find(key);
    return found == values_.end() ? otherwise : found->second;
  }
  unsigned long long number(const std::string& key, unsigned long long otherwise = 0) const {
    const auto found = values_.find(key);
    return found == values_.end() ? otherwise : std::strtoull(found->second.c_str(), nullptr, 10);
  }

 private:
  std::map<std::string, std::string> values_;
};

/// xorshift64*: the same sequence on every machine.
class Random {
 public:
  explicit Random(unsigned long long seed) : state_(seed * 0x9E3779B97F4A7C15ULL + 0x2545F4914F6CDD1DULL) {
    if (state_ == 0) state_ = 1;
  }
  unsigned below(unsigned limit) {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return static_cast<unsigned>(((state_ * 0x2545F4914F6CDD1DULL) >> 33) % limit);
  }

 private:
  unsigned long long state_;
};

/// Decides cycle by cycle whether one side of a stream holds back: bursts of stalls, mostly short, some long.
class Stalls {
 public:
  Stalls(unsigned percent, unsigned long long seed) : percent_(percent), random_(seed) {}
  bool now() {
    if (percent_ == 0) return false;
    if (left_ == 0) {
      const unsigned length = random_.below(16) == 0 ? 1 + random_.below(200) : 1 + random_.below(4);
      stalled_ = random_.below(100) < percent_;
      left_ = length;
    }
    --left_;
    return stalled_;
  }

 private:
  unsigned percent_;
  Random random_;
  unsigned left_ = 0;
  bool stalled_ = false;
};

}  // namespace bench
