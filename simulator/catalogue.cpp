#include "catalogue.hpp"

#include "compose.hpp"
#include "field_forms.hpp"
#include "identity.hpp"
#include "json_text.hpp"
#include "random.hpp"
#include "statuses.hpp"
#include "truth.hpp"
#include "wire.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

namespace pandapon_sim {
namespace {

// Entries from here on are samples; serials stay below.
constexpr entry first_sample = 0x8000'0000U;
// 1688's statuses up to confirm_goods; what comes after has ended.
constexpr std::int64_t last_open_status = 4;
constexpr std::int64_t last_finished_status = 7;

bool is_sample(entry which) {
  return which >= first_sample;
}

bool is_missed(std::uint64_t seed, entry which, const filter& wanted) {
  return wanted.status && dice(seed, purpose::missing, which).below(1000) < wanted.status_misses;
}

/// Pads the object from `begin` on with a field that nobody documents.
void pad(std::string& out, std::size_t begin, std::size_t size) {
  static constexpr std::string_view field = ",\"sellerMemo\":\"\"}";
  const std::size_t least = out.size() - begin - 1 + field.size();
  if (size <= least) return;
  out.pop_back();
  out.append(field.substr(0, field.size() - 2)).append(size - least, 'x').append("\"}");
}

std::string digits(std::int64_t value) {
  return std::to_string(value);
}

}  // namespace

catalogue::catalogue(const recipe& from, const std::vector<epoch_ms>& times, bool by_tb_time)
    : recipe_(from), by_tb_time_(by_tb_time) {
  if (times.size() >= serial_limit) throw std::invalid_argument("too many orders");
  records_.reserve(times.size());
  timeline_.reserve(times.size());
  for (const epoch_ms time : times) {
    const auto serial = static_cast<std::uint32_t>(records_.size());
    records_.push_back({time, serial, 0, tb_offset_s(recipe_.seed, serial)});
    timeline_.push_back(serial);
  }
  std::sort(timeline_.begin(), timeline_.end(), [this](entry a, entry b) { return earlier(a, b); });
}

epoch_ms catalogue::key(entry which) const {
  if (is_sample(which)) {
    const sample_order& sample = samples_[which - first_sample];
    return by_tb_time_ ? sample.tb_created : sample.created;
  }
  const record& r = records_[which];
  return by_tb_time_ ? r.created + r.tb_offset_s * epoch_ms{1000} : r.created;
}

std::int64_t catalogue::id(entry which) const {
  return is_sample(which) ? samples_[which - first_sample].id : order_id(recipe_.seed, which);
}

bool catalogue::earlier(entry a, entry b) const {
  const epoch_ms at_a = key(a);
  const epoch_ms at_b = key(b);
  return at_a != at_b ? at_a < at_b : id(a) < id(b);
}

std::int64_t catalogue::status(entry which) const {
  if (is_sample(which)) return samples_[which - first_sample].status;
  return status(which, version(which));
}

std::int64_t catalogue::status(entry which, std::uint16_t version) const {
  return status_number(recipe_, records_[which], stood(which, version).status);
}

bool catalogue::is_open(entry which) const {
  const std::int64_t now = status(which);
  return now >= 1 && now <= last_open_status;
}

catalogue::versions catalogue::versions_at(epoch_ms at) const {
  versions out;
  for (auto e = events_.rbegin(); e != events_.rend() && e->at > at; ++e)
    if (e->what == happening::changed) out[e->which] = static_cast<std::uint16_t>(e->version - e->steps);
  return out;
}

bool catalogue::in_share(entry which, const filter& wanted) const {
  if (wanted.share == 10'000) return true;
  return dice(recipe_.seed, purpose::sharing, which, wanted.share_of).below(10'000) < wanted.share;
}

bool catalogue::matches_status(entry which, const filter& wanted, const versions& then) const {
  if (!wanted.status && !wanted.only_open && !wanted.without_finished) return true;
  if (is_missed(recipe_.seed, which, wanted)) return false;
  const auto before = then.find(which);
  const std::int64_t now = before == then.end() ? status(which) : status(which, before->second);
  const bool finished = now > last_open_status && now <= last_finished_status;
  return (!wanted.status || *wanted.status == now) && (!wanted.only_open || now <= last_open_status) &&
         (!wanted.without_finished || !finished);
}

bool catalogue::matches(entry which, const filter& wanted, const versions& then) const {
  if (vanished_.contains(which) || (hidden_.contains(which) && !wanted.tb_order_id)) return false;
  const bool sample = is_sample(which);
  const auto asked_for = [&](std::string_view user) {
    return wanted.user_ids.empty() ||
           std::find(wanted.user_ids.begin(), wanted.user_ids.end(), user) != wanted.user_ids.end();
  };
  if (!asked_for(sample ? samples_[which - first_sample].user_id : user_id(recipe_.seed, which))) return false;
  if (wanted.tb_order_id && *wanted.tb_order_id != (sample ? samples_[which - first_sample].tb_order_id
                                                           : digits(tb_order_id(recipe_.seed, which))))
    return false;
  return in_share(which, wanted) && matches_status(which, wanted, then);
}

std::vector<entry> catalogue::select(const filter& wanted) const {
  const auto before = [this](entry which, epoch_ms time) { return key(which) < time; };
  const auto first =
      wanted.from ? std::lower_bound(timeline_.begin(), timeline_.end(), *wanted.from, before) : timeline_.begin();
  const auto last = wanted.to ? std::lower_bound(first, timeline_.end(), *wanted.to, before) : timeline_.end();
  std::vector<entry> found;
  if (wanted.only_time() && vanished_.empty() && hidden_.empty()) {
    found.assign(first, last);
  } else {
    const versions then = wanted.status_at ? versions_at(*wanted.status_at) : versions{};
    std::copy_if(first, last, std::back_inserter(found), [&](entry which) { return matches(which, wanted, then); });
  }
  return found;
}

void catalogue::write_wire(std::string& out, entry which, const showing& how) const {
  if (is_sample(which)) {
    out += samples_[which - first_sample].raw;
    return;
  }
  order o = compose(recipe_, records_[which]);
  if (how.older) step_back(o, stood(which, version(which)).status);
  if (recipe_.status_words) name_statuses(o, recipe_, records_[which]);
  if (how.call) change_forms(o, recipe_, records_[which], *how.call);
  const std::size_t begin = out.size();
  pandapon_sim::write_wire(out, o);
  pad(out, begin, how.fat);
}

std::int64_t catalogue::lines(entry which) const {
  if (!is_sample(which)) return std::ssize(compose(recipe_, records_[which]).lines);
  static constexpr std::string_view once_a_line = "\"subTbOrderId\"";
  const std::string& raw = samples_[which - first_sample].raw;
  std::int64_t lines = 0;
  for (std::size_t at = raw.find(once_a_line); at != std::string::npos; at = raw.find(once_a_line, at + 1)) ++lines;
  return lines;
}

bool catalogue::has_older_state(entry which) const {
  return !is_sample(which) && has_status_before(status(which));
}

std::uint32_t catalogue::slots() const {
  const auto size = static_cast<std::uint32_t>(records_.size());
  return (size + id_block - 1) / id_block * id_block;
}

std::optional<record> catalogue::at_slot(std::uint32_t slot) const {
  const std::uint32_t serial = slot_of(recipe_.seed, slot);
  if (serial >= records_.size()) return std::nullopt;
  return records_[serial];
}

void catalogue::write_truth(std::string& out, const snapshot& shown) const {
  pandapon_sim::write_truth(out, compose(recipe_, shown.of));
  if (!shown.vanished) return;
  out.pop_back();
  out += ",\"vanished\":true}";
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

order catalogue::composed(entry which, std::uint16_t version) const {
  record of = records_[which];
  of.mutations = version;
  return compose(recipe_, of);
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
