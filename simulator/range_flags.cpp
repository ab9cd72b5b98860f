#include "flag_adding.hpp"

#include <algorithm>
#include <string_view>

namespace pandapon_sim {
namespace {

void read_clamp(const std::string& text, range_rules& out) {
  static constexpr std::string_view ending = ",begin";
  out.clamp_keeps_end = text.ends_with(ending);
  const std::size_t size = text.size() - (out.clamp_keeps_end ? ending.size() : 0);
  out.clamp_ms = need_duration(text.substr(0, size), "--clamp-range");
}

void read_refusal(const std::string& text, range_rules& out) {
  const std::size_t comma = std::min(text.find(','), text.size());
  out.refusal_code = static_cast<int>(need_integer(text.substr(0, comma), "--refuse-as"));
  if (comma < text.size()) out.refusal_message = text.substr(comma + 1);
}

void add_refusal_flags(CLI::App& to, range_rules& set) {
  add_duration(to, "--refuse-range", set.refuse_longer_ms, "longer ranges are refused")->type_name("SPAN");
  add_duration(to, "--refuse-near-now", set.refuse_near_now_ms,
               "a range that ends later than that before now is refused")
      ->type_name("SPAN");
  to.add_option("--max-depth", set.max_depth, "pageNum * pageSize above that is refused");
  add(to, "--refuse-as", "CODE[,MESSAGE]", "code and msg of these refusals, sent with HTTP 200 (50099)",
      [&set](const std::string& text) { read_refusal(text, set); });
}

void add_deaf_flags(CLI::App& to, range_rules& set) {
  to.add_flag("--ignore-times", set.ignore_times, "the range is ignored");
  to.add_flag("--ignore-status", set.ignore_status, "orderStatus is ignored");
  to.add_flag("--ignore-number", set.ignore_number, "tbOrderId is ignored");
}

}  // namespace

void add_range_flags(CLI::App& to, range_rules& set) {
  add(to, "--clamp-range", "SPAN[,begin]",
      "longer ranges are silently cut at their end; with ,begin at their beginning: 3h, 7d, 31d,begin",
      [&set](const std::string& text) { read_clamp(text, set); });
  auto* zone = add(to, "--filter-zone", "OFFSET",
                   "the filter reads times in that zone instead of +08:00; --filter-zone=-05:00 is west",
                   [&set](const std::string& text) { set.zone_ms = need_zone(text, "--filter-zone"); });
  add_duration(to, "--filter-zone-after", set.zone_after_ms, "from that moment on only")->needs(zone);
  add_choice<std::int64_t>(to, "--round-filter",
                           {{"none", 0}, {"minute", 60'000}, {"hour", 3'600'000}, {"day", 86'400'000}}, set.round_ms,
                           "begin and end are rounded down to that");
  add_refusal_flags(to, set);
  add_deaf_flags(to, set);
}

}  // namespace pandapon_sim
