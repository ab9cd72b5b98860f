#pragma once
// What follows from how the API answered `doctor`: zone, size of a page, filters that are left out. Pure; who asks is
// probes.hpp.

#include "app/doctor/report.hpp"
#include "config/settings.hpp"
#include "core/error.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace ordersync::app::doctor {

// Whether a range around a known order shows it when it is written in this zone.
finding assess_zone(std::optional<std::chrono::seconds> right, std::chrono::seconds configured, bool asked);

// A page of `asked` orders was wanted out of `total`.
struct page_answer {
  int asked = 0;
  std::int64_t total = 0;
  core::result<std::int64_t> rows;
};
bool honoured(const page_answer& answer);
// Ascending by size.
finding assess_page_size(const std::vector<page_answer>& answers, const config::sync_settings& sync);

struct filter_count {
  config::unused_filters how{};
  core::result<std::int64_t> total;
};
// The same range counted in each way of not using a filter, and (where it could be had) added up over the statuses.
finding assess_unused(const std::vector<filter_count>& counts, std::optional<std::int64_t> by_status,
                      config::unused_filters configured);

}  // namespace ordersync::app::doctor
