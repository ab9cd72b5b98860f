#pragma once
// Shows how a sweep or a backfill job comes along, on stderr: on a terminal one line that is written over, elsewhere a
// line every 10 s.

#include "app/commands/session.hpp"
#include "app/tasks/sweep_views.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace ordersync::cli::text {

class progress_line {
 public:
  progress_line();

  // Call as often as there is news.
  void show(std::string_view account, const sync::sweep::sweep_progress& progress);
  void show(const store::jobs::backfill_job& job);
  void show(std::string_view what, const std::string& line);
  // Ends the line on a terminal.
  void finish();

  // "main: 12 windows, 8,400 of about 20,000 orders, 1,250/s, about 10 s left".
  static std::string text(std::string_view account, const sync::sweep::sweep_progress& progress,
                          std::chrono::duration<double> since);
  // "backfill 7: [####----------------]  21 % of main, 12 windows, ...". `before`: its orders when the watch began.
  static std::string text(const store::jobs::backfill_job& job, std::int64_t before,
                          std::chrono::duration<double> since);

 private:
  using clock = std::chrono::steady_clock;

  // Begins anew where it is about something else than before.
  bool about(std::string_view what);
  void write(const std::string& line);

  bool terminal_;
  std::string about_;
  std::int64_t before_ = 0;
  clock::time_point begun_;
  clock::time_point shown_;
  bool dirty_ = false;
};

}  // namespace ordersync::cli::text
