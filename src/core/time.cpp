#include "core/time.hpp"

#include <fmt/format.h>

namespace ordersync::core {

std::string to_text(second t) {
  using namespace std::chrono;
  const auto day = floor<days>(t);
  const year_month_day date{day};
  const hh_mm_ss clock{t - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

std::string to_text(instant t) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(t);
  auto text = to_text(whole);
  text.pop_back();
  return fmt::format("{}.{:03}Z", text, (t - whole).count());
}

std::string to_text(const window& w) {
  return to_text(w.begin) + "/" + to_text(w.end);
}

}  // namespace ordersync::core
