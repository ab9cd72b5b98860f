#pragma once
// What a daemon does about alerts: looks at the mirror, decides what each webhook is sent, sends it, and keeps what was
// sent in the database. Nothing of it holds up the work: it has a session of its own and looks as the status page does.
//
// The daemon that leads sends. While the database is away, nobody leads, and the daemon that led last reports that, or
// one that has not seen the database since it started; it reports the end of that too, whoever leads then.
//
// One I/O thread. What is given outlives it.

#include "app/alerts/alert_engine.hpp"
#include "app/alerts/outbox.hpp"
#include "app/runtime/task_group.hpp"
#include "app/setup/loading.hpp"
#include "app/telemetry/observer.hpp"
#include "store/alerts/sent_alerts.hpp"
#include "store/leadership/leader.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace ordersync::app::alerts {

// What this daemon sees at one moment.
struct sighting {
  bool leads = false;
  bool another_leads = false;
  bool database_fails = false;  // for this daemon
  bool known = false;           // `seen` is filled; false: not enough is known yet
  observation seen;
};

class alert_watch {
 public:
  using look = std::function<boost::asio::awaitable<sighting>()>;
  struct surroundings {
    boost::asio::any_io_executor executor;
    store::leadership::instance self;
    look look_at;
    telemetry::observer& observers;
    core::log& log;
    outbox::rules sending = outbox::usual_rules();
    std::chrono::milliseconds least_rest{1'000};  // between looks, each of which costs what one at the status page does
  };

  // Begins.
  alert_watch(surroundings around, const setup::configuration& from);
  ~alert_watch();
  alert_watch(const alert_watch&) = delete;
  alert_watch& operator=(const alert_watch&) = delete;

  // After a reload.
  void reconfigure(const setup::configuration& from);

  // For the end: messages that wait are given up; who leads next sends them. join() throws on a defect.
  void close() noexcept;
  void cut() noexcept;
  boost::asio::awaitable<void> join();

 private:
  struct channel;
  using channel_list = std::vector<std::shared_ptr<channel>>;

  void open(const setup::configuration& from);
  std::shared_ptr<channel> open_channel(const setup::configuration& from, std::size_t index);
  void conclude(channel& of, const message& m, const delivery& outcome, int tries);
  boost::asio::awaitable<void> run();
  boost::asio::awaitable<void> look_once();
  bool note_role(const sighting& seen);
  boost::asio::awaitable<bool> recall();
  boost::asio::awaitable<void> keep();
  void step(const observation& seen);

  surroundings around_;
  std::function<core::instant()> now_;
  channel_list channels_;
  std::shared_ptr<store::alerts::sent_alerts> sent_;
  bool recalled_ = false;  // what was sent is known from the database
  bool led_last_ = false;
  bool saw_database_ = false;
  bool stopping_ = false;
  boost::asio::steady_timer rest_;
  boost::asio::steady_timer ended_;
  runtime::task_group tasks_;
};

}  // namespace ordersync::app::alerts
