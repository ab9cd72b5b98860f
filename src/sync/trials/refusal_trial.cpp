#include "sync/trials/refusal_trial.hpp"

#include <algorithm>
#include <functional>

namespace ordersync::sync::trials {

namespace {

using std::chrono::seconds;
using namespace std::chrono_literals;

// Nobody's limits are below these: a range of a minute that ended two days ago, in pages of one.
constexpr seconds small_range = 60s;
constexpr seconds long_ago = 48h;

questions::answer<bool> answered(questions& ask, core::window range) {
  const auto reply = co_await ask.read(range);
  if (reply.has_error() && !questions::refuses(reply.error())) co_return reply.error();
  co_return reply.has_value();
}

// The greatest amount for which the range is answered, between one that is and one that is not, to a 64th of it.
questions::answer<seconds> greatest_answered(questions& ask, seconds good, seconds bad,
                                             std::function<core::window(seconds)> range_of) {
  while (bad - good > std::max<seconds>(1s, good / 64)) {
    const auto middle = good + (bad - good) / 2;
    const auto range = range_of(middle);
    const auto fine = co_await answered(ask, range);
    if (fine.has_error()) co_return fine.error();
    (*fine ? good : bad) = middle;
  }
  co_return good;
}

questions::answer<void> find_page_size(questions& ask, core::window small, refusal_finding& finding) {
  const int wanted = ask.page_size();
  for (int size = wanted; size > 1; size /= 2) {
    ask.use_page_size(size);
    const auto fine = co_await answered(ask, small);
    if (fine.has_error()) co_return fine.error();
    if (*fine) break;
    ask.use_page_size(size / 2);
    finding.page_size = size / 2;
  }
  co_return core::result<void>{};
}

questions::answer<void> find_nearest_end(questions& ask, core::second end, refusal_finding& finding) {
  const auto ending = [end](seconds before) { return core::window{end - before - small_range, end - before}; };
  const auto at_end = ending(0s);
  const auto fine = co_await answered(ask, at_end);
  if (fine.has_error()) co_return fine.error();
  if (*fine) co_return core::result<void>{};
  // The distance that works is looked for as the greatest that does not.
  seconds good = long_ago;
  seconds bad = 0s;
  while (good - bad > std::max<seconds>(1s, bad / 64)) {
    const auto middle = bad + (good - bad) / 2;
    const auto range = ending(middle);
    const auto works = co_await answered(ask, range);
    if (works.has_error()) co_return works.error();
    (*works ? good : bad) = middle;
  }
  finding.nearest_end = good;
  co_return core::result<void>{};
}

}  // namespace

questions::answer<refusal_finding> try_refused(questions& ask, core::window refused, core::error why) {
  refusal_finding finding{.range = refused};
  const int page_size = ask.page_size();
  const core::window small{refused.end - long_ago - small_range, refused.end - long_ago};
  ask.use_page_size(1);
  const auto small_is_fine = co_await answered(ask, small);
  ask.use_page_size(page_size);
  if (small_is_fine.has_error()) co_return small_is_fine.error();
  if (!*small_is_fine) co_return why;
  const auto sized = co_await find_page_size(ask, small, finding);
  if (sized.has_error()) co_return sized.error();
  const auto near = co_await find_nearest_end(ask, refused.end, finding);
  if (near.has_error()) co_return near.error();
  finding.range.end -= finding.nearest_end.value_or(0s);
  if (finding.range.empty()) finding.range.begin = finding.range.end - small_range;
  const auto whole = co_await answered(ask, finding.range);
  if (whole.has_error()) co_return whole.error();
  if (!*whole) {
    const auto end = finding.range.end;
    const auto length = co_await greatest_answered(ask, small_range, finding.range.length(), [end](seconds l) {
      return core::window{end - l, end};
    });
    if (length.has_error()) co_return length.error();
    finding.longest_range = *length;
    finding.range.begin = end - *length;
  }
  finding.found_by = why.what;
  co_return finding;
}

}  // namespace ordersync::sync::trials
