#pragma once
// What every command but `run` and `doctor` needs: the configuration read, the log opened, the database at hand,
// signals handled. The commands themselves are the functions of this room, a file each.
//
// Every command blocks until it is done and belongs to the thread that opened the session. SIGTERM or SIGINT make the
// command in hand end soon, with the transaction in hand finished, within 5 s; a second signal ends the process at
// once.

#include "app/runtime/runner.hpp"
#include "app/setup/loading.hpp"
#include "app/tasks/task_dependencies.hpp"
#include "core/error.hpp"
#include "core/log.hpp"
#include "core/time.hpp"
#include "store/store.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/system/result.hpp>

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ordersync::app::commands {

class session {
 public:
  // Or everything that is wrong with the configuration, the secret files included, a line each. Opens no connection.
  // One opened for a look waits for a database that is away for seconds, not for a minute, and must not be asked for
  // anything that needs the API.
  static boost::system::result<std::unique_ptr<session>, std::vector<std::string>> open(
      const setup::configuration_files& files, setup::purpose of = setup::purpose::work);

  session(setup::configuration loaded, setup::purpose of);
  session(const session&) = delete;
  session& operator=(const session&) = delete;
  ~session();

  // "2024-05-07" (in the API's zone), "2024-05-07T09:52:00+08:00", "2024-05", "7d" (ago), "yesterday"; see
  // config/values.
  core::result<core::second> parse_time(std::string_view text) const;
  // A moment as people here write it, in the API's zone, to be pasted into a command: "2024-05-07T09:52:00+08:00".
  std::string local_text(core::second t) const;
  std::vector<std::string> account_names() const;

  // For the commands.
  const setup::configuration& configuration() const noexcept { return configuration_; }
  store::database& database() noexcept { return *database_; }
  core::log& log() noexcept { return *log_; }
  boost::asio::any_io_executor executor() { return runner_.io().get_executor(); }
  tasks::task_dependencies task_dependencies() { return {executor(), configuration_, *database_, *log_}; }

  // Whether a signal has come.
  bool interrupted() const noexcept { return runner_.interrupted(); }

  // Performs `task`. At a signal `stop` is called, and when the task has not ended 4 s later, the database is cut.
  template <class T>
  core::result<T> run(boost::asio::awaitable<core::result<T>> task, std::function<void()> stop) {
    return runner_.run(std::move(task), {.soon = std::move(stop), .now = [this] { database_->cut(); }});
  }
  // A task of the database alone, which is closed at a signal.
  template <class T>
  core::result<T> run(boost::asio::awaitable<core::result<T>> task) {
    return run(std::move(task), [this] { database_->close(); });
  }
  // The same for one that needs the schema: what is missing of it is the error.
  template <class T>
  core::result<T> run_on_schema(boost::asio::awaitable<core::result<T>> task) {
    return run(after_check(std::move(task)));
  }
  template <class T>
  core::result<T> run_on_schema(boost::asio::awaitable<core::result<T>> task, std::function<void()> stop) {
    return run(after_check(std::move(task)), std::move(stop));
  }

 private:
  template <class T>
  boost::asio::awaitable<core::result<T>> after_check(boost::asio::awaitable<core::result<T>> task) {
    if (auto current = co_await database_->require_current(); current.has_error()) co_return current.error();
    co_return co_await std::move(task);
  }

  setup::configuration configuration_;
  std::unique_ptr<core::log> log_;
  runtime::runner runner_;
  std::unique_ptr<store::database> database_;
};

}  // namespace ordersync::app::commands
