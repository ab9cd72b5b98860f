#include "sync/trials/total_trial.hpp"

#include <fmt/format.h>

namespace ordersync::sync::trials {

namespace {

// Where all orders lie to one side of a cut, that side is cut again; so often at most.
constexpr int most_cuts = 12;

struct parts {
  core::window left, right;
  std::int64_t in_left = 0, in_right = 0, in_both = 0;

  std::int64_t most() const noexcept { return in_left + in_right; }
  std::int64_t least() const noexcept { return most() - in_both; }
};

// Requests reach a second over each end, so orders about the cut may be counted twice.
questions::answer<parts> count_parts(questions& ask, core::window range, std::optional<int> status) {
  const auto middle = range.begin + range.length() / 2;
  parts p{{range.begin, middle}, {middle, range.end}};
  const auto left = co_await ask.count(p.left, status);
  if (left.has_error()) co_return left.error();
  const auto right = co_await ask.count(p.right, status);
  if (right.has_error()) co_return right.error();
  p.in_left = *left;
  p.in_right = *right;
  co_return p;
}

questions::answer<void> count_cut(questions& ask, parts& p, std::optional<int> status) {
  const core::window about{p.right.begin, p.right.begin + std::chrono::seconds{1}};
  const auto both = co_await ask.count(about, status);
  if (both.has_error()) co_return both.error();
  p.in_both = *both;
  co_return core::result<void>{};
}

}  // namespace

questions::answer<total_finding> try_total(questions& ask, core::window range, std::int64_t total,
                                           std::optional<int> status) {
  int disagreed = 0;
  for (int i = 0; i < most_cuts && range.length() > std::chrono::seconds{4}; ++i) {
    auto p = co_await count_parts(ask, range, status);
    if (p.has_error()) co_return p.error();
    if (p->most() > total) {
      const auto counted = co_await count_cut(ask, *p, status);
      if (counted.has_error()) co_return counted.error();
    }
    if (p->least() <= total && total <= p->most()) {
      const bool one_sided = p->in_left == 0 || p->in_right == 0;
      if (!one_sided) {
        ask.known().count_adds_up(total, ask.now());
        co_return total_finding{};
      }
      range = p->in_left == 0 ? p->right : p->left;
      continue;
    }
    // Orders come and go: only what is found twice counts.
    const auto again = co_await ask.count(range, status);
    if (again.has_error()) co_return again.error();
    const bool capped = *again == total && p->least() > total;
    total = *again;
    if (capped && ++disagreed >= 2) {
      co_return total_finding{total, fmt::format("the API counts {} orders in a range, but {} and {} in its two halves",
                                                 total, p->in_left, p->in_right)};
    }
  }
  co_return total_finding{};
}

}  // namespace ordersync::sync::trials
