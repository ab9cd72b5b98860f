#include "app/alerts/alert_engine.hpp"

#include <algorithm>
#include <utility>

namespace ordersync::app::alerts {
namespace {

using config::alert_kind;

// A clock that was set back does not keep anything from being sent.
bool has_passed(core::instant since, std::chrono::milliseconds length, core::instant now) {
  return now - since >= length || since - now > std::chrono::minutes{1};
}

bool keeps_from_reading(alert_kind kind) {
  return kind == alert_kind::refused || kind == alert_kind::silent;
}

void note_later(std::map<alert_kind, core::instant>& in, alert_kind kind, core::instant at) {
  const auto [found, fresh] = in.emplace(kind, at);
  if (!fresh) found->second = std::max(found->second, at);
}

reported_problem& problem_of(message& m, alert_kind kind, core::instant since) {
  const auto known = std::ranges::find(m.problems, kind, &reported_problem::kind);
  if (known != m.problems.end()) {
    known->since = std::min(known->since, since);
    return *known;
  }
  return m.problems.emplace_back(
      reported_problem{.kind = kind, .since = since, .accounts = {}, .whats = {}, .cure = {}, .headline = {}});
}

}  // namespace

void alert_engine::restore(const std::vector<sent_record>& records) {
  for (const auto& one : records) {
    note_later(reported_, one.name.kind, one.sent_at);
    if (one.ended_at) note_later(ended_, one.name.kind, *one.ended_at);
    if (auto& known = entries_[one.name]; !known.sent_at && !known.sending) {
      known.since = one.since;
      known.sent_at = one.sent_at;
      known.ended_at = one.ended_at;
    }
  }
}

void alert_engine::forget_all_but_database() {
  std::erase_if(entries_, [](const auto& one) { return one.first.kind != alert_kind::database; });
}

void alert_engine::forget_sending() {
  for (auto& [name, one] : entries_) {
    if (!std::exchange(one.sending, false)) continue;
    (one.sent_at ? ended_ : reported_).erase(name.kind);
  }
}

bool alert_engine::counts(alert_kind kind) const {
  return !database_alone_ || kind == alert_kind::database;
}

bool alert_engine::listens_to(alert_kind kind) const {
  return std::ranges::find(rules_.on, kind) != rules_.on.end();
}

// A message must not contradict the verdict's text, such as "for 10 s now".
void alert_engine::note_beginning(entry& of, const condition& one, core::instant now) {
  if (!of.present) of.since = of.first_seen = now;
  if (one.since)
    of.since = *one.since;
  else if (one.seen_at)
    of.since = std::min(of.since, *one.seen_at);
  of.since = std::min(of.since, now);
}

void alert_engine::see(const condition& one, const observation& seen) {
  auto& of = entries_[one.name];
  if (of.ended_at) of = entry{};
  if (!of.sent_at && !of.sending) note_beginning(of, one, seen.now);
  of.present = true;
  of.gone_since.reset();
  of.what = one.what;
  of.cure = one.cure;
  of.headline = one.headline;
  of.level = one.level;
  const auto account = seen.proven.find(one.name.account);
  of.proven = account == seen.proven.end() ? std::nullopt : account->second;
}

// What was reported is over when it is out of sight, and something that shows it.
void alert_engine::miss(const problem_name& name, entry& of, const observation& seen) {
  of.present = false;
  if (!of.sent_at || of.ended_at) return;
  const auto account = seen.proven.find(name.account);
  if (keeps_from_reading(name.kind) && account != seen.proven.end()) {
    if (!of.proven) of.proven = account->second;
    if (!account->second || account->second <= *of.proven) return;
  }
  if (!of.gone_since) of.gone_since = seen.now;
}

void alert_engine::end_silently(core::instant now) {
  for (auto& [name, one] : entries_)
    if (one.sent_at && !one.ended_at &&
        (!listens_to(name.kind) || (is_over(one, now) && !listens_to(alert_kind::recovered))))
      one.ended_at = now;
}

void alert_engine::drop_ended(core::instant now) {
  std::erase_if(entries_, [&](const auto& named) {
    const auto& one = named.second;
    if (one.ended_at) return has_passed(*one.ended_at, least_pause, now);
    return !one.present && !one.sent_at && !one.sending;
  });
}

bool alert_engine::is_new(const entry& of, core::instant now) const {
  return of.present && !of.sent_at && !of.sending && has_passed(of.first_seen, rules_.settle, now);
}

bool alert_engine::is_over(const entry& of, core::instant now) const {
  return of.sent_at && !of.ended_at && !of.sending && of.gone_since && has_passed(*of.gone_since, rules_.settle, now);
}

message alert_engine::gather(message_state state, core::instant now) {
  message m{.state = state, .problems = {}};
  const bool firing = state == message_state::firing;
  auto& pause = firing ? reported_ : ended_;
  const auto before = pause;
  std::map<alert_kind, status::health> worst;
  for (auto& [name, one] : entries_) {
    if (!counts(name.kind) || !(firing ? is_new(one, now) : is_over(one, now))) continue;
    if (const auto last = before.find(name.kind); last != before.end() && !has_passed(last->second, least_pause, now))
      continue;
    auto& problem = problem_of(m, name.kind, one.since);
    problem.accounts.push_back(name.account);
    if (firing) problem.whats.push_back(one.what);
    if (firing && problem.cure.empty()) problem.cure = one.cure;
    const auto [level, first] = worst.emplace(name.kind, one.level);
    if (firing && (first || level->second < one.level)) {
      level->second = one.level;
      problem.headline = one.headline;
    }
    one.sending = true;
    pause[name.kind] = now;
  }
  return m;
}

std::vector<message> alert_engine::step(const observation& seen) {
  database_alone_ = seen.database_alone;
  for (auto& [name, one] : entries_) {
    const auto same = std::ranges::find(seen.conditions, name, &condition::name);
    if (counts(name.kind) && same == seen.conditions.end()) miss(name, one, seen);
  }
  for (const auto& one : seen.conditions)
    if (counts(one.name.kind) && listens_to(one.name.kind)) see(one, seen);
  end_silently(seen.now);
  drop_ended(seen.now);
  std::vector<message> due;
  for (const auto state : {message_state::firing, message_state::recovered})
    if (auto m = gather(state, seen.now); !m.problems.empty()) due.push_back(std::move(m));
  return due;
}

std::optional<message> alert_engine::still_true(const message& m) {
  if (m.state == message_state::test) return m;
  const bool firing = m.state == message_state::firing;
  message rest{.state = m.state, .problems = {}};
  for (const auto& problem : m.problems) {
    auto left = problem;
    left.accounts.clear();
    left.whats.clear();
    for (std::size_t i = 0; i < problem.accounts.size(); ++i) {
      const auto found = entries_.find({problem.kind, problem.accounts[i]});
      if (found == entries_.end()) continue;
      if (found->second.present != firing) {
        found->second.sending = false;
        continue;
      }
      left.accounts.push_back(problem.accounts[i]);
      if (firing) left.whats.push_back(problem.whats.at(i));
    }
    if (left.accounts.size() < problem.accounts.size()) left.headline.clear();  // it may be of one that is left out
    if (left.accounts.empty())
      (firing ? reported_ : ended_).erase(problem.kind);
    else
      rest.problems.push_back(std::move(left));
  }
  if (rest.problems.empty()) return std::nullopt;
  return rest;
}

void alert_engine::conclude(const message& m, bool delivered, core::instant now) {
  for (const auto& problem : m.problems) {
    for (const auto& account : problem.accounts) {
      const auto found = entries_.find({problem.kind, account});
      if (found == entries_.end() || !std::exchange(found->second.sending, false) || !delivered) continue;
      (m.state == message_state::firing ? found->second.sent_at : found->second.ended_at) = now;
    }
  }
}

std::vector<sent_record> alert_engine::sent() const {
  std::vector<sent_record> all;
  for (const auto& [name, one] : entries_)
    if (one.sent_at) all.push_back({name, one.since, *one.sent_at, one.ended_at});
  return all;
}

bool alert_engine::owes_database() const {
  return std::ranges::any_of(entries_, [](const auto& one) {
    return one.first.kind == alert_kind::database && (one.second.sent_at || one.second.sending) && !one.second.ended_at;
  });
}

}  // namespace ordersync::app::alerts
