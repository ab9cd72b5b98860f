#include "sync/sweep/sweep_runner.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <utility>

namespace ordersync::sync::sweep {

namespace asio = boost::asio;
using std::chrono::steady_clock;

sweep_runner::sweep_runner(asio::any_io_executor executor, dependencies around, sweep_runner_rules rules)
    : executor_(std::move(executor)),
      around_(std::move(around)),
      asking_({around_.turns, &around_.log, around_.random}, {.timeout = rules.request_timeout,
                                                              .how = rules.how,
                                                              .tries = {.retries = rules.retries},
                                                              .read = rules.read}),
      something_happened_(executor_) {}

asio::awaitable<void> sweep_runner::perform(sweep& plan, std::string account) {
  plan_ = &plan;
  account_ = std::move(account);
  if (stopping_) plan.stop();
  const auto begun = around_.now();
  log_begin();
  for (;;) {
    start_what_is_due();
    if (running_ == 0 && (defect_ || plan.finished())) break;
    if (!std::exchange(news_, false)) {
      something_happened_.expires_at(steady_clock::time_point::max());
      co_await something_happened_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
  }
  log_recovery(begun);
  plan_ = nullptr;
  if (defect_) std::rethrow_exception(std::exchange(defect_, nullptr));
}

void sweep_runner::stop() {
  stopping_ = true;
  if (plan_ != nullptr) plan_->stop();
  for (auto& request : requests_) request.emit(asio::cancellation_type::terminal);
  asking_
      .stop();  // not before: a wait that ends here ends its request, which must receive the signal while it is there
  news_ = true;
  something_happened_.cancel();
}

void sweep_runner::start_what_is_due() {
  if (defect_) return;
  while (auto commit = plan_->next_commit()) start(std::move(*commit));
  while (const auto ask = plan_->next_request()) start(*ask);
}

// Every task ends here, whatever came of it.
void sweep_runner::done(std::exception_ptr defect) {
  --running_;
  if (defect && !defect_) {
    defect_ = std::move(defect);
    stop();
  }
  news_ = true;
  something_happened_.cancel();
}

void sweep_runner::start(const sweep::request& ask) {
  ++running_;
  const auto signal = requests_.emplace(requests_.end());
  auto finish = [this, ask, signal](std::exception_ptr thrown, core::result<page> reply) {
    requests_.erase(signal);
    // A stopped request ends by throwing: that is no defect.
    if (thrown && !stopping_) return done(thrown);
    if (thrown) reply = core::make_error(core::failure::unreachable, "the request was cancelled");
    if (reply.has_error())
      plan_->on_failure(ask.id, reply.error(), around_.now());
    else
      plan_->on_page(ask.id, ask.page.page, std::move(*reply), around_.now());
    done(nullptr);
  };
  asio::co_spawn(executor_, fetch(ask.page), asio::bind_cancellation_slot(signal->slot(), std::move(finish)));
}

asio::awaitable<core::result<page>> sweep_runner::fetch(page_request ask) {
  flow::request_label label{.account = account_, .kind = name(plan_->kind()), .job = plan_->label().job};
  co_return co_await asking_.fetch(around_.source, std::move(ask), std::move(label));
}

void sweep_runner::start(sweep::commit commit) {
  ++running_;
  const auto id = commit.id;
  // What is logged of the batch afterwards, without its orders.
  auto logged = std::make_shared<window_batch>();
  logged->window_name = commit.batch.window_name;
  logged->window = commit.batch.window;
  logged->outcome = commit.batch.outcome;
  logged->reason = commit.batch.reason;
  logged->seen = commit.batch.seen;
  logged->pages = commit.batch.pages;
  logged->attempts = commit.batch.attempts;
  auto finish = [this, id, logged](const std::exception_ptr& thrown, const core::result<commit_summary>& outcome) {
    if (thrown) return done(thrown);
    log_commit(*logged, outcome);
    plan_->on_committed(id, outcome);
    done(nullptr);
  };
  asio::co_spawn(executor_, around_.store.commit(std::move(commit.batch)), std::move(finish));
}

void sweep_runner::log_begin() {
  const auto& progress = plan_->progress();
  around_.log.write(core::severity::debug, "sweep_started",
                    {{"account", account_},
                     {"sweep", plan_->label().number},
                     {"kind", name(plan_->kind())},
                     {"job", plan_->label().job},
                     {"length", progress.range}});
}

void sweep_runner::log_recovery(core::instant begun) {
  const auto& progress = plan_->progress();
  const bool through = !stopping_ && !plan_->stopped_by();
  around_.log.write(core::severity::debug, "sweep_ended",
                    {{"account", account_},
                     {"sweep", plan_->label().number},
                     {"kind", name(plan_->kind())},
                     {"job", plan_->label().job},
                     {"outcome", !through            ? "stopped"
                                 : progress.gaps > 0 ? "gaps"
                                                     : "proven"},
                     {"requests", progress.calls},
                     {"proven", progress.windows_proven},
                     {"gaps", progress.gaps},
                     {"created", progress.created},
                     {"changed", progress.changed},
                     {"unchanged", progress.unchanged},
                     {"quarantined", progress.quarantined},
                     {"took", around_.now() - begun}});
}

void sweep_runner::log_commit(const window_batch& batch, const core::result<commit_summary>& outcome) {
  if (outcome.has_error()) {
    around_.log.write(core::severity::error, "window_not_stored",
                      {{"account", account_},
                       {"window", batch.window_name},
                       {"range", core::to_text(batch.window)},
                       {"kind", name(plan_->kind())},
                       {"job", plan_->label().job},
                       {"failure", core::name(outcome.error().kind)},
                       {"reason", outcome.error().what}});
    return;
  }
  around_.log.write(core::severity::debug, "window_stored",
                    {{"account", account_},
                     {"window", batch.window_name},
                     {"range", core::to_text(batch.window)},
                     {"kind", name(plan_->kind())},
                     {"job", plan_->label().job},
                     {"outcome", name(batch.outcome)},
                     {"reason", batch.reason},
                     {"seen", batch.seen},
                     {"created", outcome->created},
                     {"changed", outcome->changed},
                     {"unchanged", outcome->unchanged},
                     {"quarantined", outcome->quarantined},
                     {"pages", batch.pages},
                     {"attempts", batch.attempts}});
  const auto unexpected = outcome->quarantined - outcome->accepted;
  if (unexpected > 0) report_finding("values_quarantined", core::severity::warning, "quarantined", unexpected, batch);
  if (outcome->accepted > 0)
    report_finding("accepted_values_quarantined", core::severity::info, "quarantined", outcome->accepted, batch);
  if (outcome->drifted > 0)
    report_finding("schema_drifted", core::severity::warning, "fields", outcome->drifted, batch);
}

void sweep_runner::report_finding(const char* event, core::severity level, const char* what, std::int64_t count,
                                  const window_batch& batch) {
  around_.log.write(level, event,
                    {{"account", account_},
                     {"window", batch.window_name},
                     {"range", core::to_text(batch.window)},
                     {"kind", name(plan_->kind())},
                     {"job", plan_->label().job},
                     {what, count}});
}

}  // namespace ordersync::sync::sweep
