#include "sync/sweeper.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <utility>

namespace ordersync::sync {

namespace asio = boost::asio;
using std::chrono::steady_clock;

sweeper::sweeper(asio::any_io_executor executor, surroundings around, sweeper_rules rules)
    : executor_(std::move(executor)), around_(std::move(around)), rules_(rules), something_happened_(executor_) {}

asio::awaitable<void> sweeper::perform(sweep& plan, std::string account) {
  plan_ = &plan;
  account_ = std::move(account);
  if (stopping_) plan.stop();
  const auto begun = around_.now();
  tell_begin();
  for (;;) {
    start_what_is_due();
    if (running_ == 0 && (defect_ || plan.finished())) break;
    if (!std::exchange(news_, false)) {
      something_happened_.expires_at(steady_clock::time_point::max());
      co_await something_happened_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
  }
  tell_end(begun);
  plan_ = nullptr;
  if (defect_) std::rethrow_exception(std::exchange(defect_, nullptr));
}

void sweeper::stop() {
  stopping_ = true;
  if (plan_ != nullptr) plan_->stop();
  for (auto& request : requests_) request.emit(asio::cancellation_type::terminal);
  news_ = true;
  something_happened_.cancel();
}

void sweeper::start_what_is_due() {
  if (defect_) return;
  while (auto commit = plan_->next_commit()) start(std::move(*commit));
  while (const auto ask = plan_->next_request()) start(*ask);
}

// Every task ends here, whatever came of it.
void sweeper::done(std::exception_ptr defect) {
  --running_;
  if (defect && !defect_) {
    defect_ = std::move(defect);
    stop();
  }
  news_ = true;
  something_happened_.cancel();
}

void sweeper::start(const sweep::request& ask) {
  ++running_;
  const auto signal = requests_.emplace(requests_.end());
  auto finish = [this, ask, signal](std::exception_ptr thrown, core::result<page> reply) {
    requests_.erase(signal);
    // What a request that was told to stop throws is its way of ending, not a defect.
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

asio::awaitable<core::result<page>> sweeper::fetch(page_request ask) {
  retry tries(rules_.retries);
  asio::steady_timer wait(executor_);
  auto successes = around_.turns.successes(account_);
  // A reply that nobody understands may be a passing fault. Asking for this page again is cheaper than reading the
  // whole window again, and a window of many pages would hardly ever be read where one reply in ten is such a one.
  constexpr int most_misunderstood = 3;
  int misunderstood = 0;
  for (;;) {
    auto made = co_await try_once(ask);
    auto& reply = made.reply;
    if (reply.has_error() && reply.error().remedy == core::remedy::ask_less && around_.turns.had_company(made.sent)) {
      const auto refusal = reply.error();
      auto again = co_await try_alone(ask, refusal, made.sent, tries.failed_tries() + 2);
      reply = std::move(again);
    }
    if (reply.has_value()) {
      const auto ended = around_.turns.succeeded(account_);
      sync::tell_end(around_.log, account_, ended, steady_clock::now());
      co_return std::move(reply);
    }
    const auto& why = reply.error();
    // One that is too large, too: orders are as large as they are, but a fault passes.
    const bool not_understood = why.kind == core::failure::unusable_reply && why.remedy != core::remedy::ask_less;
    const int most = why.remedy == core::remedy::ask_smaller ? 2 : most_misunderstood;
    if (not_understood && !stopping_ && ++misunderstood < most) {
      tell_retry(ask, tries.failed_tries() + misunderstood + 1, std::chrono::milliseconds{0}, why);
      continue;
    }
    if (why.kind != core::failure::unusable_reply) around_.turns.failed(account_);
    // Whether others of the account have been well since this one failed last. Of the first failure nobody can tell: it
    // may be the beginning of a time in which all fail, and then a window that is given up would be a gap for nothing.
    const bool alone = tries.failed_tries() > 0 && around_.turns.successes(account_) != successes;
    successes = around_.turns.successes(account_);
    const auto pause = stopping_ ? std::nullopt : tries.after(why, around_.random(), alone);
    if (!pause) co_return std::move(reply);
    if (why.kind == core::failure::overloaded) around_.turns.throttled(account_, *pause, made.sent);
    tell_retry(ask, tries.failed_tries() + 1, *pause, why);
    wait.expires_after(*pause);
    co_await wait.async_wait(asio::use_awaitable);
  }
}

asio::awaitable<sweeper::answer> sweeper::try_once(page_request ask) {
  auto turn = co_await around_.turns.enter(rules_.how, account_);
  const auto sent = steady_clock::now();
  ask.received = [&turn] { turn.leave(); };
  auto reply = co_await around_.source.fetch(std::move(ask), sent + rules_.request_timeout);
  co_return answer{std::move(reply), sent};
}

// The API refused for a reason that is not known, while it had more to do: whether that was the reason shows when it is
// asked once more with nothing beside it.
asio::awaitable<core::result<page>> sweeper::try_alone(page_request ask, core::error why, steady_clock::time_point sent,
                                                       int attempt) {
  using verdict = load_trials::verdict;
  const auto refused = steady_clock::now();
  auto& turns = around_.turns;
  const auto trial = co_await turns.begin_trial();
  const auto known = turns.trials().known(why.what, refused, steady_clock::now());
  if (known == verdict::other) co_return why;
  if (known == verdict::load) {
    why.kind = core::failure::overloaded;
    co_return why;
  }
  const auto turn = co_await turns.enter_alone(account_);
  const auto limit = steady_clock::now() + rules_.request_timeout;
  auto reply = co_await around_.source.fetch(ask, limit);
  if (reply.has_value()) {
    turns.trials().note(why.what, verdict::load, steady_clock::now());
    turns.throttled(account_, std::chrono::milliseconds{0}, sent);
    tell_retry(ask, attempt, std::chrono::milliseconds{0}, why);
  } else if (reply.error().remedy == core::remedy::ask_less) {
    turns.trials().note(why.what, verdict::other, steady_clock::now());
  }
  co_return std::move(reply);
}

void sweeper::tell_retry(const page_request& ask, int attempt, std::chrono::milliseconds wait, const core::error& why) {
  around_.log.write(core::severity::warning, "request_retry",
                    {{"account", account_},
                     {"window", ask.window_name},
                     {"range", core::to_text(ask.window)},
                     {"kind", name(plan_->kind())},
                     {"job", plan_->label().job},
                     {"page", ask.page},
                     {"attempt", attempt},
                     {"wait", wait},
                     {"failure", core::name(why.kind)},
                     {"reason", why.what}});
}

void sweeper::start(sweep::commit commit) {
  ++running_;
  const auto id = commit.id;
  // What is told of the batch afterwards, without its orders.
  auto told = std::make_shared<window_batch>();
  told->window_name = commit.batch.window_name;
  told->window = commit.batch.window;
  told->outcome = commit.batch.outcome;
  told->reason = commit.batch.reason;
  told->seen = commit.batch.seen;
  told->pages = commit.batch.pages;
  told->attempts = commit.batch.attempts;
  auto finish = [this, id, told](const std::exception_ptr& thrown, const core::result<commit_summary>& outcome) {
    if (thrown) return done(thrown);
    tell_commit(*told, outcome);
    plan_->on_committed(id, outcome);
    done(nullptr);
  };
  asio::co_spawn(executor_, around_.store.commit(std::move(commit.batch)), std::move(finish));
}

void sweeper::tell_begin() {
  const auto& progress = plan_->progress();
  around_.log.write(core::severity::debug, "sweep_started",
                    {{"account", account_},
                     {"sweep", plan_->label().number},
                     {"kind", name(plan_->kind())},
                     {"job", plan_->label().job},
                     {"length", progress.range}});
}

void sweeper::tell_end(core::instant begun) {
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

void sweeper::tell_commit(const window_batch& batch, const core::result<commit_summary>& outcome) {
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
  if (outcome->quarantined > 0) tell_finding("values_quarantined", "quarantined", outcome->quarantined, batch);
  if (outcome->drifted > 0) tell_finding("schema_drifted", "fields", outcome->drifted, batch);
}

void sweeper::tell_finding(const char* event, const char* what, std::int64_t count, const window_batch& batch) {
  around_.log.write(core::severity::warning, event,
                    {{"account", account_},
                     {"window", batch.window_name},
                     {"range", core::to_text(batch.window)},
                     {"kind", name(plan_->kind())},
                     {"job", plan_->label().job},
                     {what, count}});
}

}  // namespace ordersync::sync
