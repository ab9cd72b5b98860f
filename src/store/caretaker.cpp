#include "store/caretaker.hpp"

#include "store/erasure.hpp"
#include "store/leadership.hpp"
#include "store/mirror_counts.hpp"
#include "store/quarantine_table.hpp"
#include "store/replay_table.hpp"

#include <utility>

namespace ordersync::store {
namespace {

class lane_caretaker final : public caretaker {
 public:
  lane_caretaker(lane& work, std::string instance, epoch_now epoch)
      : lane_(work), instance_(std::move(instance)), epoch_(std::move(epoch)) {}

  answer<erased_order> erase_order(std::int64_t id) override {
    co_return co_await write<erased_order>("erasing an order",
                                           [&](connection& db) { return store::erase_order(db, id); });
  }

  answer<erasure> erase_mobile(std::string mobile) override {
    auto buried = co_await write<void>("recording an erased mobile number",
                                       [&](connection& db) { store::bury_mobile(db, mobile); });
    if (buried.has_error()) co_return buried.error();
    co_return co_await write<erasure>("erasing a mobile number",
                                      [&](connection& db) { return store::erase_mobile(db, mobile); });
  }

  answer<retention_step> retain(retention_rules rules, std::int64_t after) override {
    co_return co_await write<retention_step>("erasing what is too old",
                                             [&](connection& db) { return store::retain(db, rules, after); });
  }

  answer<erasure> estimate_retention(retention_rules rules) override {
    co_return co_await read<erasure>("counting what is too old",
                                     [&](connection& db) { return store::estimate_retention(db, rules); });
  }

  answer<std::vector<quarantined>> quarantine(bool open_only, int limit) override {
    co_return co_await read<std::vector<quarantined>>(
        "reading quarantine", [&](connection& db) { return read_quarantine(db, open_only, limit); });
  }

  answer<quarantined> quarantined_value(std::int64_t id) override {
    co_return co_await read<quarantined>("reading quarantine",
                                         [&](connection& db) { return read_quarantined(db, id); });
  }

  answer<std::vector<stored_payload>> payloads(std::vector<std::int64_t> order_ids) override {
    co_return co_await read<std::vector<stored_payload>>("reading payloads",
                                                         [&](connection& db) { return read_payloads(db, order_ids); });
  }

  answer<rewrite_counts> rewrite(std::vector<core::order> orders) override {
    co_return co_await write<rewrite_counts>("rewriting orders",
                                             [&](connection& db) { return store::rewrite(db, orders); });
  }

  answer<replay_state> begin_replay(std::optional<core::second> from, std::optional<core::second> to,
                                    std::string program) override {
    co_return co_await write<replay_state>("beginning a replay",
                                           [&](connection& db) { return store::begin_replay(db, from, to, program); });
  }

  answer<std::vector<stored_payload>> replay_batch(replay_state replay) override {
    co_return co_await read<std::vector<stored_payload>>("reading payloads",
                                                         [&](connection& db) { return read_replay_batch(db, replay); });
  }

  answer<replay_state> advance_replay(replay_state replay, std::vector<core::order> orders, std::int64_t unusable,
                                      std::int64_t position, bool through) override {
    co_return co_await write<replay_state>("replaying", [&](connection& db) {
      return store::advance_replay(db, replay, orders, unusable, position, through);
    });
  }

  answer<mirror_counts> count(std::string account, core::window window) override {
    co_return co_await read<mirror_counts>("counting orders",
                                           [&](connection& db) { return count_orders(db, account, window); });
  }

  answer<std::vector<held_order>> held(core::window window, std::chrono::seconds around) override {
    co_return co_await read<std::vector<held_order>>("reading orders",
                                                     [&](connection& db) { return read_held(db, window, around); });
  }

  answer<std::vector<held_order>> held(std::vector<std::int64_t> ids) override {
    co_return co_await read<std::vector<held_order>>("reading orders",
                                                     [&](connection& db) { return read_held(db, ids); });
  }

 private:
  template <class T>
  answer<T> read(const char* operation, std::function<T(connection&)> body) {
    return lane_.run<T>(operation, access::read, std::move(body));
  }
  template <class T>
  answer<T> write(const char* operation, std::function<T(connection&)> body) {
    const std::int64_t epoch = epoch_();
    co_return co_await lane_.run<T>(operation, access::write, [this, epoch, &body](connection& db) {
      if (epoch != 0) require_epoch(db, epoch, instance_);
      return body(db);
    });
  }

  lane& lane_;
  const std::string instance_;
  const epoch_now epoch_;
};

}  // namespace

std::unique_ptr<caretaker> make_caretaker(lane& work, std::string instance, epoch_now epoch) {
  return std::make_unique<lane_caretaker>(work, std::move(instance), std::move(epoch));
}

}  // namespace ordersync::store
