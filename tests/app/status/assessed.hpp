#pragma once
// A mirror that is complete and current, for tests of what is said where something about it is not well.

#include "app/status/verdict.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace ordersync::app::status {

using namespace std::chrono_literals;

inline const core::second start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 1}};
inline const core::second now = start + 100h;

struct assessed : ::testing::Test {
  status_view view;
  situation seen;

  assessed() {
    view.totals.leader.emplace();
    view.totals.leader->who.host = "shed";
    view.totals.leader->heartbeat_at = now;
    view.totals.heartbeat_age = 300ms;
    account_view account;
    account.stored.account = "main";
    account.stored.scope = "s";
    account.stored.last_proven = {{start, now}, "live", now - 1s};
    account.complete = tasks::completeness_of({{start, now - 1s}}, start, now, 10s);
    view.accounts.push_back(account);
    seen.now = now;
    seen.view = &view;
  }
  void gap(core::window w, std::string reason, bool failed) {
    view.accounts[0].complete = tasks::completeness_of({{start, w.begin}, {w.end, now}}, start, now, 10s);
    store::reports::coverage_report report;
    report.account = "main";
    report.gaps.push_back({w, std::move(reason), std::nullopt, failed});
    seen.coverage.push_back(report);
  }
  void api(std::string failure, std::int64_t times) {
    view.totals.api = {{.account = "main",
                        .instance = view.totals.leader->who.id,
                        .failing_since = now - 5min,
                        .failure = std::move(failure),
                        .failures = times}};
  }
  verdict verdict_of() { return assess(seen); }
};

}  // namespace ordersync::app::status
