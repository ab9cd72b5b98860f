#pragma once
// Makes the planner's statistics anew where much was stored, beside the writing: by a thread and a short-lived session
// of its own. What fails is tried again when more was stored; the server makes statistics by itself some minutes later.
//
// Any thread. Its end waits for the statistics in hand, unless cut() came first: a command that has loaded much leaves
// good statistics behind, a program that is asked to stop does so at once.

#include "store/maintenance/statistics.hpp"
#include "store/pg/session.hpp"
#include "store/pg/stop_signal.hpp"

#include <boost/asio/thread_pool.hpp>

#include <cstdint>
#include <mutex>
#include <string>

namespace ordersync::store::maintenance {

class statistics_keeper {
 public:
  statistics_keeper(std::string url, std::string password, pg::session as);
  ~statistics_keeper();
  statistics_keeper(const statistics_keeper&) = delete;
  statistics_keeper& operator=(const statistics_keeper&) = delete;

  // So many orders were stored that the mirror did not have.
  void created(std::int64_t orders);
  void use_password(std::string password);
  // What waits for the database is given up.
  void cut() noexcept { cut_.raise(); }

 private:
  void refresh();

  const std::string url_;
  const pg::session session_;
  std::mutex mutex_;  // for the password
  std::string password_;
  growth growth_;
  pg::stop_signal cut_;
  boost::asio::thread_pool thread_{1};
};

}  // namespace ordersync::store::maintenance
