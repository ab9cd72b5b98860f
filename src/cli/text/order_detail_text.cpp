#include "cli/text/order_detail_text.hpp"

#include "cli/text/order_text.hpp"
#include "core/time.hpp"

#include <fmt/format.h>

namespace ordersync::cli::text {
namespace {

namespace reports = store::reports;
using moment = std::optional<core::instant>;

// What is not known is left out.
class parts {
 public:
  void add(std::string_view before, const core::text& value) {
    if (value && !value->empty()) append(before, cut(*value));
  }
  void add(std::string_view before, const moment& at) {
    if (at) append(before, core::to_text(*at));
  }
  void add_yuan(const core::fen& amount) {
    if (amount) append("", yuan(amount) + " yuan");
  }
  std::string text() const { return text_.empty() ? "nothing known" : text_; }

 private:
  void append(std::string_view before, const std::string& value) {
    text_ += fmt::format("{}{}{}", text_.empty() ? "" : ", ", before, value);
  }
  std::string text_;
};

std::string milestones_of(const reports::order_detail& detail) {
  parts all;
  all.add("paid ", detail.paid_at);
  all.add("all shipped ", detail.all_shipped_at);
  all.add("received ", detail.received_at);
  all.add("confirmed ", detail.confirmed_at);
  all.add("completed ", detail.completed_at);
  if (!detail.paid_at) all.add("to be paid by ", detail.pay_deadline);
  all.add("Alipay ", detail.alipay_trade_id);
  all.add("closed by ", detail.closed_by);
  return all.text();
}

std::string text_of(const reports::order_payment& payment) {
  parts all;
  all.add_yuan(payment.amount_fen);
  all.add("paid ", payment.paid_at);
  if (!payment.paid_at) all.add("not paid, status ", payment.status);
  all.add("by ", payment.way);
  all.add("phase ", payment.phase);
  return all.text();
}

std::string text_of(const reports::order_parcel& parcel) {
  parts all;
  all.add("", parcel.company);
  all.add("", parcel.waybill_number);
  all.add("", parcel.status);
  all.add("shipped ", parcel.shipped_at);
  if (parcel.lines > 0) all.add("", core::text{fmt::format("{} line{}", parcel.lines, parcel.lines == 1 ? "" : "s")});
  return all.text();
}

std::string text_of(const reports::order_refund& refund) {
  parts all;
  all.add("", core::text{refund.id});
  all.add_yuan(refund.amount_fen);
  all.add("", refund.status);
  all.add("after the sale ", refund.after_sale_status);
  all.add("made ", refund.created_at);
  all.add("completed ", refund.completed_at);
  return all.text();
}

std::string text_of(const reports::awaited_detail& awaited) {
  auto text = fmt::format("to be read from {} on", core::to_text(awaited.due_at));
  if (awaited.tries > 0)
    text += fmt::format("; failed {} time{}: {}", awaited.tries, awaited.tries == 1 ? "" : "s",
                        cut(awaited.reason.value_or("unknown reason")));
  return text;
}

void add(std::vector<std::string>& lines, std::string_view label, const std::string& value) {
  lines.push_back(fmt::format("  {:<16}  {}", label, value));
}

}  // namespace

std::vector<std::string> order_detail_lines(const reports::order_report& order) {
  std::vector<std::string> lines;
  if (order.detail || order.detail_due) lines.emplace_back("detail");
  if (const auto& detail = order.detail) {
    add(lines, "read", core::to_text(detail->observed_at));
    add(lines, "milestones", milestones_of(*detail));
    for (const auto& payment : detail->payments) add(lines, "payment", text_of(payment));
    for (const auto& parcel : detail->parcels) add(lines, "parcel", text_of(parcel));
    for (const auto& refund : detail->refunds) add(lines, "refund", text_of(refund));
  }
  if (order.detail_due) add(lines, order.detail ? "again" : "not read yet", text_of(*order.detail_due));
  return lines;
}

}  // namespace ordersync::cli::text
