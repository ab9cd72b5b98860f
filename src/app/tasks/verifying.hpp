#pragma once
// `verify`: asks the API for its counts and compares them with the mirror's, window by window. Before that the API is
// tried (see api_trials.hpp), for counts that it does not give in full compare nothing; proof that turns out wrong
// falls.
//
// A window is at most a day, and no longer than the API answers in full. It is compared by its total, and by the
// statuses that the API counts, the most frequent first, until they make up the total: two to nine calls. A window that
// differs is compared once more, for orders move while one counts; if it still differs it is cut in two, down to an
// hour or a few pages of orders, and those orders are read and compared one by one. What that finds is a difference,
// whatever the counts said: so an order at the edge, or one that belongs to another account, is none.
//
// After that the counts which the mirror keeps of its own orders are compared with them, and corrected; see
// count_correction.hpp.
//
// One I/O thread.

#include "app/runtime/stop_signal.hpp"
#include "app/tasks/api_client.hpp"
#include "app/tasks/maintenance_views.hpp"
#include "app/tasks/order_comparison.hpp"
#include "app/tasks/task_dependencies.hpp"

#include <boost/asio/awaitable.hpp>

#include <vector>

namespace ordersync::app::tasks {

class verifying {
 public:
  explicit verifying(task_dependencies around);

  // Fails only when nothing could be begun.
  boost::asio::awaitable<core::result<verify_result>> perform(verify_request request, verify_listener listener);

  // Ends `perform` soon. From the I/O thread.
  void stop() { stop_.request(); }

 private:
  struct account_run;
  template <class T>
  using answer = boost::asio::awaitable<core::result<T>>;

  boost::asio::awaitable<account_verification> verify_account(std::size_t index, verify_request request,
                                                              verify_listener listener);
  answer<void> correct_counts(const verify_request& request, verify_result& result);
  answer<void> try_api(account_run& of, std::size_t index);
  answer<void> compare_all(account_run& of);
  static answer<std::int64_t> count(account_run& of, core::window window);
  static answer<std::int64_t> read_list(account_run& of, core::window window, std::optional<int> status,
                                        shown_orders& shown, std::int64_t& unusable);
  answer<void> compare_deeper(account_run& of, core::window window);
  answer<bool> differs(account_run& of, core::window window);
  static answer<bool> statuses_differ(account_run& of, core::window window, std::int64_t total,
                                      store::maintenance::mirror_counts mirror);
  answer<window_difference> compare_orders(account_run& of, core::window window);
  answer<void> fix(account_run& of);
  answer<core::second> quiet_begin(core::second near);
  answer<core::second> quiet_end(core::second near, core::second limit);

  task_dependencies around_;
  runtime::stop_signal stop_{[this] { around_.database.close(); }};
};

}  // namespace ordersync::app::tasks
