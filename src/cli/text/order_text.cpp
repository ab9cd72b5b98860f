#include "cli/text/order_text.hpp"

#include "cli/text/order_detail_text.hpp"
#include "core/time.hpp"
#include "core/utf8.hpp"

#include <fmt/format.h>

#include <cstdlib>

namespace ordersync::cli::text {
namespace {

namespace orders = app::orders;
namespace reports = store::reports;

constexpr std::size_t longest_text = 200;  // bytes
constexpr std::size_t most_gaps = 10;

std::string known(const core::text& text) {
  return text ? cut(*text) : std::string{"unknown"};
}

void add(std::vector<std::string>& lines, std::string_view label, const std::string& value) {
  lines.push_back(fmt::format("  {:<16}  {}", label, value));
}
void add_if(std::vector<std::string>& lines, std::string_view label, const core::text& value) {
  if (value && !value->empty()) add(lines, label, cut(*value));
}

std::string range_text(const core::window& w) {
  return fmt::format("{} to {}", core::to_text(w.begin), core::to_text(w.end));
}

std::string creation_text(const reports::order_report& order) {
  auto text = order.created_at ? core::to_text(*order.created_at) : std::string{"unknown"};
  if (order.tb_created_at && order.tb_created_at != order.created_at)
    text += fmt::format("; at 1688 {}", core::to_text(*order.tb_created_at));
  return text;
}

std::string amounts_text(const reports::order_report& order) {
  return fmt::format("total {} yuan; products {}, shipping {}, discount {}, refunded {}", yuan(order.total_amount_fen),
                     yuan(order.product_amount_fen), yuan(order.shipping_fee_fen), yuan(order.discount_fen),
                     yuan(order.refund_amount_fen));
}

std::string changes_text(const std::vector<reports::field_change>& changes) {
  std::string text;
  for (const auto& change : changes) text += fmt::format("{}{}", text.empty() ? "" : "; ", cut(change.text));
  return text;
}

std::string version_text(const reports::order_version& version, bool first) {
  if (!version.changes.empty()) return changes_text(version.changes);
  return first ? fmt::format("first seen: {}", known(version.status_name)) : std::string{"nothing known changed"};
}

std::string read_text(const reports::order_report& order) {
  if (!order.last_read)
    return fmt::format("at {} or later; the read itself is not among the latest", core::to_text(order.observed_at));
  const auto& read = *order.last_read;
  const auto at = core::to_text(read.finished_at);
  if (read.apart) return fmt::format("{}, apart from its window: {}", at, cut(read.reason));
  return fmt::format("{}, {} window {}, {}", at, read.kind, range_text(read.window),
                     read.proven ? std::string{"proven"} : "not proven: " + cut(read.reason));
}

std::string erasure_text(const reports::order_erasure& erased) {
  return fmt::format("{} ({}): {}", core::to_text(erased.at), erased.reason,
                     erased.personal_data ? "personal data and payload" : "payload");
}

void add_standing(std::vector<std::string>& lines, const reports::order_report& order) {
  add(lines, "last changed", core::to_text(order.changed_at));
  add(lines, "last read", read_text(order));
  add(lines, "coverage", order.proven ? "its creation time is proven complete" : "its creation time is in a gap");
  if (order.vanished_at)
    add(lines, "vanished", fmt::format("the API has not returned it since {}", core::to_text(*order.vanished_at)));
  if (order.erased) add(lines, "erased", erasure_text(*order.erased));
  for (const auto& value : order.quarantine)
    add(lines, fmt::format("quarantine {}", value.id),
        fmt::format("{}: {}{}", cut(value.path), cut(value.reason), value.accepted ? " (accepted)" : ""));
}

std::string line_text(const reports::order_line& line) {
  auto text =
      fmt::format("{}: {} {} at {}, {} yuan, {}", known(line.name), known(line.quantity), line.unit.value_or(""),
                  yuan(line.price_fen), yuan(line.item_amount_fen), known(line.status_name));
  if (line.refund_fen && *line.refund_fen != 0) text += fmt::format(", refunded {}", yuan(line.refund_fen));
  if (line.sku && !line.sku->empty()) text += fmt::format(" ({})", cut(*line.sku));
  return text;
}

void add_address(std::vector<std::string>& lines, std::string_view title,
                 const std::vector<reports::named_value>& fields) {
  if (fields.empty()) return;
  lines.emplace_back(title);
  for (const auto& field : fields)
    if (field.value && !field.value->empty()) add(lines, field.name, cut(*field.value));
}

std::string detail_text(const orders::refreshed_detail& of) {
  auto text = fmt::format("detail: {}", of.outcome);
  if (!of.reason.empty()) text += fmt::format(": {}", cut(of.reason));
  if (of.refunds > 0) text += fmt::format(", with {} refund{}", of.refunds, of.refunds == 1 ? "" : "s");
  if (!of.missing.empty()) text += fmt::format("; a refund could not be read: {}", cut(of.missing));
  return text;
}

std::string outcome_text(const orders::refreshed& of) {
  using enum orders::refresh_outcome;
  switch (of.outcome) {
    case stored:
      return "new: stored";
    case changed:
      return "changed:";
    case unchanged:
      return "unchanged";
    case outdated:
      return "the API returned it, but another read that may be newer has been stored meanwhile and stays; refresh it "
             "again to be sure";
    case not_returned:
      return "the API does not return it; the mirror keeps what it has, and marks it as vanished only if more speaks "
             "for that";
    case not_found:
      if (!of.searched) return "not in the mirror, and no time to search lies after sync.start";
      return fmt::format("not in the mirror, and the API does not know it as a 1688 number among orders created {}{}",
                         range_text(*of.searched), of.searched_all ? "" : "; older ones were not searched");
    case not_searchable:
      return of.order_id ? "it has no 1688 number or no creation time, so the API cannot be asked for it; a backfill "
                           "of the time of its creation reads it"
                         : "not in the mirror, and it is no number of 1688's, which alone the API can be asked for: up "
                           "to 30 digits";
    case not_configured:
      return "its account is not configured, so the API cannot be asked for it";
  }
  return {};
}

}  // namespace

std::string cut(std::string_view text) {
  if (text.size() <= longest_text) return std::string{text};
  return fmt::format("{}...", core::truncated(text, longest_text));
}

std::string yuan(const core::fen& fen) {
  if (!fen) return "unknown";
  const auto size = *fen < 0 ? 0 - static_cast<std::uint64_t>(*fen) : static_cast<std::uint64_t>(*fen);
  return fmt::format("{}{}.{:02}", *fen < 0 ? "-" : "", size / 100, size % 100);
}

std::vector<std::string> order_lines(const reports::order_report& order) {
  std::vector<std::string> lines{fmt::format("order {}: {}", order.id, known(order.status_name))};
  add(lines, "account", order.account);
  add_if(lines, "PandaPon number", order.order_no);
  add_if(lines, "1688 number", order.tb_order_id);
  add(lines, "created", creation_text(order));
  add(lines, "amounts", amounts_text(order));
  add(lines, "payment", known(order.pay_status_name));
  if (order.refund_status) add(lines, "refund status", std::to_string(*order.refund_status));
  add_if(lines, "seller", order.seller_login_id);
  add_if(lines, "closed because", order.close_reason);
  add_standing(lines, order);
  if (!order.lines.empty()) lines.emplace_back("lines");
  for (const auto& line : order.lines) add(lines, std::to_string(line.id), line_text(line));
  if (!order.history.empty()) lines.emplace_back("history");
  for (const auto& version : order.history)
    lines.push_back(fmt::format("  {:>3}  {}  {}", version.version, core::to_text(version.since),
                                version_text(version, &version == &order.history.front())));
  for (auto& line : order_detail_lines(order)) lines.push_back(std::move(line));
  add_address(lines, "receiver", order.receiver);
  add_address(lines, "warehouse address", order.warehouse_address);
  return lines;
}

std::vector<std::string> absence_lines(std::string_view number, const orders::absence& of) {
  std::vector<std::string> lines{fmt::format("order {} is not in the mirror; it may be that", cut(number))};
  for (const auto& reason : of.reasons) lines.push_back("  - " + reason.text);
  for (const auto& account : of.gaps) {
    lines.push_back(fmt::format("gaps of account {}", account.account));
    for (std::size_t i = 0; i < account.gaps.size() && i < most_gaps; ++i) {
      const auto& gap = account.gaps[i];
      lines.push_back(fmt::format("  {}  {}", range_text(gap.window), gap.reason.empty() ? "never read" : gap.reason));
    }
    if (account.gaps.size() > most_gaps)
      lines.push_back(fmt::format("  and {} more: see ordersync coverage", account.gaps.size() - most_gaps));
  }
  return lines;
}

std::vector<std::string> refreshed_lines(const orders::refreshed& of) {
  auto who = of.order_id ? fmt::format("order {}", *of.order_id) : fmt::format("number {}", cut(of.number));
  std::vector<std::string> lines{fmt::format("{}: {}", who, outcome_text(of))};
  for (const auto& change : of.changes) lines.push_back("  " + cut(change.text));
  if (of.detail) lines.push_back("  " + detail_text(*of.detail));
  return lines;
}

}  // namespace ordersync::cli::text
