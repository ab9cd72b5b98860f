#include "app/freshness/count_questions.hpp"

#include "app/setup/clock_and_random.hpp"
#include "sync/evidence/evidence.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::app::freshness {

using std::chrono::steady_clock;
using namespace std::chrono_literals;

namespace {

// Orders of two minutes.
constexpr int look_up_page = 20;

sync::recheck::looked_up_order find_in(sync::page& page, std::int64_t id) {
  const auto at = std::ranges::find(page.orders, id, &core::order::id);
  if (at == page.orders.end()) return {};
  return {std::move(*at)};
}

// What fails is asked again with the whole check, soon.
sync::flow::gated_requests::rules request_rules(std::chrono::milliseconds timeout) {
  sync::flow::gated_requests::rules rules{.timeout = timeout, .how = sync::flow::urgency::revisit};
  rules.tries.alone = sync::flow::ask_alone::never;
  rules.tries.retries = {.tries = 2, .overload_tries = 2};
  return rules;
}

}  // namespace

count_questions::count_questions(dependencies around, rules how)
    : rules_(std::move(how)),
      source_(around.source),
      longest_(std::move(around.longest)),
      pace_(around.turns, rules_.share, rules_.accounts),
      requests_({around.turns, &around.log, setup::random_source()}, request_rules(rules_.request_timeout)) {}

void count_questions::stop() noexcept {
  pace_.stop();
  requests_.stop();
}

count_questions::answer<std::int64_t> count_questions::count(core::window window, std::optional<int> status) {
  const auto reply = co_await read(window, status, 1, 1);
  if (reply.has_error()) co_return reply.error();
  co_return reply->total;
}

count_questions::answer<sync::page> count_questions::read(core::window window, std::optional<int> status, int number,
                                                          int page_size) {
  co_await pace_.wait();
  sync::page_request request{.window = window, .page = number, .page_size = page_size, .status = status};
  sync::flow::request_label label{.account = rules_.account, .kind = "recheck"};
  co_return co_await requests_.fetch(source_, std::move(request), std::move(label));
}

// No longer than the API answers in full.
core::window count_questions::around(core::instant created) const {
  auto range = sync::range_around(created);
  const auto second = std::chrono::floor<std::chrono::seconds>(created);
  const auto half = longest_().value_or(range.length()) / 2;
  range.begin = std::max(range.begin, second - half);
  range.end = std::min(range.end, second + half);
  return range;
}

count_questions::answer<sync::page> count_questions::ask_by_number(const sync::recheck::mirror_order& order) {
  co_await pace_.wait();
  sync::flow::gated_requests::send_once<sync::page> once = [this, &order](steady_clock::time_point deadline,
                                                                          std::function<void()> received) {
    return source_.look_up(order.tb_order_id, around(order.created_at), deadline, std::move(received));
  };
  sync::flow::request_label label{.account = rules_.account, .kind = "recheck"};
  co_return co_await requests_.send(std::move(once), std::move(label));
}

count_questions::answer<sync::recheck::looked_up_order> count_questions::look_up(sync::recheck::mirror_order order) {
  auto reply = co_await ask_by_number(order);
  if (reply.has_error()) co_return reply.error();
  // Other orders than the requested one: the API does not know the filter, and nothing is known.
  if (auto found = find_in(*reply, order.id); found.order || reply->rows() > 0) co_return found;
  const auto second = std::chrono::floor<std::chrono::seconds>(order.created_at);
  for (const int status : sync::evidence::finished_statuses) {
    auto listed = co_await read({second - 1min, second + 1min}, status, 1, look_up_page);
    if (listed.has_error()) co_return listed.error();
    if (auto found = find_in(*listed, order.id); found.order) co_return found;
    if (listed->total > look_up_page) co_return sync::recheck::looked_up_order{};
  }
  co_return sync::recheck::looked_up_order{.order = {}, .absent = true};
}

}  // namespace ordersync::app::freshness
