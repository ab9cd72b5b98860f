#pragma once
// `export`.

#include "app/commands/session.hpp"
#include "app/exports/periods.hpp"
#include "app/exports/table_text.hpp"
#include "store/feed/feed.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace ordersync::app::commands {

struct export_request {
  store::feed::selection what;
  exports::table_format format = exports::table_format::csv;
  std::filesystem::path output;               // empty: `print`
  exports::split by = exports::split::month;  // of an output that names several files
  bool force = false;                         // files that are there are written again, too
  // Where there is no output; false when it takes no more.
  std::function<bool(std::string_view)> print;
};

struct export_result {
  std::int64_t rows = 0;
  std::int64_t files = 0;            // written
  std::int64_t skipped = 0;          // there already
  std::int64_t unfinished = 0;       // of the files written: their month or day is not over
  std::int64_t without_details = 0;  // orders of the files written whose details are missing, see feed::missing_details
  std::vector<core::window> unproven{};  // of the range, where it should be proven by now
  bool interrupted = false;
};

// What the range lacks is no error. failure::input: an output that cannot be written.
core::result<export_result> export_rows(session& in, const export_request& request);

// "orders", "orders-main", "orders-personal": what files are called by what is in them.
std::string stem_of(const store::feed::selection& what);

}  // namespace ordersync::app::commands
