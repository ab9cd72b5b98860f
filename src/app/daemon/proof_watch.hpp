#pragma once
// While this process leads: looks now and then how much of the proof was audited, which contradictions are open and
// what push messages came, so that all is at hand without asking the database. By a session of its own, so that looking
// never delays a commit.
//
// One I/O thread.

#include "app/daemon/daemon_state.hpp"
#include "app/setup/loading.hpp"
#include "store/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace ordersync::app::daemon {

class proof_watch {
 public:
  // `self`: this process. `log` outlives it.
  proof_watch(const boost::asio::any_io_executor& executor, const setup::configuration& from,
              const store::leadership::instance& self, core::log& log);

  // Until it is stopped.
  boost::asio::awaitable<void> run();
  void stop();
  // Whatever waits for the database fails now.
  void cut() noexcept { database_->cut(); }

  // None before the first look.
  std::optional<proof_figures> of(const std::string& account) const;

 private:
  std::unique_ptr<store::database> database_;
  boost::asio::steady_timer rest_;
  std::optional<std::map<std::string, proof_figures>> figures_;
  bool stopping_ = false;
};

}  // namespace ordersync::app::daemon
