#include "app/http/page.hpp"

#include "app/http/alert_sighting.hpp"
#include "app/http/leading_view.hpp"
#include "app/http/order_search.hpp"
#include "app/http/page_answers.hpp"
#include "app/http/status_api_commands.hpp"
#include "app/orders/absence.hpp"
#include "app/orders/number_search.hpp"
#include "app/orders/order_json.hpp"
#include "app/runtime/shared_look.hpp"
#include "app/setup/clock_and_random.hpp"
#include "app/setup/wiring.hpp"
#include "app/status/mirror_look.hpp"
#include "app/status/standing.hpp"
#include "app/status/status_json.hpp"
#include "app/status/status_view.hpp"
#include "config/values.hpp"
#include "service/page.hpp"
#include "store/store.hpp"

#include <boost/json/array.hpp>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ordersync::app::http {

namespace asio = boost::asio;
namespace json = boost::json;
using service::http_answer;
using service::http_request;
using std::chrono::steady_clock;

namespace {

// What the page reads from; a reload replaces it, and requests under way keep the old one.
struct page_backend {
  config::settings settings;
  std::optional<admin_token> token;
  std::unique_ptr<store::database> database;
};

std::shared_ptr<page_backend> backend_of(const setup::configuration& from, const store::leadership::instance& self,
                                         core::log& log) {
  auto result = std::make_shared<page_backend>();
  result->settings = from.settings;
  if (from.secrets.admin_token) result->token.emplace(from.secrets.admin_token->reveal());
  auto settings = setup::store_settings_of(from);
  settings.instance = self.id;
  settings.retry.give_up_after = std::chrono::milliseconds{0};  // whoever looks asks again soon
  result->database = store::make_database(std::move(settings), log);
  return result;
}

asio::awaitable<core::result<status::mirror_look>> mirror_from(std::shared_ptr<page_backend> on, core::instant now) {
  co_return co_await status::look_at_mirror(*on->database, on->settings, now);
}

asio::awaitable<core::result<std::vector<store::jobs::backfill_job>>> jobs_from(std::shared_ptr<page_backend> on) {
  if (auto current = co_await on->database->require_current(); current.has_error()) co_return current.error();
  co_return co_await on->database->jobs(false);
}

// Of the ended ones only the newest: the list is for people.
constexpr std::size_t most_jobs = 50;
// Who asked, as the table of jobs has it: whoever holds the token.
constexpr const char* requester = "status page";

http_answer database_refusal(core::failure kind) {
  if (kind == core::failure::input)
    return refusal(503, "The tables are missing or belong to another version.",
                   "The leading daemon creates them within seconds.");
  return refusal(503, "The database does not answer.", "Check that PostgreSQL runs; the daemon's log shows the error.");
}

http_answer refresh_refusal(const core::error& why) {
  if (why.kind == core::failure::database || why.kind == core::failure::database_down)
    return database_refusal(why.kind);
  return refusal(503, "The order could not be read: " + why.what + ".", "Try again in a moment.");
}

class concrete_page final : public page {
 public:
  concrete_page(asio::any_io_executor executor, const setup::configuration& from, store::leadership::instance self,
                const telemetry::recent_problems& problems, core::log& log)
      : executor_(std::move(executor)),
        log_(log),
        self_(std::move(self)),
        problems_(problems),
        backend_(backend_of(from, self_, log)),
        search_(executor_),
        tasks_(executor_, [this] { ended_.cancel(); }),
        ended_(executor_, steady_clock::time_point::max()),
        mirror_(executor_, tasks_, [this] { return mirror_from(backend_, now_()); }),
        jobs_(executor_, tasks_, [this] { return jobs_from(backend_); }) {}

  void add_routes(service::http_server& server) override {
    const auto serve = [&](bool post, const char* path,
                           asio::awaitable<http_answer> (concrete_page::*with)(http_request)) {
      server.route(post, path, [this, with](http_request request) { return (this->*with)(std::move(request)); });
    };
    serve(false, "/", &concrete_page::document);
    serve(false, "/api/status", &concrete_page::status);
    serve(false, "/api/coverage", &concrete_page::coverage);
    serve(false, "/api/requests", &concrete_page::requests);
    serve(false, "/api/troubles", &concrete_page::problems_reply);
    serve(false, "/api/backfills", &concrete_page::backfills);
    serve(false, "/api/order", &concrete_page::order);
    serve(true, "/api/order/refresh", &concrete_page::refresh_order);
    serve(true, "/api/backfills", &concrete_page::create_backfill);
    serve(true, "/api/backfills/", &concrete_page::change_backfill);
  }

  void use_refresher(order_refresher refresher) override { refresh_ = std::move(refresher); }

  const telemetry::request_history& history() const noexcept override { return history_; }

  void use_state(std::function<daemon::daemon_state()> state) override { state_ = std::move(state); }

  void reconfigure(const setup::configuration& from) override {
    auto former = std::exchange(backend_, backend_of(from, self_, log_));
    former->database->close();
    mirror_.forget();
    jobs_.forget();
  }

  asio::awaitable<alerts::sighting> sight() override {
    const auto state = state_ ? state_() : daemon::daemon_state{};
    if (!state.leads) co_return sighting_of(state, nullptr, now_());
    auto looking = look_now();
    const auto seen = co_await std::move(looking);
    co_return sighting_of(state, &seen->facts.seen, now_());
  }

  asio::awaitable<void> join() override {
    while (!tasks_.empty()) co_await ended_.async_wait(asio::as_tuple(asio::use_awaitable));
    tasks_.rethrow();
  }

  void close() noexcept override { backend_->database->close(); }

  void cut() noexcept override { backend_->database->cut(); }

  void request(const telemetry::finished_request& finished) noexcept override {
    if (finished.of_detail) return history_.add_beside(now_(), finished.outcome, finished.took);
    history_.add(now_(), finished.account, finished.outcome, finished.took);
  }

 private:
  using answer = asio::awaitable<http_answer>;

  // NOLINTNEXTLINE(readability-convert-member-functions-to-static): one of the handlers, which are all called alike
  answer document(http_request /*request*/) {
    const auto& built_in = service::status_page();
    http_answer result{.content_type = "text/html; charset=utf-8", .body = built_in.document};
    result.headers.emplace_back("Content-Security-Policy", built_in.security_policy);
    co_return result;
  }

  // The view that `facts.seen` looks at stays with it.
  struct looked {
    status::status_view view;
    status_facts facts;
  };

  asio::awaitable<std::unique_ptr<looked>> look_now() {
    const auto seen = co_await mirror_.get();
    auto result = std::make_unique<looked>();
    auto& [view, facts] = *result;
    const auto state = state_ ? state_() : daemon::daemon_state{};
    if (seen.value) view = seen.value->view;
    if (state.works) add_daemon_state(view, state);
    facts.seen = {
        .now = now_(),
        .view = seen.value ? &view : nullptr,
        .database = seen.failure,
        .api = history_.accounts(),
        .requests = status::request_limits_of(
            backend_->settings, state.requests ? state.requests->allowed_per_second : backend_->settings.sync.rate)};
    facts.load = state.requests;
    if (seen.value) {
      status::assess_standings(facts.seen, view);
      for (std::size_t i = 0; i < seen.value->coverage.size(); ++i)
        facts.seen.coverage.push_back(
            status::part_of(seen.value->coverage[i], seen.value->view.accounts[i].complete.expected));
      facts.age = std::chrono::duration_cast<std::chrono::milliseconds>(steady_clock::now() - seen.at);
    }
    facts.self = self_;
    facts.can_order = backend_->token.has_value();
    co_return result;
  }

  answer status(http_request /*request*/) {
    auto looking = look_now();
    const auto seen = co_await std::move(looking);
    co_return json_answer(status_answer(seen->facts, backend_->settings));
  }

  answer coverage(http_request request) {
    const auto name = request.query.find("account");
    const auto seen = co_await mirror_.get();
    if (!seen.value) co_return database_refusal(seen.failure.value_or(core::failure::database_down));
    const auto& known = seen.value->coverage;
    const auto report = name == request.query.end()
                            ? known.end()
                            : std::ranges::find(known, name->second, &store::reports::coverage_report::account);
    if (report == known.end()) co_return refusal(404, "Unknown account.", "Use a configured account: ?account=NAME.");
    auto range = report->range;
    const auto zone = backend_->settings.api.time_zone;
    if (!read_bound(request, "from", zone, range.begin) || !read_bound(request, "to", zone, range.end))
      co_return refusal(400, "\"from\" or \"to\" is not a time.", config::time_hint);
    const auto expected = seen.value->view.accounts[static_cast<std::size_t>(report - known.begin())].complete.expected;
    co_return json_answer(coverage_answer(status::part_of(*report, range), backend_->settings, expected.end));
  }

  static bool read_bound(const http_request& request, std::string_view key, std::chrono::seconds zone,
                         core::second& into) {
    const auto given = request.query.find(key);
    if (given == request.query.end()) return true;
    const auto time = config::parse_time_point(given->second, zone);
    if (time) into = *time;
    return time.has_value();
  }

  answer requests(http_request /*request*/) { co_return json_answer(requests_answer(history_, now_())); }

  answer problems_reply(http_request /*request*/) {
    co_return json_answer(problems_answer(problems_.latest(), now_()));
  }

  answer backfills(http_request /*request*/) {
    const auto seen = co_await jobs_.get();
    if (!seen.value) co_return database_refusal(seen.failure.value_or(core::failure::database_down));
    json::array list;
    std::size_t ended = 0;
    for (const auto& job : *seen.value)
      if (store::jobs::is_open(job.state) || ++ended <= most_jobs) list.push_back(status::json_of(job));
    co_return json_answer(json::object{{"now", core::to_text(now_())}, {"backfills", std::move(list)}});
  }

  answer create_backfill(http_request request) {
    if (auto refused = objection(request, backend_->token)) co_return finished(std::move(*refused));
    const auto on = backend_;
    auto order = read_backfill_order(request.body, on->settings);
    if (order.has_error())
      co_return refusal(400, "Invalid backfill request: " + order.error().what + ".",
                        "Correct the request and send it again.");
    const std::string by = requester;
    const auto jobs = co_await on->database->create_jobs(std::move(order->accounts), order->range, by);
    if (jobs.has_error()) co_return database_refusal(jobs.error().kind);
    jobs_.forget();
    json::array list;
    for (const auto& job : *jobs) {
      list.push_back(status::json_of(job));
      log_.write(core::severity::info, "backfill_ordered",
                 {{"account", job.account}, {"job", job.id}, {"range", core::to_text(job.range)}, {"by", requester}});
    }
    co_return json_answer(json::object{{"backfills", std::move(list)}}, 201);
  }

  answer change_backfill(http_request request) {
    if (auto refused = objection(request, backend_->token)) co_return finished(std::move(*refused));
    const auto on = backend_;
    const auto order = read_job_order(request.path);
    if (!order)
      co_return refusal(404, "Unknown action or backfill ID.", "POST /api/backfills/ID/pause, resume or cancel.");
    const std::string by = requester;
    const auto job = co_await on->database->change_job(order->id, order->action, by);
    if (job.has_error() && job.error().kind == core::failure::input)
      co_return refusal(409, job.error().what, "Check the backfill's current state.");
    if (job.has_error()) co_return database_refusal(job.error().kind);
    jobs_.forget();
    log_.write(
        core::severity::info, "backfill_steered",
        {{"account", job->account}, {"job", job->id}, {"state", store::jobs::name(job->state)}, {"by", requester}});
    co_return json_answer(status::json_of(*job));
  }

  answer order(http_request request) {
    const auto given = request.query.find("number");
    const auto number = given == request.query.end() ? std::string{} : orders::trimmed_number(given->second);
    if (number.empty()) co_return refusal(400, "The number is missing.", "Ask for /api/order?number=NUMBER.");
    const auto on = backend_;
    const auto found = co_await search_.find(*on->database, number);
    if (found.has_error() && found.error().kind == core::failure::overloaded)
      co_return refusal(503, "Other searches are running.", "Search again in a moment.");
    if (found.has_error()) co_return database_refusal(found.error().kind);
    std::optional<orders::absence> absent;
    if (found->empty()) {
      const auto seen = co_await mirror_.get();
      if (!seen.value) co_return database_refusal(seen.failure.value_or(core::failure::database_down));
      absent = orders::why_absent(on->settings, seen.value->coverage, 0);
    }
    co_return json_answer(orders::lookup_json(number, *found, absent));
  }

  answer refresh_order(http_request request) {
    if (auto refused = objection(request, backend_->token)) co_return finished(std::move(*refused));
    auto number = read_order_number(request.body);
    if (number.has_error())
      co_return refusal(400, "Invalid request: " + number.error().what + ".", "Correct the request and send it again.");
    std::optional<core::result<std::vector<orders::refreshed>>> results;
    if (refresh_) results = co_await refresh_(std::move(*number));
    if (!results)
      co_return refusal(409, "This daemon owns no account, so it does not read from the API.",
                        "Use the status page of a daemon that does, or ordersync order refresh; ordersync status says "
                        "who works what.");
    if (results->has_error()) co_return refresh_refusal(results->error());
    mirror_.forget();
    const auto read = std::ranges::count_if(**results, [](const orders::refreshed& one) {
      using enum orders::refresh_outcome;
      return one.outcome != not_found && one.outcome != not_searchable && one.outcome != not_configured;
    });
    log_.write(core::severity::info, "orders_refreshed", {{"orders", read}, {"by", requester}});
    json::array list;
    for (const auto& one : **results) list.push_back(orders::json_of(one));
    co_return json_answer(json::object{{"results", std::move(list)}});
  }

  // Who tries tokens is to be found in the log.
  http_answer finished(http_answer refused) {
    if (refused.status == 401)
      log_.write(core::severity::info, "order_refused", {{"reason", "missing or invalid admin token"}});
    return refused;
  }

  asio::any_io_executor executor_;
  core::log& log_;
  store::leadership::instance self_;
  const telemetry::recent_problems& problems_;
  std::function<core::instant()> now_ = setup::wall_clock();
  std::function<daemon::daemon_state()> state_;
  std::shared_ptr<page_backend> backend_;
  order_refresher refresh_;
  order_search search_;
  telemetry::request_history history_;
  runtime::task_group tasks_;
  asio::steady_timer ended_;
  runtime::shared_look<status::mirror_look> mirror_;
  runtime::shared_look<std::vector<store::jobs::backfill_job>> jobs_;
};

}  // namespace

std::unique_ptr<page> make_page(asio::any_io_executor executor, const setup::configuration& from,
                                store::leadership::instance self, const telemetry::recent_problems& problems,
                                core::log& log) {
  return std::make_unique<concrete_page>(std::move(executor), from, std::move(self), problems, log);
}

}  // namespace ordersync::app::http
