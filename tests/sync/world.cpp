#include "sync/world.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace ordersync::sync::testing {

namespace {
using namespace std::chrono_literals;

struct quiet_log : core::log {
  void write(core::severity, std::string_view, std::initializer_list<core::log_field>) noexcept override {}
};

core::instant at_step(std::int64_t step) {
  return core::instant{std::chrono::milliseconds{1'800'000'000'000 + step}};
}
}  // namespace

world::world(world_rules r, sweep::sweep_rules e) : rules(r), engine(e), random_(r.seed), delays_(r.seed) {
  std::vector<core::second> centres;
  const auto length = static_cast<std::uint64_t>(rules.range.length().count());
  for (int i = 0; i < rules.clusters; ++i) centres.push_back(rules.range.begin + std::chrono::seconds{pick(length)});
  for (std::int64_t i = 0; i < rules.orders; ++i) {
    auto at = rules.range.begin + std::chrono::seconds{pick(length)};
    if (!centres.empty()) {
      const std::chrono::seconds after{pick(600)};
      at = centres[pick(centres.size())] + after;
    }
    at = std::min(at, rules.range.end - 1s);
    orders[1000 + i] = {at, static_cast<int>(1 + i * 7 % 8), !chance(rules.unusable)};
    line_.emplace(at, 1000 + i);
  }
}

bool world::chance(double p) {
  return p > 0 && std::uniform_real_distribution<double>{0, 1}(random_) < p;
}
std::uint64_t world::pick(std::uint64_t below) {
  return below == 0 ? 0 : random_() % below;
}

// Orders come and go while the sweep runs; not both in one world, since a birth that hides a death from every count
// cannot be seen from outside.
void world::drift() {
  const auto length = static_cast<std::uint64_t>(rules.range.length().count());
  if (born_ < rules.newborn && chance(0.3)) {
    const auto id = 900'000'000 + ++born_;
    const auto at = rules.range.begin + std::chrono::seconds{pick(length)};
    orders[id] = {at, 1, true, true};
    line_.emplace(at, id);
    lists_.clear();
  }
  if (died_ < rules.deleted && !line_.empty() && chance(0.3)) {
    ++died_;
    const auto victim = std::next(line_.begin(), static_cast<std::ptrdiff_t>(pick(line_.size())));
    orders[victim->second].deleted = true;
    line_.erase(victim);
    lists_.clear();
  }
}

std::int64_t world::reported_total(std::int64_t true_total, core::second begin) {
  const auto share =
      static_cast<double>((begin - rules.range.begin).count()) / static_cast<double>(rules.range.length().count());
  const bool always = share < rules.lie_always && true_total > 0;
  if (!always && !chance(rules.lie)) return true_total;
  if (always) return true_total + 1;
  const auto off = static_cast<std::int64_t>(pick(2 * 60 + 1)) - 60;
  return std::max<std::int64_t>(0, true_total + off);
}

core::order world::row(std::int64_t id, core::instant observed) const {
  const auto& truth = orders.at(id);
  core::order order;
  order.id = id;
  order.tb_order_id = std::to_string(id);
  order.created_at = order.tb_created_at = truth.at;
  order.order_status = truth.status;
  order.content_hash[0] = static_cast<unsigned char>(truth.status);
  order.observed_at = observed;
  return order;
}

core::result<page> world::answer(const page_request& ask) {
  const auto& api = rules.api;
  const auto refuse = [] {
    auto why = core::make_error(core::failure::unusable_reply, "code 50099");
    why.remedy = core::remedy::ask_less;
    return why;
  };
  if (api.refuse_range > 0s && ask.window.length() + 1s > api.refuse_range) return refuse();
  if (api.refuse_near_now > 0s && ask.window.end > rules.range.end - api.refuse_near_now) return refuse();
  if (api.refuse_pages > 0 && ask.page_size > api.refuse_pages) return refuse();
  return honest_answer(ask);
}

// The pages of one list are asked for one after the other: it is made once, for as long as no order comes or goes.
const std::vector<std::int64_t>& world::listed(const core::window& range, std::optional<int> asked, bool hides) {
  constexpr std::size_t most_lists = 16;
  if (lists_.size() > most_lists) lists_.clear();
  const auto [at, fresh] = lists_.try_emplace({range.begin, range.end, asked.value_or(-1), hides});
  auto& all = at->second;
  if (!fresh) return all;
  const auto last = line_.lower_bound({range.end, 0});
  for (auto order = line_.lower_bound({range.begin, 0}); order != last; ++order) {
    const int status = orders[order->second].status;
    if (asked ? status == *asked : !hides || status < 5 || status > 7) all.push_back(order->second);
  }
  const auto cap = static_cast<std::size_t>(rules.api.cap);
  if (cap > 0 && all.size() > cap) all.resize(cap);
  return all;
}

page world::honest_answer(const page_request& ask) {
  drift();
  const auto& api = rules.api;
  auto begin = ask.window.begin - (rules.inclusive ? 1s : 0s);
  auto end = ask.window.end + (rules.inclusive ? 1s : 0s);
  if (answered_ >= api.ahead_after) {
    begin -= api.ahead;
    end -= api.ahead;
  }
  if (api.round > 0s && answered_ >= api.round_after) {
    begin -= begin.time_since_epoch() % api.round;
    end -= end.time_since_epoch() % api.round;
  }
  if (api.clamp > 0s && end - begin > api.clamp)
    (api.clamp_begin ? begin : end) = api.clamp_begin ? end - api.clamp : begin + api.clamp;
  const bool hides = api.hide_finished && answered_ >= api.hide_after;
  const auto& all = listed({begin, end}, ask.status, hides);
  const auto size = static_cast<std::size_t>(std::min(ask.page_size, rules.server_page_cap));
  auto number = static_cast<std::size_t>(api.same_page ? 1 : ask.page);
  if (api.repeat_last_page) number = std::min(number, std::max<std::size_t>(1, (all.size() + size - 1) / size));
  const auto from = std::min(all.size(), (number - 1) * size);
  const auto to = std::min(all.size(), from + size);

  page reply;
  reply.total = reported_total(static_cast<std::int64_t>(all.size()), ask.window.begin);
  if (api.lines_an_order > 0) reply.total *= api.lines_an_order;
  reply.observed_at = at_step(++answered_);
  for (auto i = from; i < to; ++i) {
    const auto id = all[i];
    if (chance(rules.hidden_row)) continue;
    if (!orders[id].usable) {
      reply.unusable.push_back({"data[0]", "no id", std::to_string(id), reply.observed_at});
      continue;
    }
    reply.orders.push_back(row(id, reply.observed_at));
    if (!chance(api.twice)) continue;
    reply.orders.push_back(reply.orders.back());
    reply.orders[reply.orders.size() - 2].order_status = 0;
    reply.orders[reply.orders.size() - 2].content_hash[0] = 99;
  }
  return reply;
}

void world::check_proven(const window_batch& batch) {
  const auto& window = *batch.proven;
  const auto first = line_.lower_bound({window.begin, 0});
  const auto last = line_.lower_bound({window.end, 0});
  for (auto at = first; at != last; ++at) {
    const auto& truth = orders[at->second];
    // One that was born when its window had been read already is found by a later sweep.
    if (truth.newborn) continue;
    if (!truth.usable)
      broken.push_back("proven with an order in quarantine: " + core::to_text(window));
    else if (!stored.contains(at->second))
      broken.push_back("proven without an order: " + core::to_text(window));
  }
}

core::result<commit_summary> world::commit(const window_batch& batch) {
  most_in_batch = std::max(most_in_batch, static_cast<std::int64_t>(batch.orders.size()));
  if (chance(rules.database_outage)) return core::make_error(core::failure::database_down, "no database");
  commit_summary summary;
  std::set<std::int64_t> distinct;
  for (const auto& order : batch.orders) {
    if (!distinct.insert(order.id).second) broken.push_back("an order twice in one batch");
    ++(stored.insert(order.id).second ? summary.created : summary.unchanged);
  }
  for (const auto& order : batch.unusable) quarantined.insert(std::stoll(order.raw));
  if (chance(rules.outdated)) {
    // The store keeps it as unproven; the engine reads it again, but not for ever.
    summary.outdated = 1;
    gaps.push_back(batch.window);
    return summary;
  }
  if (batch.outcome == sweep_outcome::proven) {
    proven.push_back(*batch.proven);
    if (check_at_once_) check_proven(batch);
  }
  if (batch.outcome == sweep_outcome::unproven || batch.outcome == sweep_outcome::failed) {
    gaps.push_back(batch.window);
    if (batch.reason.empty()) broken.push_back("a gap without a reason");
  }
  return summary;
}

void world::run() {
  sweep_through({rules.range}, nullptr);
}

void world::sweep_through(const std::vector<core::window>& ranges, evidence::evidence* known) {
  quiet_log log;
  sweep::sweep plan("main", sweep_kind::backfill, ranges, engine, log, {}, known);
  std::vector<sweep::sweep::request> in_flight;
  std::vector<sweep::sweep::commit> committing;
  constexpr std::int64_t too_many_calls = 400'000;
  std::int64_t step = answered_;
  while (!plan.finished() && plan.progress().calls < too_many_calls) {
    while (auto ask = plan.next_request()) in_flight.push_back(*ask);
    while (auto batch = plan.next_commit()) committing.push_back(std::move(*batch));
    most_in_flight = std::max(most_in_flight, static_cast<std::int64_t>(in_flight.size()));
    if (in_flight.empty() && committing.empty()) break;
    const auto which = pick(in_flight.size() + committing.size());
    const auto now = at_step(++step);
    if (which < in_flight.size()) {
      const auto ask = in_flight[which];
      in_flight.erase(in_flight.begin() + static_cast<std::ptrdiff_t>(which));
      if (chance(rules.outage)) {
        plan.on_failure(ask.id, core::make_error(core::failure::unreachable, "gone"), now);
      } else if (chance(rules.garbage)) {
        plan.on_failure(ask.id, core::make_error(core::failure::unusable_reply, "what?"), now);
      } else if (auto reply = answer(ask.page); reply.has_error()) {
        plan.on_failure(ask.id, reply.error(), now);
      } else {
        plan.on_page(ask.id, ask.page.page, std::move(*reply), now);
      }
    } else {
      const auto done = std::move(committing[which - in_flight.size()]);
      committing.erase(committing.begin() + static_cast<std::ptrdiff_t>(which - in_flight.size()));
      plan.on_committed(done.id, commit(done.batch));
    }
  }
  ended = plan.finished();
  stopped = plan.stopped_by().has_value();
  progress.calls += plan.progress().calls;
  progress.not_accepted = plan.progress().not_accepted;
}

void world::try_api(evidence::evidence& known, bool filter_alone) {
  boost::asio::io_context context;
  trials::page_fetcher ask = [this](page_request request) -> boost::asio::awaitable<core::result<page>> {
    ++progress.calls;
    // Replies to what is under way at once come in any order.
    for (auto later = rules.together > 1 ? delays_() % 4 : 0; later > 0; --later)
      co_await boost::asio::post(boost::asio::use_awaitable);
    co_return answer(request);
  };
  trials::trial t(
      std::move(ask), [this] { return at_step(answered_); }, known,
      {.page_size = engine.reading.page_size, .max_orders = engine.reading.max_orders, .together = rules.together});
  core::result<trials::trial_report> report{trials::trial_report{}};
  auto run = [&]() -> boost::asio::awaitable<void> {
    std::vector<evidence::witness> none;
    if (filter_alone)
      report = co_await t.filter(std::move(none));
    else
      report = co_await t.all(rules.range, std::move(none));
  };
  boost::asio::co_spawn(context, run(), [](const std::exception_ptr& thrown) {
    if (thrown) std::rethrow_exception(thrown);
  });
  context.run();
  if (report.has_error()) return;
  for (const auto& wrong : report->contradictions) {
    said.push_back(wrong.reason);
    proven.clear();
  }
  if (!report->open.empty()) said.push_back(report->open);
  for (const auto& limit : report->limits) said.push_back(limit.name + " " + limit.found_by);
}

void world::run_with_trials() {
  check_at_once_ = false;
  evidence::evidence known;
  constexpr int rounds = 4;
  for (int round = 0; round < rounds; ++round) {
    try_api(known, false);
    interval_set open({rules.range});
    for (const auto& w : proven) open.remove(w);
    if (open.empty()) break;
    gaps.clear();
    sweep_through(open.windows(), &known);
    try_api(known, true);
    if (stopped || !ended) break;
  }
}

std::vector<std::string> world::lost() const {
  const interval_set all(proven);
  std::vector<std::string> lost;
  for (const auto& [id, order] : orders) {
    if (order.newborn || order.deleted || stored.contains(id)) continue;
    if (!all.within({order.at, order.at + 1s}).empty())
      lost.push_back(fmt::format("order {} of {}, status {}", id, core::to_text(order.at), order.status));
  }
  return lost;
}

}  // namespace ordersync::sync::testing
