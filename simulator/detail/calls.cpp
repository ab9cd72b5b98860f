#include "detail/calls.hpp"

#include "accounts.hpp"
#include "answer.hpp"
#include "detail/forms.hpp"
#include "detail/writing.hpp"
#include "gate.hpp"
#include "json_text.hpp"
#include "random.hpp"
#include "reply_encoding.hpp"

#include <boost/json.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace pandapon_sim {
namespace {

namespace json = boost::json;

constexpr std::string_view detail_path = "/alibaba/order/detail";
constexpr std::string_view refund_path = "/alibaba/refund/info";

/// What one call asks for: 1688's number of an order, or a refund's id.
struct wanted_detail {
  bool is_refund = false;
  std::string id;
};

refusal read_member(const json::object::value_type& member, wanted_detail& out) {
  if (member.key() != "orderId" && member.key() != "webSite") return {40002, "unknown parameter"};
  if (!member.value().is_string()) return {40003, std::string(member.key()) + " must be a string"};
  const std::string value(member.value().get_string());
  if (member.key() == "orderId") out.id = value;
  if (member.key() == "webSite" && value != "1688") return {40003, "webSite must be 1688"};
  return {};
}

refusal read_body(const request& asked, wanted_detail& out) {
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(asked.body.data(), asked.body.size()), error);
  if (error || !parsed.is_object() || !asked.header("content-type").starts_with("application/json"))
    return {40001, "the body must be a JSON object"};
  for (const auto& member : parsed.get_object())
    if (refusal r = read_member(member, out); r.code != 0) return r;
  if (out.id.empty() || !parsed.get_object().contains("webSite")) return {40003, "orderId and webSite are required"};
  return {};
}

refusal read_refund_query(const request& asked, wanted_detail& out) {
  constexpr std::string_view name = "refundId=";
  out.is_refund = true;
  if (!asked.body.empty()) return {40001, "the body must be empty"};
  if (!asked.query.starts_with(name)) return {40003, "refundId is required"};
  out.id = asked.query.substr(name.size());
  return out.id.find('&') == std::string::npos ? refusal{} : refusal{40002, "unknown parameter"};
}

/// None: this account sees no such order, or the order no such refund.
std::optional<entry> find(const world& w, const request& asked, const wanted_detail& wanted) {
  filter seen;
  narrow_to_account(w.set, asked.header("access-key"), seen);
  if (wanted.is_refund) {
    const auto found = w.orders.refunded(wanted.id);
    return found && w.orders.in_share(*found, seen) ? found : std::nullopt;
  }
  seen.tb_order_id = wanted.id;
  const std::vector<entry> found = w.orders.select(seen);
  return found.empty() || is_sample(found.front()) ? std::nullopt : std::optional(found.front());
}

reply refuse_app(refused_as how, std::uint64_t number) {
  if (how == refused_as::status) return envelope(403, 40300, "the app has no permission for this call", number);
  if (how == refused_as::code) return envelope(200, 403, "无权限调用该接口", number);
  reply out;
  out.body = R"({"error_code":"gw.APIACLDecline","error_message":"AppKey is not allowed"})";
  return out;
}

/// Another one, for replies that are mixed up.
entry neighbour(const world& w, entry which) {
  return static_cast<entry>((which + 1) % w.orders.known());
}

std::string written(const order_detail& d, bool is_refund) {
  std::string out;
  if (is_refund) {
    write_refund(out, d.refund);
  } else {
    write_detail(out, d);
  }
  return out;
}

/// None: of an order as it was that long ago there was no refund.
std::optional<std::string> data_of(const world& w, entry which, bool is_refund, epoch_ms now) {
  const detail_rules& rules = w.set.behaves.details;
  dice roll(w.set.orders_from.seed, purpose::detail, w.page_requests, 4);
  const bool wrong = roll.per_ten_thousand(rules.wrong);
  if (wrong) which = neighbour(w, which);
  const bool lags = rules.lag_ms != 0;
  order_detail d =
      w.orders.detailed(which, lags ? w.orders.version_at(which, now - rules.lag_ms) : w.orders.version(which));
  if (is_refund && !d.has_refund && !wrong) return std::nullopt;
  if (!d.has_refund) d.refund.id.value = w.orders.refund(which);
  if (w.set.wander) change_forms(d, w.set.orders_from, w.orders.recorded(which), w.page_requests);
  return written(d, is_refund);
}

bool has(const std::vector<fault>& faults, action what) {
  return std::any_of(faults.begin(), faults.end(), [what](const fault& f) { return f.what == what; });
}

/// The common envelope with data, unless a fault leaves it or the code out.
reply with_data(const world& w, const std::string& data, const std::vector<fault>& faults) {
  constexpr std::string_view no_data = ",\"data\":null}";
  constexpr std::string_view code = "\"code\":200,";
  reply out = envelope(200, 200, "success", w.page_requests);
  out.body.resize(out.body.size() - no_data.size());
  if (has(faults, action::no_code)) out.body.erase(out.body.find(code), code.size());
  if (has(faults, action::null_data)) {
    out.body += ",\"data\":null";
  } else if (!has(faults, action::no_data)) {
    out.body += ",\"data\":" + data;
  }
  out.body += '}';
  return out;
}

std::uint64_t& counter(statistics& stats, bool is_refund, bool found, bool faulted) {
  if (faulted) return stats.faulted;
  if (!found) return stats.details_unknown;
  return is_refund ? stats.refund_infos : stats.details;
}

/// Of one order always the same; `roll` tells the kinds apart.
bool is_one_of(const world& w, entry which, std::uint32_t share, std::uint64_t roll) {
  return dice(w.set.orders_from.seed, purpose::detail, which, roll).per_ten_thousand(share);
}

reply answer_wanted(world& w, const request& asked, const wanted_detail& wanted, epoch_ms now) {
  const auto faults = w.faults.at(w.set.orders_from.seed, ++w.page_requests, ++w.detail_requests);
  const auto found = find(w, asked, wanted);
  const detail_rules& rules = w.set.behaves.details;
  if (found && is_one_of(w, *found, rules.broken, 5)) {
    ++w.stats.details_unknown;
    return envelope(200, 500, "order not exist", w.page_requests);
  }
  if (found && is_one_of(w, *found, rules.denied, 6)) {
    ++w.stats.details_refused;
    return refuse_app(refused_as::status, w.page_requests);
  }
  const auto data = found ? data_of(w, *found, wanted.is_refund, now) : std::nullopt;
  ++counter(w.stats, wanted.is_refund, data.has_value(), !faults.empty());
  const std::string_view unknown = wanted.is_refund ? "退款单不存在" : "订单不存在";
  reply out = data ? with_data(w, *data, faults) : envelope(200, 404, unknown, w.page_requests);
  for (const fault& f : faults) spoil_reply(w, f, out);
  out.faults = faults;
  return out;
}

reply answer(world& w, const request& asked, epoch_ms now) {
  if (auto refused = refuse_at_gate(w, asked, now)) return *std::move(refused);
  const detail_rules& rules = w.set.behaves.details;
  const bool refund = asked.path == refund_path;
  const auto refuse = rules.refuse == refused_as::nothing && refund ? rules.refuse_refunds : rules.refuse;
  if (refuse != refused_as::nothing) {
    ++w.stats.details_refused;
    return refuse_app(refuse, w.stats.requests);
  }
  wanted_detail wanted;
  const refusal wrong = refund ? read_refund_query(asked, wanted) : read_body(asked, wanted);
  if (wrong.code == 0) return answer_wanted(w, asked, wanted, now);
  ++w.stats.bad_parameters;
  return envelope(200, wrong.code, wrong.message, w.stats.requests);
}

}  // namespace

bool is_detail_path(std::string_view path) {
  return path == detail_path || path == refund_path;
}

reply handle_detail(world& w, const request& asked, epoch_ms now) {
  std::optional<reply> challenged = challenge(w.set.behaves.gate, w.at(now));
  reply out = challenged ? *std::move(challenged) : answer(w, asked, now);
  encode_reply(w.set.behaves.replies, out);
  return out;
}

}  // namespace pandapon_sim
