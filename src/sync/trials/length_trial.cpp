#include "sync/trials/length_trial.hpp"

#include "core/time.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace ordersync::sync::trials {

namespace {

using std::chrono::seconds;
using namespace std::chrono_literals;

// Shorter limits than this make no API usable.
constexpr seconds shortest = 60s;
// The longest length that works is narrowed down by so many questions; each halves what is not known.
constexpr int narrowing = 6;
const core::second earliest{std::chrono::sys_days{std::chrono::year{1990} / 1 / 1}};

enum class side { from_begin, to_end };

// A range of that length with the order at the end that a cut from this side loses.
core::window placed(side of, const evidence::witness& order, seconds length) {
  if (of == side::from_begin) return {std::max(earliest, order.created.end - length), order.created.end};
  return {order.created.begin, order.created.begin + length};
}

// The order that decides. Where the range reaches into time without orders, it is on the first page.
const evidence::witness& outermost(side of, const evidence::evidence& known) {
  return of == side::from_begin ? *known.oldest() : *known.newest();
}

seconds shown_so_far(const questions& ask, side of, evidence::evidence& known) {
  return of == side::from_begin ? known.longest_from_begin(ask.now()) : known.longest_to_end(ask.now());
}

struct reply_to_length {
  bool shown = false;
  // Refused where it reaches beyond now, and not to be asked otherwise: says nothing about the length.
  bool open = false;
  std::string refused;
};

// A refusal is an answer: the range is too long, or too near to now.
questions::answer<reply_to_length> shows_at_length(questions& ask, side of, seconds length, core::second last) {
  const auto order = outermost(of, ask.known());
  auto range = placed(of, order, length);
  auto shown = co_await ask.shows(range, order);
  if (shown.has_value() && *shown) co_return reply_to_length{true, false, {}};
  if (shown.has_error() && !questions::refuses(shown.error())) co_return shown.error();
  const auto refused = shown.has_error() ? shown.error().what : std::string{};
  // Times that no order can have may be what it does not like: the same within those that have some.
  const auto other = of == side::from_begin ? *ask.known().newest() : *ask.known().oldest();
  range = placed(of, other, length);
  if (other.id == order.id || range.end > last)
    co_return reply_to_length{false, !refused.empty() && of == side::to_end, refused};
  shown = co_await ask.shows(range, other);
  if (shown.has_error() && !questions::refuses(shown.error())) co_return shown.error();
  co_return reply_to_length{shown.has_value() && *shown, false, shown.has_error() ? shown.error().what : refused};
}

questions::answer<length_finding> try_side(questions& ask, side of, seconds wanted, core::second last) {
  length_finding finding;
  auto good = std::min(wanted, shown_so_far(ask, of, ask.known()));
  auto bad = wanted;
  bool cut = false;
  std::string refused;
  for (auto length = wanted; good < wanted && length > std::max(good, shortest); length /= 2) {
    const auto reply = co_await shows_at_length(ask, of, length, last);
    if (reply.has_error()) co_return reply.error();
    if (reply->shown) {
      good = length;
      break;
    }
    bad = length;
    cut = cut || !reply->open;
    if (!reply->open) refused = reply->refused;
  }
  finding.cut = good < wanted && cut;
  for (int i = 0; finding.cut && i < narrowing && bad - good > good / 64 + 1s; ++i) {
    const auto length = good + (bad - good) / 2;
    const auto reply = co_await shows_at_length(ask, of, length, last);
    if (reply.has_error()) co_return reply.error();
    (reply->shown ? good : bad) = length;
    if (!reply->shown) refused = reply->refused;
  }
  finding.in_full = good;
  if (finding.cut) {
    finding.found_by = refused.empty()
                           ? fmt::format("a range of {} s did not return an order at its {}, one of {} s did",
                                         bad.count(), of == side::from_begin ? "end" : "begin", good.count())
                           : fmt::format("the API refused a range of {} s and answered one of {} s: {}", bad.count(),
                                         good.count(), refused);
  }
  co_return finding;
}

}  // namespace

questions::answer<length_finding> try_lengths(questions& ask, seconds wanted, core::second last) {
  auto from_begin = co_await try_side(ask, side::from_begin, wanted, last);
  if (from_begin.has_error()) co_return from_begin.error();
  const auto least = from_begin->in_full;
  auto to_end = co_await try_side(ask, side::to_end, std::min(wanted, std::max(least, shortest)), last);
  if (to_end.has_error()) co_return to_end.error();
  ask.known().lengths_tried();
  co_return to_end->in_full < least || !from_begin->cut ? std::move(*to_end) : std::move(*from_begin);
}

std::vector<questions::planned> likely_length_questions(questions& ask, seconds wanted) {
  auto& known = ask.known();
  std::vector<questions::planned> list;
  if (!known.newest() || !known.oldest()) return list;
  for (const auto of : {side::from_begin, side::to_end}) {
    if (shown_so_far(ask, of, known) >= wanted) continue;
    const auto& order = outermost(of, known);
    list.push_back({placed(of, order, wanted), known.limits().by_status ? order.status : std::nullopt});
  }
  return list;
}

}  // namespace ordersync::sync::trials
