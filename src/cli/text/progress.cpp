#include "cli/text/progress.hpp"

#include "app/setup/spoken.hpp"
#include "cli/text/output.hpp"
#include "core/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <unistd.h>

namespace ordersync::cli::text {

progress_line::progress_line() : terminal_(::isatty(STDERR_FILENO) == 1), begun_(clock::now()), shown_(begun_) {}

namespace {

std::string counts(std::int64_t windows, std::int64_t orders, std::int64_t expected, std::int64_t gaps, double rate) {
  auto line =
      fmt::format("{} windows, {} of about {} orders, {:.0f}/s", windows, orders, std::max(expected, orders), rate);
  const auto left = static_cast<double>(expected - orders);
  if (rate > 0 && left > 0)
    line += fmt::format(", about {} left",
                        app::setup::spoken(std::chrono::seconds{static_cast<std::int64_t>(left / rate) + 1}));
  if (gaps > 0) line += fmt::format(", {} not proven", gaps);
  return line;
}

double per_second(std::int64_t orders, std::chrono::duration<double> since) {
  // Over less time it says nothing.
  return since.count() >= 0.5 ? static_cast<double>(orders) / since.count() : 0;
}

// By what is left of the time that was asked for: known exactly, whatever the API counts.
double share_done(const store::jobs::backfill_job& job) {
  std::chrono::seconds left{0};
  for (const auto& window : job.left) left += window.length();
  const auto all = job.range.length();
  return all.count() == 0 ? 1 : 1 - static_cast<double>(left.count()) / static_cast<double>(all.count());
}

}  // namespace

std::string progress_line::text(std::string_view account, const sync::sweep::sweep_progress& progress,
                                std::chrono::duration<double> since) {
  return fmt::format("{}: {}", account,
                     counts(progress.windows_proven + progress.gaps, progress.orders, progress.expected_orders,
                            progress.gaps, per_second(progress.orders, since)));
}

std::string progress_line::text(const store::jobs::backfill_job& job, std::int64_t before,
                                std::chrono::duration<double> since) {
  constexpr std::size_t width = 20;
  const double share = share_done(job);
  const auto full = static_cast<std::size_t>(share * width);
  return fmt::format(
      "backfill {}: [{}{}] {:3.0f} % of {}, {}{}", job.id, std::string(full, '#'), std::string(width - full, '-'),
      std::floor(share * 100), job.account,
      job.state == store::jobs::job_state::running ? std::string{} : std::string{store::jobs::name(job.state)} + ", ",
      counts(job.windows_proven + job.gaps, job.orders, job.expected_orders.value_or(0), job.gaps,
             per_second(job.orders - before, since)));
}

bool progress_line::about(std::string_view what) {
  if (about_ == what) return false;
  finish();
  about_ = what;
  begun_ = shown_ = clock::now();
  return true;
}

void progress_line::show(std::string_view account, const sync::sweep::sweep_progress& progress) {
  about(account);
  write(text(account, progress, clock::now() - begun_));
}

void progress_line::show(const store::jobs::backfill_job& job) {
  if (about(fmt::format("backfill {}", job.id))) before_ = job.orders;
  write(text(job, before_, clock::now() - begun_));
}

void progress_line::show(std::string_view what, const std::string& line) {
  about(what);
  write(line);
}

void progress_line::write(const std::string& line) {
  const auto now = clock::now();
  if (!terminal_ && now - shown_ < std::chrono::seconds{10}) return;
  shown_ = now;
  if (!terminal_) return say(line);
  // The last column stays free: a cursor behind it is on the next line already.
  const auto shown = "\r\x1b[K" + fitting(core::printable(line), columns_of_terminal() - 1);
  std::fwrite(shown.data(), 1, shown.size(), stderr);
  std::fflush(stderr);
  dirty_ = true;
}

void progress_line::finish() {
  if (dirty_) say("");
  dirty_ = false;
}

}  // namespace ordersync::cli::text
