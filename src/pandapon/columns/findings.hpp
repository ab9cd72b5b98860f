#pragma once
// What decoding one order, or its detail, finds besides its columns: values that could not be used, fields never seen
// before, and the content that has no column but counts when two readings are compared. One order, one thread.

#include "core/order.hpp"
#include "pandapon/json/json.hpp"
#include "pandapon/json/path.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ordersync::pandapon::columns {

class findings {
 public:
  // The value at `where` is not used: `raw` is kept.
  void cannot_use(const json::json_path& where, std::string_view reason, std::string_view raw);

  // A member that no table knows.
  void unknown_member(const json::json_path& where, const json::json_value& value);

  // A number that is none of an enumeration's known ones.
  void unknown_number(const json::json_path& where, std::int64_t number);

  // Content without a column, or whose column is spelt as served.
  void also_counts(const json::json_path& where, const json::json_value& value);

  // A word of a state that is none of the known ones.
  void unknown_word(const json::json_path& where, std::string_view word);

  // Moves what was found into an order, a detail or a refund, in an order of its own: paths sorted, each once. What
  // also counts stays here.
  template <class Content>
  void move_into(Content& content) {
    sort();
    content.notes = std::move(notes_);
    content.unknown_paths = std::move(unknown_paths_);
  }

  // Exact path and canonical text.
  const std::vector<std::pair<std::string, std::string>>& extras() const noexcept { return extras_; }

 private:
  void add_path(std::string path);
  void sort();

  std::vector<core::quarantine_note> notes_;
  std::vector<std::string> unknown_paths_;
  std::vector<std::pair<std::string, std::string>> extras_;
};

}  // namespace ordersync::pandapon::columns
