#include "emit/design_folder.hpp"

namespace bitmason::emit {

std::string print_memory(const hw::MemoryFile& memory) {
  const int digits = (memory.width + 3) / 4;
  std::string text;
  text.reserve(memory.words.size() * static_cast<std::size_t>(digits + 1));
  for (const auto& word : memory.words) {
    for (int digit = digits - 1; digit >= 0; --digit) {
      const auto limb = word[static_cast<std::size_t>(digit / 16)];
      text += "0123456789abcdef"[(limb >> (digit % 16 * 4)) & 15];
    }
    text += '\n';
  }
  return text;
}

}  // namespace bitmason::emit
