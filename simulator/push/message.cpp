#include "push/message.hpp"

#include "json_text.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstddef>
#include <limits>
#include <stdexcept>

namespace pandapon_sim {
namespace {

using enum order_status;

constexpr std::array<std::string_view, 9> words{"",
                                                "WAITING_FOR_PAYMENT",
                                                "WAITING_FOR_SENT",
                                                "WAITING_FOR_RECEIVE",
                                                "CONFIRM_GOODS",
                                                "SUCCESS",
                                                "CANCEL",
                                                "TERMINATED",
                                                "OTHER"};

/// What led an order to its status. The misspelt one is 1688's.
constexpr std::array<std::string_view, 9> types{"",
                                                "ORDER_CREATE",
                                                "ORDER_PAY_SUCCESS",
                                                "ORDER_BUYER_VIEW_ANNOUNCE_SENDGOODS",
                                                "ORDER_BUYER_VIEW_ORDER_COMFIRM_RECEIVEGOODS",
                                                "ORDER_BUYER_VIEW_ORDER_SUCCESS",
                                                "ORDER_CANCEL",
                                                "ORDER_BUYER_VIEW_ORDER_SELLER_CLOSE",
                                                "ORDER_CREATE"};

template <class Table>
std::string_view of_status(const Table& table, order_status status) {
  return table.at(static_cast<std::size_t>(status));
}

std::string_view refund_type(order_status after) {
  if (after == success) return "ORDER_BUYER_VIEW_ORDER_REFUND_AFTER_SALES";
  return after == terminated ? "ORDER_BUYER_VIEW_ORDER_BUYER_REFUND" : "ORDER_BUYER_VIEW_ORDER_BUYER_REFUND_IN_SALES";
}

std::string_view type_of(const standing& before, const standing& after, const event& what) {
  if (what.what == happening::created) return types[1];
  if (what.steps == 0) return of_status(types, after.status);
  if (before.refunded_fen != after.refunded_fen)
    return before.status == wait_seller_send ? refund_type(before.status) : refund_type(after.status);
  return before.status == after.status ? "ORDER_BUYER_VIEW_ORDER_PRICE_MODIFY" : of_status(types, after.status);
}

void put(std::string& out, std::string_view key, std::string_view value) {
  append_key(out, key);
  append_quoted(out, value);
  out += ',';
}

void put(std::string& out, std::string_view key, std::int64_t value) {
  append_key(out, key);
  append_number(out, value);
  out += ',';
}

std::string vendor_time(epoch_ms time) {
  std::string out;
  append_vendor_time(out, time);
  return out;
}

std::string number_text(std::int64_t value) {
  std::string out;
  append_number(out, value);
  return out;
}

std::string message_body(const order& o, const push_rules& rules, const standing& stands, std::string_view type,
                         epoch_ms at, std::string_view refund_id) {
  std::string out = "{";
  if (type.find("REFUND") != std::string_view::npos) put(out, "refundId", refund_id);
  put(out, "orderId", rules.platform_number ? number_text(o.id.value) : o.tb_order_id.value);
  put(out, "orderNo", o.order_no.value);
  put(out, "orderStatus", of_status(words, stands.status));
  put(out, "payStatus", o.pay_status.value);
  put(out, "totalAmount", o.total_amount.value);
  put(out, "productAmount", o.product_amount.value);
  put(out, "shippingFee", o.shipping_fee.value);
  put(out, "discount", o.discount.value);
  put(out, "refundAmount", o.refund_amount.value);
  put(out, "refundStatus", o.refund_status.value);
  if (!o.close_reason.value.empty()) put(out, "closeReason", o.close_reason.value);
  put(out, "tbCreateTime", vendor_time(o.tb_created.value));
  if (type == of_status(types, wait_seller_send)) put(out, "payTime", vendor_time(at));
  close(out, '}');
  return out;
}

}  // namespace

push_message write_push(const catalogue& orders, const push_rules& rules, const event& what) {
  const standing after = orders.stood(what.which, what.version);
  const standing before = orders.stood(what.which, static_cast<std::uint16_t>(what.version - what.steps));
  const std::string_view type = type_of(before, after, what);
  push_message out;
  out.message =
      message_body(orders.composed(what.which, what.version), rules, after, type, what.at, orders.refund(what.which));
  out.body = "{";
  put(out.body, "messageType", type);
  append_key(out.body, "messageBody");
  if (rules.message_as_object) {
    out.body += out.message;
  } else {
    append_quoted(out.body, out.message);
  }
  out.body += ',';
  put(out.body, "messagePlatform", 1);
  put(out.body, "timestamp", number_text(what.at));
  close(out.body, '}');
  return out;
}

std::string sign_push(const push_rules& rules, const push_message& what, std::string_view secret) {
  if (secret.size() > std::size_t{std::numeric_limits<int>::max()}) throw std::length_error("the secret is too long");
  const std::string& base = rules.sign_message ? what.message : what.body;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): OpenSSL reads bytes
  const auto* bytes = reinterpret_cast<const unsigned char*>(base.data());
  if (HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()), bytes, base.size(), digest.data(), &size) ==
      nullptr)
    throw std::runtime_error("OpenSSL refuses HMAC-SHA256, which signs push messages");
  const std::string_view hex = rules.upper_case ? "0123456789ABCDEF" : "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < size; ++i) {
    out += hex[digest.at(i) >> 4];
    out += hex[digest.at(i) & 15];
  }
  return out;
}

}  // namespace pandapon_sim
