#include "sync/flow/admission.hpp"

#include <algorithm>
#include <stdexcept>

namespace ordersync::sync::flow {

namespace {
// Requests of one read that a turn holds at most: more than the live windows of a busy account need, and few enough
// for the others not to notice.
constexpr int longest_turn = 16;
}  // namespace

bool admission::queue::goes_on() const noexcept {
  const auto next = waiting.front().read;
  return next != 0 && next == read && taken < longest_turn;
}

admission::admission(admission_rules rules) : rules_(rules), budget_(rules.per_second, rules.burst) {
  if (rules.in_flight < 1) throw std::logic_error("an admission needs a place in flight");
}

admission::account_state& admission::state_of(std::string_view account) {
  const auto at = accounts_.find(account);
  return at != accounts_.end() ? at->second : accounts_[std::string(account)];
}

admission::ticket admission::ask(urgency how, std::string_view account, read_number read) {
  const auto of_class = static_cast<std::size_t>(how);
  const auto of_queue = how == urgency::live && read != 0 ? 0 : of_class + 1;
  auto& state = state_of(account);
  const auto t = ++last_ticket_;
  state.queues[of_queue].waiting.push_back({t, read});
  holders_.emplace(t, holder{&state, of_queue});
  return t;
}

admission::ticket admission::ask_alone(std::string_view account) {
  if (alone_) throw std::logic_error("two requests that both have to be alone");
  alone_ = ++last_ticket_;
  holders_.emplace(*alone_, holder{.account = &state_of(account), .alone = true});
  return *alone_;
}

void admission::leave(ticket t) {
  const auto at = holders_.find(t);
  if (at == holders_.end()) return;
  const auto who = at->second;
  holders_.erase(at);
  if (who.alone) alone_.reset();
  if (who.in_flight) {
    --who.account->in_flight;
    --in_flight_;
  } else if (!who.alone) {
    std::erase_if(who.account->queues[who.of_queue].waiting, [&](const queued& each) { return each.number == t; });
  }
}

bool admission::has_place(const account_state& account) const noexcept {
  if (in_flight_ >= rules_.in_flight) return false;
  if (!account.failing) return true;
  int from_failing = 0;
  for (const auto& [name, other] : accounts_)
    if (other.failing) from_failing += other.in_flight;
  return account.in_flight == 0 && from_failing < std::max(1, rules_.in_flight / 2);
}

admission::queue* admission::next_of(std::size_t of_class, clock::time_point now) {
  queue* next = nullptr;
  for (auto& [name, account] : accounts_) {
    for (std::size_t i = 0; i < queue_count; ++i) {
      auto& one = account.queues[i];
      if (class_of(i) != of_class || one.waiting.empty()) continue;
      if (account.not_before > now || !has_place(account)) continue;
      if (!next || one.rank() < next->rank()) next = &one;
    }
  }
  return next;
}

// When the one that has to be alone may leave, once nothing is in flight.
admission::clock::time_point admission::alone_at(clock::time_point now) const {
  const auto& account = *holders_.at(*alone_).account;
  return std::max({budget_.ready_at(now), account.not_before, last_sent_[0] + rules_.quiet});
}

std::optional<admission::ticket> admission::admit_alone(clock::time_point now) {
  if (in_flight_ > 0 || alone_at(now) > now) return std::nullopt;
  send(*alone_, now);
  return alone_;
}

std::optional<admission::ticket> admission::admit(clock::time_point now) {
  if (alone_) return admit_alone(now);
  if (budget_.ready_at(now) > now) return std::nullopt;
  std::array<queue*, classes> candidates{};
  std::optional<std::size_t> chosen;
  for (std::size_t c = 0; c < classes; ++c) {
    candidates[c] = next_of(c, now);
    if (!candidates[c]) continue;
    const bool overdue = passed_over_[c] >= most_passed_over;
    if (!chosen || (overdue && passed_over_[c] > std::max(passed_over_[*chosen], most_passed_over - 1))) chosen = c;
  }
  if (!chosen) return std::nullopt;
  for (std::size_t c = 0; c < classes; ++c)
    if (candidates[c]) ++passed_over_[c];
  return grant(*chosen, *candidates[*chosen], now);
}

admission::ticket admission::grant(std::size_t of_class, queue& from, clock::time_point now) {
  const auto [t, read] = from.waiting.front();
  if (!from.goes_on()) {
    from.read = read;
    from.before = from.served;
    from.taken = 0;
  }
  ++from.taken;
  from.served = ++grants_;
  from.waiting.pop_front();
  passed_over_[of_class] = 0;
  send(t, now);
  return t;
}

void admission::send(ticket t, clock::time_point now) {
  budget_.spend(now);
  last_sent_ = {now, last_sent_[0]};
  auto& who = holders_.at(t);
  who.in_flight = true;
  ++who.account->in_flight;
  ++in_flight_;
}

bool admission::had_company(clock::time_point sent) const noexcept {
  // Of the two latest, one may be itself.
  return in_flight_ > 0 || last_sent_[0] > sent || last_sent_[1] > sent - rules_.quiet;
}

std::optional<admission::clock::time_point> admission::look_again(clock::time_point now) const {
  if (alone_) return in_flight_ > 0 ? std::nullopt : std::optional(alone_at(now));
  std::optional<clock::time_point> again;
  for (const auto& [name, account] : accounts_) {
    const auto& queues = account.queues;
    const bool waits = std::any_of(queues.begin(), queues.end(), [](auto& q) { return !q.waiting.empty(); });
    if (!waits || !has_place(account)) continue;
    const auto ready = std::max(budget_.ready_at(now), account.not_before);
    again = again ? std::min(*again, ready) : ready;
  }
  return again;
}

admission_load admission::load() const noexcept {
  admission_load load{.allowed_per_second = budget_.per_second(),
                      .configured_per_second = budget_.most_per_second(),
                      .in_flight = in_flight_,
                      .in_flight_limit = rules_.in_flight,
                      .found_per_second = budget_.found_per_second()};
  for (const auto& [name, account] : accounts_)
    for (std::size_t i = 0; i < queue_count; ++i) load.waiting[class_of(i)] += account.queues[i].waiting.size();
  return load;
}

void admission::succeeded(std::string_view account, clock::time_point now) {
  auto& state = state_of(account);
  state.failing = false;
  state.throttled_since.reset();
  ++successes_;
  budget_.succeeded(now);
}

void admission::failed(std::string_view account) {
  state_of(account).failing = true;
}

void admission::throttled(std::string_view account, clock::time_point now, clock::duration pause,
                          std::optional<clock::time_point> sent) {
  auto& state = state_of(account);
  state.failing = true;
  state.not_before = std::max(state.not_before, now + pause);
  // Nobody knows whether the limit is on the account or on all: all slow down, unless the others are seen to be served.
  const bool others_are_served = state.throttled_since && successes_ > *state.throttled_since;
  if (!state.throttled_since) state.throttled_since = successes_;
  if (!others_are_served) budget_.throttled(now, pause, sent);
}

}  // namespace ordersync::sync::flow
