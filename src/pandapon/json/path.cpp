#include "pandapon/json/path.hpp"

namespace ordersync::pandapon::json {
namespace {

void append(const json_path& path, bool exact, std::string& text) {
  if (path.parent != nullptr) append(*path.parent, exact, text);
  if (path.index >= 0) {
    text += '[';
    if (exact) text += std::to_string(path.index);
    text += ']';
  } else if (!path.name.empty()) {
    if (!text.empty()) text += '.';
    text += path.name;
  }
}

std::string text_of(const json_path& path, bool exact) {
  constexpr std::size_t most_need = 48;
  std::string text;
  text.reserve(most_need);
  append(path, exact, text);
  return text;
}

}  // namespace

std::string exact_text(const json_path& path) {
  return text_of(path, true);
}
std::string general_text(const json_path& path) {
  return text_of(path, false);
}

}  // namespace ordersync::pandapon::json
