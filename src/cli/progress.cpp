#include "cli/progress.hpp"

#include "cli/output.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <unistd.h>

namespace ordersync::cli {

progress_line::progress_line() : terminal_(::isatty(STDERR_FILENO) == 1), begun_(clock::now()), shown_(begun_) {}

std::string progress_line::text(std::string_view account, const sync::sweep_progress& progress,
                                std::chrono::duration<double> since) {
  const auto windows = progress.windows_proven + progress.gaps;
  const double rate = since.count() > 0 ? static_cast<double>(progress.orders) / since.count() : 0;
  auto line = fmt::format("{}: {} windows, {} of about {} orders, {:.0f}/s", account, windows, progress.orders,
                          std::max(progress.expected_orders, progress.orders), rate);
  const auto left = progress.expected_orders - progress.orders;
  if (rate > 0 && left > 0)
    line += fmt::format(
        ", about {} left",
        duration_text(std::chrono::seconds{static_cast<std::int64_t>(static_cast<double>(left) / rate) + 1}));
  if (progress.gaps > 0) line += fmt::format(", {} not proven", progress.gaps);
  return line;
}

void progress_line::show(std::string_view account, const sync::sweep_progress& progress) {
  const auto now = clock::now();
  if (account_ != account) {
    finish();
    account_ = account;
    begun_ = shown_ = now;
  }
  if (!terminal_ && now - shown_ < std::chrono::seconds{10}) return;
  shown_ = now;
  const auto line = text(account, progress, now - begun_);
  fmt::print(stderr, "{}{}{}", terminal_ ? "\r\x1b[K" : "", line, terminal_ ? "" : "\n");
  std::fflush(stderr);
  dirty_ = terminal_;
}

void progress_line::finish() {
  if (dirty_) fmt::print(stderr, "\n");
  dirty_ = false;
}

}  // namespace ordersync::cli
