// What happens to orders, and the log of it.
#include "catalogue.hpp"
#include "identity.hpp"
#include "json_text.hpp"
#include "random.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

namespace pandapon_sim {

bool catalogue::is_open(entry which) const {
  const std::int64_t now = status(which);
  return now >= 1 && now <= last_open_status;
}

void catalogue::insert(entry which) {
  const auto place =
      std::upper_bound(timeline_.begin(), timeline_.end(), which, [this](entry a, entry b) { return earlier(a, b); });
  timeline_.insert(place, which);
}

void catalogue::add(epoch_ms time, epoch_ms at) {
  if (records_.size() + 1 >= serial_limit) return;
  const auto serial = static_cast<std::uint32_t>(records_.size());
  records_.push_back({time, serial, 0, tb_offset_s(recipe_.seed, serial)});
  insert(serial);
  events_.push_back({at, serial, 0, happening::created});
  ++added_;
  if (open_ && is_open(serial)) open_->push_back(serial);
}

std::uint16_t catalogue::version_at(entry which, epoch_ms at) const {
  const auto found = steps_.find(which);
  if (found == steps_.end()) return 0;
  const auto& times = found->second;
  return static_cast<std::uint16_t>(std::upper_bound(times.begin(), times.end(), at) - times.begin());
}

void catalogue::mutate(std::uint64_t hash, epoch_ms at) {
  if (!records_.empty()) mutate_entry(static_cast<entry>(hash % records_.size()), at);
}

void catalogue::mutate_entry(entry which, epoch_ms at) {
  if (!is_sample(which)) take_steps(which, 1, at);
}

void catalogue::take_steps(entry which, std::uint8_t steps, epoch_ms at) {
  record& moving = records_[which];
  if (moving.mutations > std::numeric_limits<std::uint16_t>::max() - steps) return;
  const bool was_open = !open_ || is_open(which);
  moving.mutations = static_cast<std::uint16_t>(moving.mutations + steps);
  events_.push_back({at, which, moving.mutations, happening::changed, steps});
  steps_[which].insert(steps_[which].end(), steps, at);
  ++mutated_;
  if (!was_open && is_open(which)) open_->push_back(which);
}

/// 0: no step that can be taken leads to another.
std::uint8_t catalogue::steps_to_next_status(entry which) const {
  const std::uint16_t now = version(which);
  constexpr std::uint8_t most = 200;
  for (std::uint8_t steps = 1; steps <= most && now <= std::numeric_limits<std::uint16_t>::max() - steps; ++steps)
    if (stood(which, static_cast<std::uint16_t>(now + steps)).status != stood(which, now).status) return steps;
  return 0;
}

std::optional<entry> catalogue::pick_open(std::uint64_t hash) {
  if (!open_) {
    open_.emplace();
    for (const record& r : records_)
      if (is_open(r.serial)) open_->push_back(r.serial);
  }
  while (!open_->empty()) {
    entry& picked = (*open_)[mix(hash, open_->size()) % open_->size()];
    if (is_open(picked)) return picked;
    picked = open_->back();
    open_->pop_back();
  }
  return std::nullopt;
}

void catalogue::mutate_open(std::uint64_t hash, epoch_ms at) {
  const std::optional<entry> which = pick_open(hash);
  if (!which) return;
  if (const std::uint8_t steps = steps_to_next_status(*which); steps != 0) take_steps(*which, steps, at);
}

std::optional<entry> catalogue::entry_of(std::int64_t id) const {
  for (const record& r : records_)
    if (order_id(recipe_.seed, r.serial) == id) return r.serial;
  return std::nullopt;
}

bool catalogue::show(std::int64_t id, bool shown, epoch_ms at) {
  const auto which = entry_of(id);
  if (!which) return false;
  const bool moved = shown ? vanished_.erase(*which) > 0 : vanished_.insert(*which).second;
  if (moved)
    events_.push_back({at, *which, records_[*which].mutations, shown ? happening::returned : happening::vanished});
  return true;
}

bool catalogue::hide(std::int64_t id, bool hidden) {
  const auto which = entry_of(id);
  if (!which) return false;
  if (hidden) {
    hidden_.insert(*which);
  } else {
    hidden_.erase(*which);
  }
  return true;
}

bool catalogue::vanish(std::int64_t id, epoch_ms at) {
  return show(id, false, at);
}

bool catalogue::come_back(std::int64_t id, epoch_ms at) {
  return show(id, true, at);
}

void catalogue::write_event(std::string& out, const event& what) const {
  const auto put = [&out](std::string_view name, std::int64_t value) {
    append_key(out, name);
    append_number(out, value);
    out += ',';
  };
  out += '{';
  put("at", what.at);
  put("id", id(what.which));
  static constexpr std::array names{"created", "changed", "vanished", "returned"};
  append_key(out, "what");
  append_quoted(out, names.at(static_cast<std::size_t>(what.what)));
  out += ',';
  put("created_at", key(what.which));
  put("version", what.version);
  if (what.what == happening::created) {
    out += "\"status_before\":null,";
  } else {
    put("status_before", status(what.which, static_cast<std::uint16_t>(what.version - what.steps)));
  }
  put("status", status(what.which, what.version));
  close(out, '}');
}

void catalogue::add_samples(std::vector<sample_order> samples) {
  for (sample_order& sample : samples) {
    samples_.push_back(std::move(sample));
    insert(first_sample + static_cast<entry>(samples_.size() - 1));
  }
}

}  // namespace pandapon_sim
