#include "catalogue.hpp"

#include "compose.hpp"
#include "detail/columns.hpp"
#include "detail/content.hpp"
#include "field_forms.hpp"
#include "identity.hpp"
#include "json_text.hpp"
#include "random.hpp"
#include "statuses.hpp"
#include "truth.hpp"
#include "wire.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <string>

namespace pandapon_sim {
namespace {

constexpr std::int64_t last_finished_status = 7;

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
  if (!wanted.user_ids.empty()) {
    const auto user = sample ? samples_[which - first_sample].user_id : user_id(recipe_.seed, which, recipe_.users);
    if (std::ranges::find(wanted.user_ids, user) == wanted.user_ids.end()) return false;
  }
  if (wanted.tb_order_id && *wanted.tb_order_id != (sample ? samples_[which - first_sample].tb_order_id
                                                           : digits(tb_order_id(recipe_.seed, which))))
    return false;
  return in_share(which, wanted) && matches_status(which, wanted, then);
}

std::vector<entry> catalogue::look_up(const filter& wanted) const {
  std::vector<entry> found;
  if (const auto serial = serial_of_tb_order(recipe_.seed, *wanted.tb_order_id); serial && *serial < records_.size())
    found.push_back(*serial);
  for (std::size_t i = 0; i < samples_.size(); ++i) found.push_back(first_sample + static_cast<entry>(i));
  const versions then = wanted.status_at ? versions_at(*wanted.status_at) : versions{};
  std::erase_if(found, [&](entry which) {
    const epoch_ms time = key(which);
    return (wanted.from && time < *wanted.from) || (wanted.to && time >= *wanted.to) || !matches(which, wanted, then);
  });
  std::sort(found.begin(), found.end(), [this](entry a, entry b) { return earlier(a, b); });
  return found;
}

std::vector<entry> catalogue::select(const filter& wanted) const {
  if (wanted.tb_order_id) return look_up(wanted);
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

void catalogue::write_truth(std::string& out, const snapshot& shown, bool with_detail) const {
  pandapon_sim::write_truth(out, compose(recipe_, shown.of));
  out.back() = ',';
  if (with_detail) write_detail_truth(out, detailed(shown.of.serial, shown.of.mutations));
  if (shown.vanished) out += "\"vanished\":true,";
  close(out, '}');
}

order_detail catalogue::detailed(entry which, std::uint16_t version) const {
  record of = records_[which];
  of.mutations = version;
  const auto found = steps_.find(which);
  return compose_detail(recipe_, of, found == steps_.end() ? std::vector<epoch_ms>{} : found->second);
}

std::string catalogue::refund(entry which) const {
  return refund_id(recipe_.seed, which);
}

std::optional<entry> catalogue::refunded(std::string_view refund_id) const {
  const auto serial = serial_of_refund(recipe_.seed, refund_id);
  if (!serial || *serial >= records_.size() || vanished_.contains(*serial)) return std::nullopt;
  return stood(*serial, version(*serial)).refund_status == 0 ? std::nullopt : std::optional<entry>(*serial);
}

order catalogue::composed(entry which, std::uint16_t version) const {
  record of = records_[which];
  of.mutations = version;
  return compose(recipe_, of);
}

}  // namespace pandapon_sim
