#include "sync/sweep/known_api.hpp"

#include "sync/evidence/in_window.hpp"

#include <algorithm>

namespace ordersync::sync::sweep {

reading_rules known_api::within_limits(reading_rules rules) const {
  if (evidence_ == nullptr) return rules;
  const auto& limits = evidence_->limits();
  if (limits.page_size) rules.page_size = std::min(rules.page_size, *limits.page_size);
  if (limits.total) rules.max_orders = std::max<std::int64_t>(1, std::min(rules.max_orders, *limits.total - 1));
  if (limits.depth) rules.max_orders = std::max<std::int64_t>(1, std::min(rules.max_orders, *limits.depth));
  rules.statuses = evidence_->statuses_to_ask();
  rules.zone = evidence_->rules().zone;
  return rules;
}

std::optional<std::chrono::seconds> known_api::longest_window(core::instant now) const {
  return evidence_ != nullptr ? evidence_->longest_window(now) : std::nullopt;
}

std::string known_api::doubt(const window_reader& read, core::instant now) {
  return evidence_ != nullptr ? evidence_->doubt(read.window(), read.greatest_count(), now) : std::string{};
}

void known_api::shown(const window_reader& read, const page& reply, core::instant now) {
  if (evidence_ == nullptr) return;
  const auto& asked = read.window();
  const auto inside = [&](const core::order& order) { return evidence::in_window(asked, order); };
  if (std::ranges::all_of(reply.orders, inside)) evidence_->shown(asked, reply, now, read.status().has_value());
}

void known_api::check_filter(const window_reader& read) {
  if (evidence_ != nullptr && read.outside()) evidence_->filter_fails(read.reason());
}

void known_api::page_too_large(const window_reader& read, core::instant now) {
  if (evidence_ != nullptr) evidence_->page_too_large(read.page_size(), read.error()->what, now);
}

void known_api::page_too_deep(const window_reader& read, core::instant now) {
  if (evidence_ != nullptr) evidence_->page_too_deep(*read.total(), read.page_size(), read.error()->what, now);
}

}  // namespace ordersync::sync::sweep
