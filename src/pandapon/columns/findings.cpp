#include "pandapon/columns/findings.hpp"

#include "pandapon/json/json_text.hpp"
#include "pandapon/text/shown_code.hpp"

#include <algorithm>
#include <string>

namespace ordersync::pandapon::columns {
namespace {

// New paths are counted in a table that people read. A map keyed by ids, or a key of a megabyte, would flood it; past
// these bounds the payload alone knows.
constexpr std::size_t most_unknown_paths = 64;
constexpr std::size_t longest_path = 200;

}  // namespace

void findings::cannot_use(const json::json_path& where, std::string_view reason, std::string_view raw) {
  notes_.push_back({json::exact_text(where), std::string(reason), std::string(raw)});
}

void findings::unknown_member(const json::json_path& where, const json::json_value& value) {
  add_path(json::general_text(where));
  also_counts(where, value);
}

void findings::unknown_number(const json::json_path& where, std::int64_t number) {
  add_path(json::general_text(where) + "=" + std::to_string(number));
}

void findings::unknown_word(const json::json_path& where, std::string_view word) {
  const auto shown = text::shown_code(word);
  add_path(json::general_text(where) + "=" + (shown.empty() ? "(not a word)" : shown));
}

void findings::also_counts(const json::json_path& where, const json::json_value& value) {
  if (value.kind != json::json_kind::null) extras_.emplace_back(json::exact_text(where), json::canonical_text(value));
}

void findings::add_path(std::string path) {
  if (unknown_paths_.size() >= most_unknown_paths || path.size() > longest_path) return;
  const auto known = std::find(unknown_paths_.begin(), unknown_paths_.end(), path);
  if (known == unknown_paths_.end()) unknown_paths_.push_back(std::move(path));
}

void findings::sort() {
  std::sort(unknown_paths_.begin(), unknown_paths_.end());
  std::sort(extras_.begin(), extras_.end());
  std::stable_sort(notes_.begin(), notes_.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
}

}  // namespace ordersync::pandapon::columns
