#include "app/doctor/api_findings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::app::doctor {

using namespace std::chrono_literals;

namespace {

std::string zone_text(std::chrono::seconds zone) {
  const auto minutes = std::chrono::abs(std::chrono::duration_cast<std::chrono::minutes>(zone)).count();
  return fmt::format("\"{}{:02}:{:02}\"", zone < 0s ? '-' : '+', minutes / 60, minutes % 60);
}

const char* name(config::unused_filters how) {
  switch (how) {
    case config::unused_filters::omit:
      return "omit";
    case config::unused_filters::null:
      return "null";
    case config::unused_filters::empty:
      return "empty";
  }
  return "omit";
}

}  // namespace

finding assess_zone(std::optional<std::chrono::seconds> right, std::chrono::seconds configured, bool asked) {
  check one{.name = "time_zone", .failing = setup::exit_code::usage};
  if (!asked) {
    one.state = check_state::unknown;
    one.found = "no order to test with";
    one.cure = "run doctor again when there are orders";
  } else if (!right) {
    one.state = check_state::unknown;
    one.found = "a range around a known order does not return it, in any time zone";
    one.cure = "ask the vendor for the time zone of orderTimeBegin and set api.time_zone";
  } else if (*right != configured) {
    one.state = check_state::failed;
    one.found = fmt::format("the API's times are in {}, not in {}", zone_text(*right), zone_text(configured));
    one.cure = "set api.time_zone; otherwise ordersync misses the orders of the last hours or requests them too early";
    return {one, {{"api.time_zone", zone_text(*right), "with this zone the API returns a known order"}}};
  } else {
    one.found = fmt::format("{} is right", zone_text(configured));
  }
  return {one};
}

bool honoured(const page_answer& answer) {
  return answer.rows.has_value() && *answer.rows >= std::min<std::int64_t>(answer.asked, answer.total);
}

finding assess_page_size(const std::vector<page_answer>& answers, const config::sync_settings& sync) {
  check one{.name = "page_size", .failing = setup::exit_code::usage};
  std::int64_t largest = 0;  // that was seen to be honoured
  std::int64_t most_rows = 0;
  const page_answer* cut = nullptr;  // the first that was not
  for (const auto& answer : answers) {
    if (answer.rows.has_value()) most_rows = std::max(most_rows, *answer.rows);
    if (!honoured(answer) && cut == nullptr) cut = &answer;
    if (honoured(answer) && answer.total >= answer.asked) largest = std::max<std::int64_t>(largest, answer.asked);
  }
  if (cut == nullptr && largest < sync.page_size) {
    one.state = check_state::unknown;
    one.found = most_rows == 0 ? std::string{"no order to test with"}
                               : fmt::format("pages of {} orders work; there are too few orders to test {}", most_rows,
                                             sync.page_size);
    one.cure = "run doctor again when there are more orders";
    return {one};
  }
  // What came on a page that was cut can be had by asking for so much.
  const auto size = std::max(largest, most_rows);
  if (cut != nullptr && size == 0) {
    one.state = check_state::failed;
    one.failing = setup::exit_code::api;
    one.found = fmt::format("a page of {} orders comes back empty", cut->asked);
    one.cure = "lower sync.page_size; ask the vendor for the maximum";
    return {one};
  }
  one.found = fmt::format("{} orders per page work", size);
  if (cut != nullptr && cut->rows.has_value())
    one.found += fmt::format("; {} requested, {} returned", cut->asked, *cut->rows);
  else if (cut != nullptr)
    one.found += fmt::format("; {} refused", cut->asked);
  else
    one.found += ", more were not tested";
  if (cut != nullptr && size < sync.page_size) {
    const bool refused = cut->rows.has_error() && cut->asked <= sync.page_size;
    one.state = refused ? check_state::failed : check_state::warning;
    one.cure =
        refused
            ? "lower sync.page_size: the API refuses pages of this size"
            : "set sync.page_size to the size that works; the mirror works, but plans with pages that are too large";
    return {one, {{"sync.page_size", std::to_string(size), "the API does not return larger pages"}}};
  }
  if (size / 2 >= sync.page_size && size <= sync.max_window_orders)
    return {one, {{"sync.page_size", std::to_string(size), "fewer requests for the same orders"}}};
  return {one};
}

namespace {

std::string count_text(const core::result<std::int64_t>& total) {
  if (total.has_value()) return std::to_string(*total);
  return total.error().kind == core::failure::unusable_reply ? "refused" : "not answered";
}

}  // namespace

finding assess_unused(const std::vector<filter_count>& counts, std::optional<std::int64_t> by_status,
                      config::unused_filters configured) {
  check one{.name = "unused_filters", .failing = setup::exit_code::usage};
  const filter_count* own = nullptr;
  std::int64_t most = by_status.value_or(0);
  for (const auto& count : counts) {
    if (count.how == configured) own = &count;
    if (count.total.has_value()) most = std::max(most, *count.total);
    one.found += fmt::format("{}{} {}", one.found.empty() ? "" : ", ", name(count.how), count_text(count.total));
  }
  one.found += by_status ? fmt::format(", sum over statuses {}", *by_status) : ", not counted by status";
  if (own == nullptr || most == 0) {
    one.state = check_state::unknown;
    if (most == 0) one.found = "no order to test with";
    one.cure = "run doctor again when there are orders";
    return {one};
  }
  if (own->total.has_error() && own->total.error().kind != core::failure::unusable_reply) {
    one.state = check_state::unknown;
    one.cure = "run doctor again when the API answers";
    return {one};
  }
  const auto better =
      std::ranges::find_if(counts, [&](const auto& count) { return count.total.has_value() && *count.total == most; });
  if (own->total.has_value() && *own->total == most) {
    if (by_status && *by_status == most) return {one};
    one.state = by_status ? check_state::warning : check_state::unknown;
    one.cure = by_status
                   ? "some orders have a status outside 1 to 8, or changed status during the count: run doctor again"
                   : "run doctor again";
    return {one};
  }
  one.state = check_state::failed;
  one.found += own->total.has_value() ? fmt::format(": {} hides orders", name(configured))
                                      : fmt::format(": {} is refused", name(configured));
  if (better == counts.end()) {
    // Lists of one status show them, and so the mirror asks, see the limit by_status.
    if (own->total.has_value()) one.state = check_state::warning;
    one.cure =
        "no setting of api.unused_filters returns all orders, so the mirror reads status by status, with more "
        "requests: ask the vendor how to request all statuses";
    return {one};
  }
  one.cure = "set api.unused_filters; then run ordersync verify or a backfill for the orders hidden until now";
  return {one, {{"api.unused_filters", name(better->how), "returns all orders"}}};
}

}  // namespace ordersync::app::doctor
