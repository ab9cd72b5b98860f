#include "app/exports/periods.hpp"

#include <fmt/format.h>

namespace ordersync::app::exports {
namespace {

using namespace std::chrono;

constexpr std::string_view place = "{}";

sys_days first_day(sys_days of, split by) {
  const year_month_day date{of};
  return by == split::day ? of : sys_days{date.year() / date.month() / 1};
}

sys_days first_day_after(sys_days first, split by) {
  if (by == split::day) return first + days{1};
  const year_month_day date{first};
  return sys_days{date.year() / date.month() / 1 + months{1}};
}

std::string name_of(sys_days first, split by) {
  const year_month_day date{first};
  const auto month = fmt::format("{:04}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()));
  return by == split::month ? month : fmt::format("{}-{:02}", month, static_cast<unsigned>(date.day()));
}

}  // namespace

std::vector<period> periods_of(const core::window& range, split by, minutes zone) {
  std::vector<period> all;
  for (auto first = first_day(floor<days>(range.begin + zone), by); core::second{first} - zone < range.end;) {
    const auto next = first_day_after(first, by);
    all.push_back({{core::second{first} - zone, core::second{next} - zone}, name_of(first, by)});
    first = next;
  }
  return all;
}

bool names_several(const std::filesystem::path& output) {
  if (output.empty()) return false;
  std::error_code unknown;
  return !output.has_filename() || output.filename().string().find(place) != std::string::npos ||
         std::filesystem::is_directory(output, unknown);
}

std::filesystem::path file_of(const std::filesystem::path& output, std::string_view stem, std::string_view extension,
                              const period& of) {
  auto name = output.filename().string();
  const auto at = name.find(place);
  if (at == std::string::npos) return output / fmt::format("{}-{}.{}", stem, of.name, extension);
  return output.parent_path() / name.replace(at, place.size(), of.name);
}

std::filesystem::path incomplete_name(const std::filesystem::path& file) {
  auto name = file.stem();
  name += ".incomplete";
  name += file.extension();
  return file.parent_path() / name;
}

}  // namespace ordersync::app::exports
