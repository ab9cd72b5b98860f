// Writing to PostgreSQL in batches: new orders, the same ones unchanged, the same ones changed; beside plain COPY and
// row-by-row upserts of other orders. All take turns within a round, so what else the machine does meets all of them.

#include "store/store.hpp"

#include "bench/alternatives.hpp"
#include "bench/cluster.hpp"
#include "bench/registration.hpp"
#include "bench/rows.hpp"
#include "bench/shop.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <utility>

namespace ordersync::bench {
namespace {

template <class F>
double seconds_of(F work) {
  const auto began = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

template <class T>
T wait_for(boost::asio::awaitable<core::result<T>> operation) {
  boost::asio::io_context context;
  auto answer = boost::asio::co_spawn(context, std::move(operation), boost::asio::use_future);
  context.run();
  auto result = answer.get();
  if (!result) throw std::runtime_error(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

struct silent_log final : core::log {
  void write(core::severity, std::string_view, std::initializer_list<core::log_field>) noexcept override {}
};

sync::window_batch batch_of(std::vector<core::order> orders) {
  const auto count = static_cast<std::int64_t>(orders.size());
  sync::window_batch batch{.account = account, .kind = sync::sweep_kind::backfill};
  batch.window = {std::chrono::floor<std::chrono::seconds>(*orders.front().created_at),
                  std::chrono::floor<std::chrono::seconds>(*orders.back().created_at) + std::chrono::seconds{1}};
  batch.proven = batch.window;
  batch.outcome = sync::sweep_outcome::proven;
  batch.total = batch.seen = count;
  batch.pages = static_cast<int>(count / orders_a_page) + 1;
  batch.attempts = 1;
  batch.started_at = batch.finished_at = orders.front().observed_at;
  batch.orders = std::move(orders);
  return batch;
}

std::unique_ptr<store::database> open_database(const std::string& url, core::log& log) {
  auto database = store::make_database({.url = url, .password = {}, .accounts = {account}, .retry = {}}, log);
  wait_for(database->migrate());
  wait_for(database->open_account({account, "scope", "everything"}));
  return database;
}

struct spent {
  double plain = 0, fresh = 0, unchanged = 0, changed = 0, row_by_row = 0, prepared = 0;
};

class contest {
 public:
  explicit contest(const plan& p)
      : plan_{p},
        batch_{static_cast<std::uint32_t>(p.batch)},
        few_{static_cast<std::uint32_t>(p.row_by_row)},
        // The first round is not counted: it connects and makes tables.
        orders_{(static_cast<std::uint32_t>(p.rounds) + 1) * places_a_round()},
        url_{durable_cluster().fresh_database_url()},
        database_{open_database(url_, log_)} {}

  spent run() {
    round(0);
    spent_ = {};
    for (int i = 1; i <= plan_.rounds; ++i) round(i);
    return spent_;
  }

 private:
  std::uint32_t places_a_round() const { return 2 * (batch_ + few_); }
  // Each read is later than all before it.
  core::instant next_read() { return read_at_ += std::chrono::minutes{1}; }

  double commit(std::uint32_t first, std::int64_t sync::commit_summary::*expected) {
    auto batch = batch_of(orders_.read(first, batch_, next_read()));
    sync::commit_summary summary;
    const auto seconds = seconds_of([&] { summary = wait_for(database_->commit(std::move(batch))); });
    if (summary.*expected != plan_.batch)
      throw std::runtime_error("the store did not take the batch for what it is: all new, unchanged or changed");
    return seconds;
  }
  double copy(std::uint32_t first) {
    const auto orders = orders_.read(first, batch_, next_read());
    return seconds_of([&] { plain_.write(orders); });
  }

  double upsert(std::uint32_t first, row_by_row& other) {
    const auto orders = orders_.read(first, few_, next_read());
    return seconds_of([&] { other.write(orders); });
  }

  void round(int number) {
    const auto first = static_cast<std::uint32_t>(number) * places_a_round();
    const auto others = first + batch_, rest = others + batch_;
    // Neither is always the first.
    if (number % 2 == 0) spent_.plain += copy(others);
    spent_.fresh += commit(first, &sync::commit_summary::created);
    if (number % 2 == 1) spent_.plain += copy(others);
    spent_.unchanged += commit(first, &sync::commit_summary::unchanged);
    orders_.move_on(first, batch_);
    spent_.changed += commit(first, &sync::commit_summary::changed);
    spent_.row_by_row += upsert(rest, row_by_row_);
    spent_.prepared += upsert(rest + few_, prepared_);
  }

  plan plan_;
  std::uint32_t batch_, few_;
  shop orders_;
  std::string url_;
  silent_log log_;
  std::unique_ptr<store::database> database_;
  plain_copy plain_{url_};
  row_by_row row_by_row_{url_, row_by_row::statements::parameterised};
  row_by_row prepared_{url_, row_by_row::statements::prepared};
  spent spent_;
  core::instant read_at_{std::chrono::sys_days{std::chrono::year{2025} / 1 / 1}};
};

double measure(const plan& p, benchmark::State& state) {
  const auto seconds = seconds_of([&] {
    const auto s = contest{p}.run();
    const double orders = static_cast<double>(p.batch) * p.rounds, few = static_cast<double>(p.row_by_row) * p.rounds;
    auto& counters = state.counters;
    counters["plain_per_s"] = orders / s.plain;
    counters["new_per_s"] = orders / s.fresh;
    counters["unchanged_per_s"] = orders / s.unchanged;
    counters["changed_per_s"] = orders / s.changed;
    counters["row_by_row_per_s"] = few / s.row_by_row;
    counters["prepared_per_s"] = few / s.prepared;
    counters["new_to_plain"] = s.plain / s.fresh;
    counters["new_to_row_by_row"] = (orders / s.fresh) / (few / s.row_by_row);
    counters["new_to_prepared"] = (orders / s.fresh) / (few / s.prepared);
    counters["unchanged_to_new"] = s.fresh / s.unchanged;
  });
  return seconds;
}

}  // namespace

void register_store(const plan& p) {
  register_once("store", [p](benchmark::State& state) { return measure(p, state); });
}

}  // namespace ordersync::bench
