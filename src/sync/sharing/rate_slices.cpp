#include "sync/sharing/rate_slices.hpp"

#include <algorithm>

namespace ordersync::sync::sharing {
namespace {

// Differences below this share of the total are not worth a write.
constexpr double worth_writing = 0.005;

}  // namespace

rate_slice::rate_slice(std::string self, std::string key_group, double total)
    : self_(std::move(self)), key_group_(std::move(key_group)), total_(total) {}

void rate_slice::saw(const view& seen, const worker_watch& watch, int mine, int all) {
  target_ = mine == 0 ? 0 : total_ * mine / std::max(mine, all);
  stored_ = 0;
  room_ = total_;
  lapsed_.clear();
  std::int64_t stored_number = 0;
  for (const auto& each : seen.slices) {
    if (each.key_group != key_group_) continue;
    if (each.worker == self_) {
      stored_ = each.per_second;
      stored_number = each.number;
    } else if (watch.stopped_sending(each.worker)) {
      lapsed_.emplace_back(each.worker, each.number);
    } else {
      room_ -= each.per_second;
    }
  }
  // A look that came back too late confirms nothing: others may have taken the slice between its statements and now.
  confirmed_ = number_ != 0 && stored_number == number_ && seen.ended <= lapses_at_;
  if (confirmed_)
    lapses_at_ = seen.begun + slice_lapses;
  else
    held_ = 0;
}

std::optional<slice_wish> rate_slice::wish() const {
  slice_wish wanted{key_group_, target_, total_, lapsed_};
  if (target_ == 0) {
    if (stored_ == 0) return std::nullopt;
    return wanted;
  }
  const double possible = std::clamp(room_, 0.0, target_);
  const double least = total_ * worth_writing;
  if (!confirmed_ && (possible > least || stored_ > 0)) return wanted;
  const bool shrinks = stored_ > target_ + least;
  const bool grows = possible > stored_ + least;
  if (!shrinks && !grows) return std::nullopt;
  return wanted;
}

void rate_slice::granted(double per_second, std::int64_t number, time_point asked) {
  held_ = stored_ = per_second;
  number_ = number;
  confirmed_ = true;
  lapses_at_ = asked + slice_lapses;
}

double rate_slice::usable() const noexcept {
  const double least = std::min(held_, target_);
  return least < total_ * worth_writing ? 0 : least;
}

}  // namespace ordersync::sync::sharing
