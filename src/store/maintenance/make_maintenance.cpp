#include "store/maintenance/make_maintenance.hpp"

#include "store/maintenance/erasure.hpp"
#include "store/maintenance/history_conversion.hpp"
#include "store/maintenance/mirror_counts.hpp"
#include "store/maintenance/miscounts.hpp"
#include "store/maintenance/quarantine_kinds.hpp"
#include "store/maintenance/quarantine_table.hpp"
#include "store/maintenance/read_pruning.hpp"
#include "store/maintenance/replay_table.hpp"

#include <utility>

namespace ordersync::store::maintenance {
namespace {

class postgres_maintenance final : public maintenance {
 public:
  explicit postgres_maintenance(leadership::fenced_transactions& work) : work_(work) {}

  answer<erased_order> erase_order(std::int64_t id) override {
    co_return co_await work_.write<erased_order>(
        "erasing an order", [&](pg::connection& db) { return store::maintenance::erase_order(db, id); });
  }

  answer<erasure> erase_mobile(std::string mobile) override {
    auto written = co_await work_.write<void>("recording an erased mobile number", [&](pg::connection& db) {
      store::maintenance::write_mobile_tombstone(db, mobile);
    });
    if (written.has_error()) co_return written.error();
    co_return co_await work_.write<erasure>(
        "erasing a mobile number", [&](pg::connection& db) { return store::maintenance::erase_mobile(db, mobile); });
  }

  answer<retention_step> retain(retention_rules rules, std::int64_t after) override {
    co_return co_await work_.write<retention_step>(
        "erasing what is too old", [&](pg::connection& db) { return store::maintenance::retain(db, rules, after); });
  }

  answer<erased_order> estimate_order(std::int64_t id) override {
    co_return co_await work_.read<erased_order>("counting what belongs to an order", [&](pg::connection& db) {
      return store::maintenance::estimate_order(db, id);
    });
  }

  answer<erasure> estimate_mobile(std::string mobile) override {
    co_return co_await work_.read<erasure>("counting what has a mobile number", [&](pg::connection& db) {
      return store::maintenance::estimate_mobile(db, mobile);
    });
  }

  answer<erasure> estimate_retention(retention_rules rules) override {
    co_return co_await work_.read<erasure>("counting what is too old", [&](pg::connection& db) {
      return store::maintenance::estimate_retention(db, rules);
    });
  }

  answer<prune_step> prune_reads(prune_rules rules, prune_position from) override {
    co_return co_await work_.write<prune_step>(
        "pruning sweeps", [&](pg::connection& db) { return store::maintenance::prune_reads(db, rules, from); });
  }

  answer<history_conversion> convert_history() override {
    co_return co_await work_.write<history_conversion>(
        "converting the history", [](pg::connection& db) { return store::maintenance::convert_history(db); });
  }

  answer<std::vector<quarantined>> quarantine(quarantine_choice of, int limit) override {
    co_return co_await work_.read<std::vector<quarantined>>(
        "reading quarantine", [&](pg::connection& db) { return read_quarantine(db, of, limit); });
  }

  answer<quarantined> quarantined_value(std::int64_t id) override {
    co_return co_await work_.read<quarantined>("reading quarantine",
                                               [&](pg::connection& db) { return read_quarantined(db, id); });
  }

  answer<std::vector<quarantine_kind>> quarantine_kinds(quarantine_choice of) override {
    co_return co_await work_.read<std::vector<quarantine_kind>>("reading quarantine",
                                                                [&](pg::connection& db) { return read_kinds(db, of); });
  }

  answer<quarantined> accept_value(std::int64_t id, std::string why) override {
    co_return co_await work_.write<quarantined>("accepting a value", [&](pg::connection& db) {
      store::maintenance::accept_value(db, id, why);
      return read_quarantined(db, id);
    });
  }

  answer<quarantined> stop_accepting_value(std::int64_t id) override {
    bool done = false;
    co_return co_await work_.write<quarantined>("accepting a value no longer", [&](pg::connection& db) {
      store::maintenance::stop_accepting_value(db, id, done);
      return read_quarantined(db, id);
    });
  }

  answer<std::vector<quarantine_kind>> accept_kinds(kind_choice of, std::string why) override {
    co_return co_await work_.write<std::vector<quarantine_kind>>(
        "accepting kinds", [&](pg::connection& db) { return store::maintenance::accept_kinds(db, of, why); });
  }

  answer<std::vector<quarantine_kind>> stop_accepting_kinds(kind_choice of) override {
    std::vector<quarantine_kind> done;
    co_return co_await work_.write<std::vector<quarantine_kind>>("accepting kinds no longer", [&](pg::connection& db) {
      return store::maintenance::stop_accepting_kinds(db, of, done);
    });
  }

  answer<std::vector<stored_payload>> payloads(std::vector<std::int64_t> order_ids) override {
    co_return co_await work_.read<std::vector<stored_payload>>(
        "reading payloads", [&](pg::connection& db) { return read_payloads(db, order_ids); });
  }

  answer<rewrite_counts> rewrite(std::vector<core::order> orders) override {
    co_return co_await work_.write<rewrite_counts>(
        "rewriting orders", [&](pg::connection& db) { return store::maintenance::rewrite(db, orders); });
  }

  answer<replay_state> begin_replay(std::optional<core::second> from, std::optional<core::second> to,
                                    std::string program) override {
    co_return co_await work_.write<replay_state>("beginning a replay", [&](pg::connection& db) {
      return store::maintenance::begin_replay(db, from, to, program);
    });
  }

  answer<std::vector<stored_payload>> replay_batch(replay_state replay) override {
    co_return co_await work_.read<std::vector<stored_payload>>(
        "reading payloads", [&](pg::connection& db) { return read_replay_batch(db, replay); });
  }

  answer<replay_state> advance_replay(replay_state replay, replay_piece piece) override {
    co_return co_await work_.write<replay_state>(
        "replaying", [&](pg::connection& db) { return store::maintenance::advance_replay(db, replay, piece); });
  }

  answer<std::vector<miscount>> miscounts(counted_part of) override {
    co_return co_await work_.read<std::vector<miscount>>("comparing counts",
                                                         [&](pg::connection& db) { return find_miscounts(db, of); });
  }

  answer<std::vector<miscount>> correct_counts(counted_part of) override {
    co_return co_await work_.write<std::vector<miscount>>(
        "correcting counts", [&](pg::connection& db) { return store::maintenance::correct_counts(db, of); });
  }

  answer<mirror_counts> count(std::string account, core::window window) override {
    co_return co_await work_.read<mirror_counts>("counting orders",
                                                 [&](pg::connection& db) { return count_orders(db, account, window); });
  }

  answer<std::vector<held_order>> held(core::window window, std::chrono::seconds around) override {
    co_return co_await work_.read<std::vector<held_order>>(
        "reading orders", [&](pg::connection& db) { return read_held(db, window, around); });
  }

  answer<std::vector<held_order>> held(std::vector<std::int64_t> ids) override {
    co_return co_await work_.read<std::vector<held_order>>("reading orders",
                                                           [&](pg::connection& db) { return read_held(db, ids); });
  }

 private:
  leadership::fenced_transactions& work_;
};

}  // namespace

std::unique_ptr<maintenance> make_maintenance(leadership::fenced_transactions& work) {
  return std::make_unique<postgres_maintenance>(work);
}

}  // namespace ordersync::store::maintenance
