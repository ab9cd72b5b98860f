#include "flag_adding.hpp"

namespace pandapon_sim {
namespace {

void add_hiding_flags(CLI::App& to, listing_rules& set) {
  to.add_flag_function(
      "--hide-finished",
      [&set](std::int64_t) {
        if (!set.hide_finished_after_ms) set.hide_finished_after_ms = 0;
      },
      "orders of the statuses 5, 6 and 7 are left out unless the request names a status");
  add_duration(to, "--hide-finished-after", set.hide_finished_after_ms, "the same, from that moment on");
  to.add_flag("--hide-finished-keeps-look-ups", set.look_ups_find_finished, "a look-up by tbOrderId still finds them");
  auto* older = add_duration(to, "--hide-older-than", set.hide_older_than_ms,
                             "orders created longer ago are neither listed nor found by number")
                    ->type_name("SPAN");
  add_duration(to, "--hide-older-after", set.hide_older_after_ms, "from that moment on only")->needs(older);
}

void add_status_filter_flags(CLI::App& to, listing_rules& set) {
  to.add_option("--status-misses", set.status_misses, "orders in 1,000 that no request with orderStatus returns")
      ->check(CLI::Range(0, 1000))
      ->type_name("PER_MILLE");
  add_duration(to, "--status-lag", set.status_lag_ms,
               "a status filter sees each order's status as it was that long ago; the orders are returned as they are");
}

}  // namespace

void add_listing_flags(CLI::App& to, listing_rules& set) {
  to.add_option("--cap-total", set.cap, "total stops at that number, and orders beyond are not returned");
  add_hiding_flags(to, set);
  add_status_filter_flags(to, set);
  auto* twice = add(to, "--twice", "PERCENT",
                    "of the orders are listed a second time on their page, in an older state; total does not count it",
                    [&set](const std::string& text) { set.twice = need_percentage(text, "--twice"); });
  to.add_flag("--twice-counted", set.twice_counted, "total counts it, and pages are cut by rows")->needs(twice);
}

void add_paging_flags(CLI::App& to, paging_rules& set) {
  auto* last = add_switch(to, "--repeat-last-page", set.beyond, beyond_last::last_page,
                          "a page after the last returns the last page again");
  add_switch(to, "--same-page", set.beyond, beyond_last::first_page, "every pageNum returns page 1")->excludes(last);
  auto* lines = add_switch(to, "--total-of-lines", set.total, total_of::lines, "total counts order lines");
  add_switch(to, "--total-of-page", set.total, total_of::page, "total is the number of rows on this page")
      ->excludes(lines);
}

}  // namespace pandapon_sim
