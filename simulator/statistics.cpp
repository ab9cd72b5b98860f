#include "statistics.hpp"

#include "json_text.hpp"

namespace pandapon_sim {
namespace {

void put(std::string& out, std::string_view key, std::uint64_t value) {
  append_key(out, key);
  append_number(out, static_cast<std::int64_t>(value));
  out += ',';
}

void put(std::string& out, const push_counters& pushes) {
  put(out, "pushed", pushes.pushed);
  put(out, "push_acknowledged", pushes.acknowledged);
  put(out, "push_refused", pushes.refused);
  put(out, "push_unanswered", pushes.unanswered);
  put(out, "push_retried", pushes.retried);
  put(out, "push_lost_on_purpose", pushes.lost_on_purpose);
  put(out, "push_given_up", pushes.given_up);
  put(out, "push_waiting", pushes.waiting);
  put(out, "push_verified", pushes.verified);
}

}  // namespace

std::string describe(const statistics& stats, const present& state) {
  std::string out = "{";
  put(out, "connections", stats.connections);
  put(out, "handshakes", stats.handshakes);
  put(out, "requests", stats.requests);
  put(out, "in_flight", stats.in_flight);
  put(out, "max_in_flight", stats.max_in_flight);
  put(out, "pages", stats.pages);
  put(out, "faulted", stats.faulted);
  put(out, "unauthorised", stats.unauthorised);
  put(out, "limited", stats.limited);
  put(out, "bad_parameters", stats.bad_parameters);
  put(out, "orders_served", stats.orders_served);
  put(out, "details", stats.details);
  put(out, "refund_infos", stats.refund_infos);
  put(out, "details_unknown", stats.details_unknown);
  put(out, "details_refused", stats.details_refused);
  put(out, "orders", state.orders);
  put(out, "added", state.added);
  put(out, "mutated", state.mutated);
  put(out, "changes_left_ms", static_cast<std::uint64_t>(state.changes_left_ms));
  put(out, state.pushes);
  close(out, '}');
  return out;
}

}  // namespace pandapon_sim
