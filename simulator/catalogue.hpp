// All orders of the simulated vendor: 16 bytes each, sorted by the time that the list's filter looks at; and a log of
// what has happened to them since, 16 bytes an event. Single-threaded.
#pragma once

#include "density.hpp"
#include "detail/model.hpp"
#include "lifecycle.hpp"
#include "order.hpp"
#include "record.hpp"
#include "sample.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace pandapon_sim {

/// Names one order of a catalogue; stays valid while orders are added.
using entry = std::uint32_t;
/// Entries from here on are samples; serials stay below.
inline constexpr entry first_sample = 0x8000'0000U;
constexpr bool is_sample(entry which) {
  return which >= first_sample;
}
/// 1688's statuses up to confirm_goods; what comes after has ended.
inline constexpr std::int64_t last_open_status = 4;

/// What a request asks for. Unset members do not filter.
struct filter {
  std::optional<epoch_ms> from, to;  // half-open, of the time that is filtered
  std::vector<std::string> user_ids;
  std::optional<std::string> tb_order_id;
  std::optional<std::int64_t> status;
  bool only_open = false;             // statuses 1 to 4 alone
  bool without_finished = false;      // statuses 5 to 7 are left out
  std::uint32_t share = 10'000;       // of 10,000 orders
  std::uint64_t share_of = 0;         // which of the shares of that size
  std::uint32_t status_misses = 0;    // orders in 1,000 that no `status` finds
  std::optional<epoch_ms> status_at;  // statuses are compared as they were then; none: as they are

  /// Whether an order's time is all that decides.
  bool only_time() const {
    return user_ids.empty() && !tb_order_id && !status && !only_open && !without_finished && share == 10'000;
  }
};

/// How an order is written for one reply.
struct showing {
  std::optional<std::uint64_t> call{};  // in the forms of that call, see change_forms(); none: in the order's own
  bool older = false;                   // as it was one status ago
  std::size_t fat = 0;                  // padded to that many bytes
};

enum class happening : std::uint8_t { created, changed, vanished, returned };

/// What happened to an order at `at` by the vendor's clock; `version` steps of its life were taken then, the last
/// `steps` of them just now.
struct event {
  epoch_ms at = 0;
  entry which = 0;
  std::uint16_t version = 0;
  happening what = happening::changed;
  std::uint8_t steps = 0;  // 0 unless it changed
};
static_assert(sizeof(event) == 16);

/// An order as it stood at one moment.
struct snapshot {
  record of;
  bool vanished = false;  // not served
};

class catalogue {
 public:
  /// `by_tb_time`: the filter and the sort order look at tbCreateTime instead of createTime.
  catalogue(const recipe& from, const std::vector<epoch_ms>& times, bool by_tb_time);

  /// Matching orders by filtered time, then id. Costs a binary search plus the orders of the range; a look-up by number
  /// costs next to nothing.
  std::vector<entry> select(const filter& wanted) const;
  void write_wire(std::string& out, entry which, const showing& how = {}) const;
  /// How many order lines it has, and whether it has been through another status; costs composing it.
  std::int64_t lines(entry which) const;
  bool has_older_state(entry which) const;
  /// The place of an order when all are sorted by id runs from 0 to slots(); not every place is taken.
  std::uint32_t slots() const;
  std::optional<record> at_slot(std::uint32_t slot) const;
  /// With or without what the order's detail says.
  void write_truth(std::string& out, const snapshot& shown, bool with_detail = false) const;
  bool vanished(const record& of) const { return vanished_.contains(of.serial); }

  /// A new order, created at `time`, that appears at `at`, which may be later.
  void add(epoch_ms time, epoch_ms at);
  /// One step, at `at`, in the life of an order that `hash` chooses; nothing if there is none.
  void mutate(std::uint64_t hash, epoch_ms at);
  void mutate_entry(entry which, epoch_ms at);
  /// Moves an open order, which `hash` chooses evenly among them, to its next status; nothing if none is open. Open are
  /// the statuses 1 to 4, as they are shown. An order takes all steps that this needs at once, as one change.
  void mutate_open(std::uint64_t hash, epoch_ms at);
  /// From `at` on the order with that id is served no more, or again. False if there is none.
  bool vanish(std::int64_t id, epoch_ms at);
  bool come_back(std::int64_t id, epoch_ms at);
  /// From now on the order is found by its number alone, or listed again. For the truth nothing has happened.
  bool hide(std::int64_t id, bool hidden);
  /// Orders that are served as they are written, and appear in no truth.
  void add_samples(std::vector<sample_order> samples);

  /// All that happened since the catalogue was made, in order. Never shrinks.
  const std::vector<event>& events() const { return events_; }
  void write_event(std::string& out, const event& what) const;
  /// Made up as it stood after `version` steps, and where it stood then. Not for samples.
  order composed(entry which, std::uint16_t version) const;
  standing stood(entry which, std::uint16_t version) const { return stand(recipe_, which, version); }
  std::uint16_t version(entry which) const { return records_[which].mutations; }
  /// How many steps of its life had been taken at that moment; 0 also before it was there.
  std::uint16_t version_at(entry which, epoch_ms at) const;
  /// The order's detail as it stood after `version` steps. Not for samples.
  order_detail detailed(entry which, std::uint16_t version) const;
  std::string refund(entry which) const;
  const record& recorded(entry which) const { return records_[which]; }
  /// The order with that refund id; none: there is no such id, or the order has never had a refund.
  std::optional<entry> refunded(std::string_view refund_id) const;
  /// Whether the share of orders that `wanted` names has it.
  bool in_share(entry which, const filter& wanted) const;

  /// Serials run from 0 to here.
  std::size_t known() const { return records_.size(); }
  std::size_t size() const { return timeline_.size(); }
  std::uint64_t added() const { return added_; }
  std::uint64_t mutated() const { return mutated_; }

 private:
  epoch_ms key(entry which) const;
  std::int64_t id(entry which) const;
  bool earlier(entry a, entry b) const;
  std::int64_t status(entry which) const;
  std::int64_t status(entry which, std::uint16_t version) const;
  bool is_open(entry which) const;
  /// The versions that orders had at that moment where they are others now. Costs the events since.
  using versions = std::unordered_map<entry, std::uint16_t>;
  versions versions_at(epoch_ms at) const;
  bool matches(entry which, const filter& wanted, const versions& then) const;
  bool matches_status(entry which, const filter& wanted, const versions& then) const;
  std::vector<entry> look_up(const filter& wanted) const;
  void insert(entry which);
  std::optional<entry> entry_of(std::int64_t id) const;
  bool show(std::int64_t id, bool shown, epoch_ms at);
  void take_steps(entry which, std::uint8_t steps, epoch_ms at);
  std::uint8_t steps_to_next_status(entry which) const;
  std::optional<entry> pick_open(std::uint64_t hash);

  recipe recipe_;
  bool by_tb_time_;
  std::vector<record> records_;  // by serial
  std::vector<sample_order> samples_;
  std::vector<entry> timeline_;
  std::unordered_set<entry> vanished_;
  std::unordered_set<entry> hidden_;
  std::vector<event> events_;
  std::unordered_map<entry, std::vector<epoch_ms>> steps_;  // when each step of an order's life was taken
  std::optional<std::vector<entry>> open_;  // all open orders and some that were; none until one is picked
  std::uint64_t added_ = 0;
  std::uint64_t mutated_ = 0;
};

}  // namespace pandapon_sim
