#pragma once
// An export in several files, one a calendar month or day of the API's zone: which, and what they are called. Pure.

#include "core/time.hpp"

#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ordersync::app::exports {

enum class split { month, day };

struct period {
  core::window created;
  std::string name;  // "2026-05", "2026-05-17"

  friend bool operator==(const period&, const period&) = default;
};

// Whole months or days, ascending: all that have a part of the range. A file is the same whatever range asked for it.
std::vector<period> periods_of(const core::window& range, split by, std::chrono::minutes zone);

// Whether the output is one file a period: a directory, or a name with {} in its place.
bool names_several(const std::filesystem::path& output);

// "out/orders-2026-05.csv" of the directory "out/", or the pattern with {} replaced. `stem`: "orders".
std::filesystem::path file_of(const std::filesystem::path& output, std::string_view stem, std::string_view extension,
                              const period& of);
// "out/orders-2026-05.incomplete.csv": of a period in which orders may be missing.
std::filesystem::path incomplete_name(const std::filesystem::path& file);

}  // namespace ordersync::app::exports
