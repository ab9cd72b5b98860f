#pragma once
// While this process leads: looks now and then how much of the proof was audited, which contradictions are open,
// what push messages came and which details wait, so that all is at hand without asking the database. By a session of
// its own, so that looking never delays a commit.
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
#include <vector>

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
  boost::asio::awaitable<void> add_details(std::map<std::string, proof_figures>& to);

  std::unique_ptr<store::database> database_;
  const std::vector<std::string> detailed_;  // accounts whose details are read
  boost::asio::steady_timer rest_;
  std::optional<std::map<std::string, proof_figures>> figures_;
  bool stopping_ = false;
};

}  // namespace ordersync::app::daemon
