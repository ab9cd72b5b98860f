#include "store/outage_log.hpp"

namespace ordersync::store {
namespace {

constexpr std::chrono::seconds between_lines{10};

std::int64_t seconds_between(outage_log::time_point begin, outage_log::time_point end) {
  return std::chrono::floor<std::chrono::seconds>(end - begin).count();
}

}  // namespace

void outage_log::failed(time_point now, const char* operation, const sql_error& why, std::chrono::milliseconds wait) {
  if (!since_) since_ = now;
  ++tries_;
  if (last_line_ && now - *last_line_ < between_lines) return;
  last_line_ = now;
  told_ = true;
  log_.write(core::severity::warning, "database_retry",
             {{"operation", operation},
              {"step", std::string_view{why.what()}},
              {"reason", why.reason()},
              {"tries", tries_},
              {"failing_s", seconds_between(*since_, now)},
              {"wait_ms", wait.count()}});
}

void outage_log::worked(time_point now) {
  if (told_) {
    log_.write(core::severity::info, "database_back",
               {{"tries", tries_}, {"failing_s", seconds_between(*since_, now)}});
  }
  since_.reset();
  tries_ = 0;
  told_ = false;
}

}  // namespace ordersync::store
