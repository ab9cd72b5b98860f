#include "store/maintenance/statistics_keeper.hpp"

#include "store/pg/connection.hpp"
#include "store/pg/precondition_failed.hpp"

#include <boost/asio/post.hpp>

#include <optional>
#include <utility>

namespace ordersync::store::maintenance {

statistics_keeper::statistics_keeper(std::string url, std::string password, pg::session as)
    : url_(std::move(url)), session_(std::move(as)), password_(std::move(password)) {}

statistics_keeper::~statistics_keeper() {
  thread_.join();
}

void statistics_keeper::use_password(std::string password) {
  const std::lock_guard lock{mutex_};
  password_ = std::move(password);
}

void statistics_keeper::created(std::int64_t orders) {
  if (growth_.add(orders)) boost::asio::post(thread_, [this] { refresh(); });
}

void statistics_keeper::refresh() {
  std::string password;
  {
    const std::lock_guard lock{mutex_};
    password = password_;
  }
  std::optional<std::int64_t> orders;
  try {
    pg::connection db(url_, password, cut_, session_);
    db.begin(pg::access::write);
    orders = analyze_orders(db);
    db.commit();
  } catch (const pg::sql_error&) {
    orders.reset();
  } catch (const pg::precondition_failed&) {
    orders.reset();
  }
  growth_.analyzed(orders);
}

}  // namespace ordersync::store::maintenance
