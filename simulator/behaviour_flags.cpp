#include "behaviour_flags.hpp"

#include "flag_values.hpp"

#include <CLI/CLI.hpp>

#include <functional>
#include <map>
#include <string>
#include <utility>

namespace pandapon_sim {
namespace {

using reading = std::function<void(const std::string&)>;

CLI::Option* add(CLI::App& to, const std::string& flag, const std::string& takes, reading read,
                 const std::string& help) {
  return to.add_option_function<std::string>(flag, std::move(read), help)->type_name(takes);
}

template <class Duration>
CLI::Option* add_duration(CLI::App& to, const std::string& flag, Duration& out, const std::string& help) {
  return add(
      to, flag, "DUR", [flag, &out](const std::string& text) { out = need_duration(text, flag); }, help);
}

template <class Choice>
CLI::Option* add_choice(CLI::App& to, const std::string& flag, const std::map<std::string, Choice>& choices,
                        Choice& out, const std::string& help) {
  return to
      .add_option_function<std::string>(
          flag, [choices, &out](const std::string& word) { out = choices.at(word); }, help)
      ->check(CLI::IsMember(choices));
}

void read_clamp(const std::string& text, range_rules& out) {
  const bool keeps_end = text.ends_with(",begin");
  out.clamp_ms = need_duration(keeps_end ? text.substr(0, text.size() - 6) : text, "--clamp-range");
  out.clamp_keeps_end = keeps_end;
}

void read_refusal(const std::string& text, range_rules& out) {
  const std::size_t comma = std::min(text.find(','), text.size());
  out.refusal_code = static_cast<int>(need_integer(text.substr(0, comma), "--refuse-as"));
  if (comma < text.size()) out.refusal_message = text.substr(comma + 1);
}

void add_range_flags(CLI::App& to, range_rules& set) {
  add(
      to, "--clamp-range", "SPAN[,begin]", [&set](const std::string& text) { read_clamp(text, set); },
      "longer ranges are silently cut at their end; with ,begin at their begin: 3h, 7d, 31d,begin");
  auto* zone = add(
      to, "--filter-zone", "OFFSET",
      [&set](const std::string& text) { set.zone_ms = need_zone(text, "--filter-zone"); },
      "the filter reads times in that zone instead of +08:00; --filter-zone=-05:00 is west");
  add_duration(to, "--filter-zone-after", set.zone_after_ms, "from that moment on only")->needs(zone);
  add_duration(to, "--refuse-range", set.refuse_longer_ms, "longer ranges are refused")->type_name("SPAN");
  add_duration(to, "--refuse-near-now", set.refuse_near_now_ms, "an end later than that before now is refused")
      ->type_name("SPAN");
  to.add_option("--max-depth", set.max_depth, "pageNum * pageSize above that is refused");
  add(
      to, "--refuse-as", "CODE[,MESSAGE]", [&set](const std::string& text) { read_refusal(text, set); },
      "code and msg of these refusals, which are HTTP 200 (50099)");
}

void add_finished_flags(CLI::App& to, listing_rules& set) {
  to.add_flag_function(
      "--hide-finished",
      [&set](std::int64_t) {
        if (!set.hide_finished_after_ms) set.hide_finished_after_ms = 0;
      },
      "orders of the statuses 5, 6 and 7 are left out unless the request names a status");
  add_duration(to, "--hide-finished-after", set.hide_finished_after_ms, "the same, from that moment on");
  to.add_flag("--hide-finished-keeps-look-ups", set.look_ups_find_finished, "a look-up by tbOrderId still finds them");
}

void add_listing_flags(CLI::App& to, listing_rules& set) {
  to.add_option("--cap-total", set.cap, "counts no further, and shows nothing behind that");
  add_finished_flags(to, set);
  auto* older = add_duration(to, "--hide-older-than", set.hide_older_than_ms,
                             "orders created longer ago are neither listed nor found by number");
  older->type_name("SPAN");
  add_duration(to, "--hide-older-after", set.hide_older_after_ms, "from that moment on only")->needs(older);
  auto* twice = add(
      to, "--twice", "PERCENT", [&set](const std::string& text) { set.twice = need_percentage(text, "--twice"); },
      "of the orders are listed a second time on their page, in an older state; total does not count it");
  to.add_flag("--twice-counted", set.twice_counted, "total counts it, and pages are cut by rows")->needs(twice);
}

void add_paging_flags(CLI::App& to, paging_rules& set) {
  const auto flag = [&to](const char* name, auto& out, auto value, const char* help) {
    return to.add_flag_function(
        name, [&out, value](std::int64_t) { out = value; }, help);
  };
  auto* last = flag("--repeat-last-page", set.beyond, beyond_last::last_page, "a page behind the last shows the last");
  flag("--same-page", set.beyond, beyond_last::first_page, "every pageNum shows page 1")->excludes(last);
  auto* lines = flag("--total-of-lines", set.total, total_of::lines, "total counts order lines");
  flag("--total-of-page", set.total, total_of::page, "total is the number of rows on this page")->excludes(lines);
}

void add_date_flags(CLI::App& to, gate_rules& set) {
  auto* skew = add(
      to, "--date-skew", "D[,D...]",
      [&set](const std::string& text) {
        for (const std::string& part : split(text, ','))
          set.date_skews_ms.push_back(need_signed_duration(part, "--date-skew"));
      },
      "the Date header is that much ahead, of several one after the other: --date-skew=8h,-8h");
  auto* fixed = add(
      to, "--date-fixed", "TIME", [&set](const std::string& text) { set.date_fixed = need_time(text, "--date-fixed"); },
      "the Date header is always that");
  fixed->excludes(skew);
  to.add_flag("--no-date", set.no_date, "there is no Date header")->excludes(skew)->excludes(fixed);
}

void add_gate_flags(CLI::App& to, gate_rules& set) {
  static const std::map<std::string, throttle> ways{{"429", throttle::status_429}, {"503", throttle::status_503},
                                                    {"code", throttle::code},      {"code400", throttle::code_400},
                                                    {"qos", throttle::qos},        {"qos400", throttle::qos_400},
                                                    {"unknown", throttle::unknown}};
  add_choice(to, "--throttle-as", ways, set.refuse_as,
             "how --rate-limit refuses: HTTP 429 with Retry-After, 503 without, a code or 1688's "
             "gw.QosAppFrequencyLimit as 200 or 400, or a code nobody knows as 200 (429)");
  add_date_flags(to, set);
}

}  // namespace

void add_behaviour_flags(CLI::App& app, behaviour& set) {
  CLI::App& group = *app.add_option_group("Behaviours of other APIs of this family");
  add_range_flags(group, set.range);
  add_listing_flags(group, set.listing);
  add_paging_flags(group, set.paging);
  add_gate_flags(group, set.gate);
}

}  // namespace pandapon_sim
