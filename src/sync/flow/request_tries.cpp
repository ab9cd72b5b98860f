#include "sync/flow/request_tries.hpp"

#include <utility>

namespace ordersync::sync::flow {

next_try request_tries::after(const failed_try& failed) {
  using action = next_try::action;
  const auto& why = failed.why;
  next_try next;
  if (why.remedy == core::remedy::ask_less && !failed.asked_alone && !failed.stopping) {
    const bool may_be_load = rules_.alone == ask_alone::always || failed.in_company;
    if (rules_.alone != ask_alone::never && may_be_load)
      return {.what = action::ask_alone, .attempt = retries_.failed_tries() + 2};
  }
  // One that is too large, too: orders are as large as they are, but a fault passes.
  if (why.kind == core::failure::unusable_reply) {
    const int most = why.remedy == core::remedy::ask_smaller ? rules_.oversized_tries : rules_.unusable_tries;
    if (why.remedy == core::remedy::ask_less || failed.stopping || ++misunderstood_ >= most) return next;
    return {.what = action::send, .attempt = retries_.failed_tries() + misunderstood_ + 1};
  }
  next.failure_streak = true;
  const bool alone = is_alone(failed);
  const auto wait = failed.stopping ? std::nullopt : retries_.after(why, failed.random, alone);
  const bool too_long = wait && rules_.longest_wait && *wait > *rules_.longest_wait;
  // Whoever asks next has to slow down, too.
  next.slow_down = !wait && !failed.stopping && why.kind == core::failure::overloaded;
  if (next.slow_down) next.wait = why.retry_after.value_or(std::chrono::milliseconds{0});
  if (!wait || too_long) return next;
  return {.what = action::send,
          .attempt = retries_.failed_tries() + 1,
          .wait = *wait,
          .failure_streak = true,
          .slow_down = why.kind == core::failure::overloaded};
}

// Whether others of the account have succeeded since this one failed last. Of the first failure nobody knows: it may be
// the beginning of a time in which all fail, and then a window that is given up would be a gap for nothing.
bool request_tries::is_alone(const failed_try& failed) {
  const bool others_succeed = retries_.failed_tries() > 0 && failed.successes != successes_;
  successes_ = failed.successes;
  return rules_.gives_up_alone && others_succeed;
}

}  // namespace ordersync::sync::flow
