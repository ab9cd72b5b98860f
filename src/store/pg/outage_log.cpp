#include "store/pg/outage_log.hpp"

namespace ordersync::store::pg {
namespace {

constexpr std::chrono::seconds between_lines{10};

}  // namespace

void outage_log::failed(time_point now, const char* operation, const sql_error& why, std::chrono::milliseconds wait) {
  if (!since_) since_ = now;
  ++tries_;
  operation_ = operation;
  if (last_line_ && now - *last_line_ < between_lines) return;
  last_line_ = now;
  logged_ = true;
  log_.write(core::severity::warning, "database_retry",
             {{"operation", operation},
              {"step", std::string_view{why.what()}},
              {"reason", why.reason()},
              {"attempt", tries_ + 1},
              {"lasted", now - *since_},
              {"wait", wait}});
}

void outage_log::worked(time_point now) {
  if (logged_) {
    log_.write(core::severity::info, "database_back",
               {{"attempts", tries_}, {"lasted", now - *since_}, {"operation", operation_}});
  }
  since_.reset();
  tries_ = 0;
  logged_ = false;
}

}  // namespace ordersync::store::pg
