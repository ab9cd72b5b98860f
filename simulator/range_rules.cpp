#include "range_rules.hpp"

namespace pandapon_sim {
namespace {

/// Floors the text of `time`, which is of the vendor's zone.
epoch_ms floored(epoch_ms time, std::int64_t unit) {
  const std::int64_t rest = (time + vendor_zone_ms) % unit;
  return time - (rest < 0 ? rest + unit : rest);
}

/// The time that the filter understands where the vendor's would understand `time`.
epoch_ms as_read(const range_rules& rules, const moment& at, epoch_ms time) {
  if (rules.round_ms != 0) time = floored(time, rules.round_ms);
  return at.running_ms < rules.zone_after_ms ? time : time + vendor_zone_ms - rules.zone_ms;
}

std::int64_t length_ms(const asked_times& range, const moment& at) {
  return range.end.value_or(at.now) - range.begin.value_or(0);
}

refusal refuse(const range_rules& rules, const moment& at, const query& asked) {
  refusal no{rules.refusal_code, rules.refusal_message};
  if (rules.max_depth != 0 && std::uint64_t{asked.page} * asked.page_size > rules.max_depth) return no;
  const asked_times& range = asked.times;
  if (!range.begin && !range.end) return {};
  if (rules.refuse_longer_ms && length_ms(range, at) > *rules.refuse_longer_ms) return no;
  if (rules.refuse_near_now_ms && range.end.value_or(at.now) > at.now - *rules.refuse_near_now_ms) return no;
  return {};
}

void clamp(const range_rules& rules, const moment& at, asked_times& range) {
  if (!rules.clamp_ms || (!range.begin && !range.end) || length_ms(range, at) <= *rules.clamp_ms) return;
  if (rules.clamp_keeps_end || !range.begin) {
    range.begin = range.end.value_or(at.now) - *rules.clamp_ms;
  } else {
    range.end = *range.begin + *rules.clamp_ms;
  }
}

/// Whole seconds become half-open bounds in milliseconds.
void set_bounds(const asked_times& range, const filter_ends& ends, filter& out) {
  if (range.begin) out.from = *range.begin + (ends.begin ? 0 : 1);
  if (range.end) out.to = *range.end + (ends.end ? 1 : 0);
  if (out.from && out.to && *out.to < *out.from) out.to = out.from;
}

void ignore(const range_rules& rules, filter& out) {
  if (rules.ignore_times) out.from = out.to = std::nullopt;
  if (rules.ignore_status) out.status.reset();
  if (rules.ignore_number) out.tb_order_id.reset();
}

}  // namespace

refusal apply_range_rules(const range_rules& rules, const filter_ends& ends, const moment& at, query& asked) {
  for (auto* time : {&asked.times.begin, &asked.times.end})
    if (*time) *time = as_read(rules, at, **time);
  if (refusal r = refuse(rules, at, asked); r.code != 0) return r;
  clamp(rules, at, asked.times);
  set_bounds(asked.times, ends, asked.wanted);
  ignore(rules, asked.wanted);
  return {};
}

}  // namespace pandapon_sim
