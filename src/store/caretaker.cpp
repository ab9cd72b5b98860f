#include "store/caretaker.hpp"

#include "store/erasure.hpp"
#include "store/mirror_counts.hpp"
#include "store/quarantine_table.hpp"
#include "store/replay_table.hpp"

#include <utility>

namespace ordersync::store {
namespace {

class lane_caretaker final : public caretaker {
 public:
  explicit lane_caretaker(fenced_transactions& work) : work_(work) {}

  answer<erased_order> erase_order(std::int64_t id) override {
    co_return co_await work_.write<erased_order>("erasing an order",
                                                 [&](connection& db) { return store::erase_order(db, id); });
  }

  answer<erasure> erase_mobile(std::string mobile) override {
    auto buried =
        co_await work_.write<void>("recording an erased mobile number", [&](connection& db) { store::bury_mobile(db, mobile); });
    if (buried.has_error()) co_return buried.error();
    co_return co_await work_.write<erasure>("erasing a mobile number",
                                            [&](connection& db) { return store::erase_mobile(db, mobile); });
  }

  answer<retention_step> retain(retention_rules rules, std::int64_t after) override {
    co_return co_await work_.write<retention_step>("erasing what is too old",
                                                   [&](connection& db) { return store::retain(db, rules, after); });
  }

  answer<erasure> estimate_retention(retention_rules rules) override {
    co_return co_await work_.read<erasure>("counting what is too old",
                                           [&](connection& db) { return store::estimate_retention(db, rules); });
  }

  answer<std::vector<quarantined>> quarantine(bool open_only, int limit) override {
    co_return co_await work_.read<std::vector<quarantined>>(
        "reading quarantine", [&](connection& db) { return read_quarantine(db, open_only, limit); });
  }

  answer<quarantined> quarantined_value(std::int64_t id) override {
    co_return co_await work_.read<quarantined>("reading quarantine",
                                               [&](connection& db) { return read_quarantined(db, id); });
  }

  answer<std::vector<stored_payload>> payloads(std::vector<std::int64_t> order_ids) override {
    co_return co_await work_.read<std::vector<stored_payload>>(
        "reading payloads", [&](connection& db) { return read_payloads(db, order_ids); });
  }

  answer<rewrite_counts> rewrite(std::vector<core::order> orders) override {
    co_return co_await work_.write<rewrite_counts>("rewriting orders",
                                                   [&](connection& db) { return store::rewrite(db, orders); });
  }

  answer<replay_state> begin_replay(std::optional<core::second> from, std::optional<core::second> to,
                                    std::string program) override {
    co_return co_await work_.write<replay_state>(
        "beginning a replay", [&](connection& db) { return store::begin_replay(db, from, to, program); });
  }

  answer<std::vector<stored_payload>> replay_batch(replay_state replay) override {
    co_return co_await work_.read<std::vector<stored_payload>>(
        "reading payloads", [&](connection& db) { return read_replay_batch(db, replay); });
  }

  answer<replay_state> advance_replay(replay_state replay, std::vector<core::order> orders, std::int64_t unusable,
                                      std::int64_t position, bool through) override {
    co_return co_await work_.write<replay_state>("replaying", [&](connection& db) {
      return store::advance_replay(db, replay, orders, unusable, position, through);
    });
  }

  answer<mirror_counts> count(std::string account, core::window window) override {
    co_return co_await work_.read<mirror_counts>("counting orders",
                                                 [&](connection& db) { return count_orders(db, account, window); });
  }

  answer<std::vector<held_order>> held(core::window window, std::chrono::seconds around) override {
    co_return co_await work_.read<std::vector<held_order>>(
        "reading orders", [&](connection& db) { return read_held(db, window, around); });
  }

  answer<std::vector<held_order>> held(std::vector<std::int64_t> ids) override {
    co_return co_await work_.read<std::vector<held_order>>("reading orders",
                                                           [&](connection& db) { return read_held(db, ids); });
  }

 private:
  fenced_transactions& work_;
};

}  // namespace

std::unique_ptr<caretaker> make_caretaker(fenced_transactions& work) {
  return std::make_unique<lane_caretaker>(work);
}

}  // namespace ordersync::store
