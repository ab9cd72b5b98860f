#pragma once
// While a daemon works an account: reads the details that are due, as the database has them, and stores them. Behind
// live windows and revisits, within details.share of the rate. Nothing of it is lost: an order stays due until its
// detail is stored, whoever works the account then.
//
// Where the API does not permit these calls, that is stored, and they rest for an hour, or until somebody else, such as
// `order refresh`, has stored that they are permitted.
//
// One I/O thread. What is given outlives it.

#include "app/details/detail_batch.hpp"
#include "app/details/detail_requests.hpp"
#include "app/freshness/request_pace.hpp"
#include "app/setup/loading.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

namespace ordersync::app::freshness {

class detail_reader {
 public:
  struct dependencies {
    boost::asio::any_io_executor executor;
    const setup::configuration& from;
    store::details::details& store;
    sync::detail_source& source;
    sync::flow::request_gate& turns;
    core::log& log;
    telemetry::observer& observers;
    // Between tries while the API does not permit them: people ask the vendor, so soon is no use, and a day is too long
    // for whoever waits for it.
    std::chrono::milliseconds refused_rest = std::chrono::hours{1};
    // After the first of several reads in a row that failed; later ones are longer.
    std::chrono::milliseconds first_rest = std::chrono::seconds{5};
    // While it is refused, between looks at whether somebody else has read one.
    std::chrono::milliseconds refusal_looked_at_every = std::chrono::minutes{1};
  };

  // For the account at `index` of the configuration.
  detail_reader(dependencies around, std::size_t index);
  detail_reader(const detail_reader&) = delete;
  detail_reader& operator=(const detail_reader&) = delete;

  // Until it is stopped; throws on a defect only.
  boost::asio::awaitable<void> run();
  void stop() noexcept;

 private:
  enum class permission { unknown, refused, refunds_refused, given };

  boost::asio::awaitable<std::chrono::milliseconds> work();
  boost::asio::awaitable<core::result<void>> learn();
  boost::asio::awaitable<core::result<void>> try_refunds();
  std::size_t worth_taking() const noexcept;
  boost::asio::awaitable<core::result<void>> note(const details::detail_batch_result& found);
  boost::asio::awaitable<core::result<void>> note_permitted(bool refunds);
  boost::asio::awaitable<core::result<void>> set_refused(permission now, std::string reason);
  boost::asio::awaitable<void> rest_while_refused();
  boost::asio::awaitable<core::result<void>> look_at_refunds();
  std::chrono::milliseconds rest_after(const core::error& why);
  boost::asio::awaitable<void> pause(std::chrono::milliseconds length);

  dependencies around_;
  const std::string account_;
  request_pace pace_;
  details::detail_requests requests_;
  details::detail_batch batch_;
  permission permission_ = permission::unknown;
  bool learnt_ = false;         // what was seen before
  bool refunds_given_ = false;  // a refund was read since it was seen that they are refused, or since the beginning
  std::chrono::steady_clock::time_point refunds_again_{}, refunds_looked_at_{};  // while they are refused
  int failures_ = 0;                                                             // one after the other
  boost::asio::steady_timer pause_;
  bool stopping_ = false;
};

}  // namespace ordersync::app::freshness
