#include "push/queue.hpp"

#include "random.hpp"

#include <utility>

namespace pandapon_sim {

void push_queue::wait(const push_item& item, epoch_ms due) {
  ++counters_.pushed;
  ++counters_.waiting;
  waiting_.emplace(due, item);
}

void push_queue::add(const event& what, std::uint32_t account) {
  dice roll(seed_, purpose::pushing, ++messages_);
  if (roll.per_ten_thousand(rules_.lose)) {
    ++counters_.lost_on_purpose;
    return;
  }
  const int copies = roll.per_ten_thousand(rules_.twice) ? 2 : 1;
  const push_item item{what, account, 0, roll.per_ten_thousand(rules_.wrong)};
  for (int copy = 0; copy < copies; ++copy) {
    const bool late = roll.per_ten_thousand(rules_.late);
    const auto delay = roll.next() % static_cast<std::uint64_t>(rules_.late_ms + 1);
    wait(item, late ? what.at + static_cast<epoch_ms>(delay) : what.at);
  }
}

void push_queue::add_verification(epoch_ms now) {
  push_item item;
  item.verification = true;
  waiting_.emplace(now, item);
}

std::optional<push_item> push_queue::take(epoch_ms now) {
  const auto first = waiting_.begin();
  if (first == waiting_.end() || first->first > now) return std::nullopt;
  const push_item item = first->second;
  waiting_.erase(first);
  if (item.repeats > 0) ++counters_.retried;
  return item;
}

void push_queue::answered(push_item item, unsigned status, epoch_ms now) {
  const bool well = status == 200;
  if (!well) ++(status == 0 ? counters_.unanswered : counters_.refused);
  if (item.verification) {
    if (well) ++counters_.verified;
    return;
  }
  if (!well && item.repeats < rules_.tries) {
    ++item.repeats;
    waiting_.emplace(now + rules_.retry_ms, item);
    return;
  }
  ++(well ? counters_.acknowledged : counters_.given_up);
  --counters_.waiting;
}

}  // namespace pandapon_sim
