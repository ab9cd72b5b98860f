#include "app/status/standing.hpp"

#include "app/status/progress_findings.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace ordersync::app::status {

namespace {

standing standing_of(const situation& of, const account_view& account) {
  if (!account.configured) return standing::not_configured;
  std::vector<finding> why;
  if (assess_progress(of, account, why) || account.in_doubt()) return standing::failing;
  return account.complete.complete() ? standing::current : standing::behind;
}

// What is behind, the farther the greater; nothing is proven of the farthest.
std::tuple<bool, std::chrono::seconds> distance(const account_view& account) {
  const bool matters = account.stands == standing::failing || account.stands == standing::behind;
  if (!matters) return {};
  return {!account.complete.through, account.complete.behind};
}

}  // namespace

const char* name(standing of) noexcept {
  switch (of) {
    case standing::failing:
      return "failing";
    case standing::behind:
      return "behind";
    case standing::current:
      return "current";
    case standing::not_configured:
      return "not_configured";
  }
  return "";
}

void assess_standings(situation of, status_view& view) {
  of.view = &view;
  for (auto& account : view.accounts) account.stands = standing_of(of, account);
}

std::vector<std::size_t> worst_first(const status_view& view) {
  std::vector<std::size_t> places(view.accounts.size());
  std::iota(places.begin(), places.end(), std::size_t{0});
  std::ranges::stable_sort(places, [&](std::size_t a, std::size_t b) {
    const auto& left = view.accounts[a];
    const auto& right = view.accounts[b];
    if (left.stands != right.stands) return left.stands < right.stands;
    return distance(left) > distance(right);
  });
  return places;
}

standing_counts count_standings(const status_view& view) {
  const auto count = [&](standing of) {
    return static_cast<std::size_t>(std::ranges::count(view.accounts, of, &account_view::stands));
  };
  standing_counts counts{0, count(standing::current), count(standing::behind), count(standing::failing)};
  counts.configured = counts.current + counts.behind + counts.failing;
  return counts;
}

}  // namespace ordersync::app::status
