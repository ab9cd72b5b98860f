#include "pandapon/detail/decode_parts.hpp"

#include "pandapon/columns/columns.hpp"
#include "pandapon/columns/nested.hpp"
#include "pandapon/detail/detail_fields.hpp"
#include "pandapon/detail/served_id.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ordersync::pandapon::detail {
namespace {

// Calls `decode(element, its path)` for each element that is an object; the others are findings.
template <class Decode>
void for_each_object(const json::json_value& list, const json::json_path& where, columns::findings& found,
                     Decode decode) {
  for (int i = 0; const auto& one : list.children) {
    const auto at = where.element(i++);
    if (one.kind == json::json_kind::object)
      decode(one, at);
    else
      found.cannot_use(at, one.kind == json::json_kind::unusable ? one.text : "is not an object", one.raw);
  }
}

std::string_view trimmed(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(' '), text.size());
  text.remove_prefix(begin);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

// "1,2,3"; none where a part is no number.
std::optional<std::vector<std::int64_t>> numbers_of(std::string_view text) {
  std::vector<std::int64_t> numbers;
  while (!text.empty()) {
    const auto part = trimmed(text.substr(0, text.find(',')));
    text.remove_prefix(std::min(text.find(','), text.size() - 1) + 1);
    std::int64_t number = 0;
    const auto parsed = std::from_chars(part.data(), part.data() + part.size(), number);
    if (parsed.ec != std::errc{} || parsed.ptr != part.data() + part.size()) return std::nullopt;
    numbers.push_back(number);
  }
  return numbers;
}

class parcel_decoder {
 public:
  using reader = columns::object_reader<core::order_shipment, shipment_fields.size()>;

  explicit parcel_decoder(const parts_context& into) : into_(into) {}

  void decode(const json::json_value& served, const json::json_path& where) {
    reader members(served, shipment_fields, where, into_.found);
    core::order_shipment parcel;
    parcel.position = where.index;
    members.fill(parcel);
    if (parcel.id == 0) parcel.id.reset();  // that is how it comes where there is none
    if (parcel.id && !ids_.insert(*parcel.id).second)
      return into_.found.cannot_use(where, "an earlier parcel has the same id", served.raw);
    read_lines(members.member("subItemIds"), where.member("subItemIds"), parcel);
    read_sender(members, where);
    into_.detail.shipments.push_back(std::move(parcel));
  }

 private:
  void read_lines(const json::json_value* served, const json::json_path& where, core::order_shipment& parcel) {
    core::text text;
    if (served == nullptr) return;
    if (const auto complaint = json::read_text(*served, text); !complaint.empty())
      return into_.found.cannot_use(where, complaint, served->raw);
    if (!text || trimmed(*text).empty()) return;
    parcel.line_ids = numbers_of(*text);
    if (!parcel.line_ids) into_.found.cannot_use(where, "is not a list of numbers parted by commas", served->raw);
  }

  void read_sender(const reader& members, const json::json_path& where) {
    core::order_sender sender;
    sender.position = where.index;
    read_number(members.member("fromPhone"), where.member("fromPhone"), sender.phone);
    read_number(members.member("fromMobile"), where.member("fromMobile"), sender.mobile);
    if (sender.phone || sender.mobile) into_.detail.senders.push_back(std::move(sender));
  }

  void read_number(const json::json_value* served, const json::json_path& where, core::text& out) {
    if (served == nullptr) return;
    const auto complaint = json::read_text(*served, out);
    if (!complaint.empty()) into_.found.cannot_use(where, complaint, served->raw);
  }

  const parts_context& into_;
  std::unordered_set<std::int64_t> ids_;
};

class line_decoder {
 public:
  explicit line_decoder(const parts_context& into) : into_(into) {}

  void decode(const json::json_value& served, const json::json_path& where) {
    columns::object_reader members(served, line_fields, where, into_.found);
    core::order_detail_line line;
    line.position = where.index;
    const auto id = read_id({members.member("subItemIDString"), "subItemIDString"},
                            {members.member("subItemID"), "subItemID"}, where, into_.found);
    std::string_view complaint;
    if (!id || *id <= 0)
      complaint = "the line has no usable id";
    else if (!ids_.insert(*id).second)
      complaint = "an earlier line has the same id";
    if (!complaint.empty()) return into_.found.cannot_use(where, complaint, served.raw);
    line.id = *id;
    members.fill(line);
    into_.detail.lines.push_back(std::move(line));
  }

 private:
  const parts_context& into_;
  std::unordered_set<std::int64_t> ids_;
};

// None where it names no refund.
std::optional<std::string> refund_named_by(const core::text& id) {
  constexpr const char* blanks = " \t\r\n";
  const auto first = id ? id->find_first_not_of(blanks) : std::string::npos;
  if (first == std::string::npos) return std::nullopt;
  auto name = id->substr(first, id->find_last_not_of(blanks) + 1 - first);
  return name == "null" || name == "0" ? std::nullopt : std::optional{std::move(name)};
}

}  // namespace

void decode_logistics(const json::json_value& logistics, const json::json_path& where, const parts_context& into) {
  columns::object_reader members(logistics, logistics_fields, where, into.found);
  core::order_detail_address address;
  address.role = "delivery";
  members.fill(address);
  into.detail.addresses.push_back(std::move(address));
  const auto at = where.member("logisticsItems");
  const auto* list =
      columns::open_nested(members.member("logisticsItems"), json::json_kind::array, at, into.arena, into.found);
  if (list == nullptr) return;
  parcel_decoder decoder(into);
  for_each_object(*list, at, into.found, [&](const auto& one, const auto& place) { decoder.decode(one, place); });
}

void decode_lines(const json::json_value& lines, const json::json_path& where, const parts_context& into) {
  line_decoder decoder(into);
  for_each_object(lines, where, into.found, [&](const auto& one, const auto& place) { decoder.decode(one, place); });
}

void decode_payments(const json::json_value& terms, const json::json_path& where, const parts_context& into) {
  for_each_object(terms, where, into.found, [&](const auto& one, const auto& place) {
    core::order_payment payment;
    payment.position = place.index;
    columns::object_reader(one, payment_fields, place, into.found).fill(payment);
    into.detail.payments.push_back(std::move(payment));
  });
}

void collect_refunds(core::order_detail& detail) {
  std::map<std::string, core::order_refund> refunds;
  if (const auto id = refund_named_by(detail.refund_id)) {
    auto& own = refunds[*id];
    own.status = detail.refund_status;
    own.status_after_sale = detail.refund_status_after_sale;
    own.refund_fen = detail.refund_fen;
  }
  for (const auto& line : detail.lines)
    if (const auto id = refund_named_by(line.refund_id)) refunds[*id].line_ids.push_back(line.id);
  for (auto& [id, refund] : refunds) {
    refund.id = id;
    std::sort(refund.line_ids.begin(), refund.line_ids.end());
    detail.refunds.push_back(std::move(refund));
  }
}

}  // namespace ordersync::pandapon::detail
