#include "pandapon/json/path.hpp"

namespace ordersync::pandapon::json {
namespace {

std::string text_of(const json_path& path, bool exact) {
  std::string text = path.parent == nullptr ? std::string{} : text_of(*path.parent, exact);
  if (path.index >= 0) {
    text += '[';
    if (exact) text += std::to_string(path.index);
    text += ']';
  } else if (!path.name.empty()) {
    if (!text.empty()) text += '.';
    text += path.name;
  }
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
