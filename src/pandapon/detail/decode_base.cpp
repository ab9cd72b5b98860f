#include "pandapon/detail/decode_base.hpp"

#include "pandapon/columns/columns.hpp"
#include "pandapon/columns/nested.hpp"
#include "pandapon/detail/detail_fields.hpp"
#include "pandapon/detail/oversized_numbers.hpp"
#include "pandapon/detail/served_id.hpp"

#include <array>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

namespace ordersync::pandapon::detail {
namespace {

// Farther in the future nobody waits for a payment; it also keeps the sum in range.
constexpr std::int64_t longest_timeout_s = 10LL * 366 * 24 * 3600;

class base_decoder {
 public:
  using reader = columns::object_reader<core::order_detail, base_fields.size()>;

  base_decoder(const json::json_path& where, json::json_arena& arena, core::order_detail& detail,
               columns::findings& found)
      : where_(where), arena_(arena), detail_(detail), found_(found) {}

  said_order decode(const json::json_value& base) {
    reader members(base, base_fields, where_, found_);
    members.fill(detail_);
    decode_channels(members.member("payChannelList"));
    decode_contact(members.member("buyerContact"), "buyerContact", "buyer");
    decode_contact(members.member("sellerContact"), "sellerContact", "seller");
    decode_receiver(members.member("receiverInfo"));
    find_deadline(members.member("payTimeoutType"));
    note_steps(members.member("stepOrderList"));
    const named_value text{members.member("idOfStr"), "idOfStr"};
    const named_value number{members.member("id"), "id"};
    const auto id = read_id(text, number, where_, found_);
    return {id, is_unreadable(text) || (!id && is_unreadable(number))};
  }

 private:
  const json::json_value* open(const json::json_value* served, json::json_kind kind, const json::json_path& at) {
    return columns::open_nested(served, kind, at, arena_, found_);
  }

  // They are kept as they come, but for numbers that no database takes.
  void note_steps(const json::json_value* served) {
    const auto at = where_.member("stepOrderList");
    const auto* list = open(served, json::json_kind::array, at);
    if (list != nullptr) note_oversized_numbers(*list, at, found_);
  }

  void decode_channels(const json::json_value* served) {
    const auto at = where_.member("payChannelList");
    const auto* list = open(served, json::json_kind::array, at);
    if (list == nullptr) return;
    auto& channels = detail_.pay_channels.emplace();
    for (int i = 0; const auto& one : list->children) {
      const auto place = at.element(i++);
      core::text channel;
      const auto complaint = json::read_text(one, channel);
      if (channel)
        channels.push_back(std::move(*channel));
      else
        found_.cannot_use(place, complaint.empty() ? "is null" : complaint, one.raw);
    }
  }

  void decode_contact(const json::json_value* served, std::string_view name, std::string role) {
    const auto at = where_.member(name);
    const auto* object = open(served, json::json_kind::object, at);
    if (object == nullptr) return;
    core::order_contact contact;
    contact.role = std::move(role);
    columns::object_reader(*object, contact_fields, at, found_).fill(contact);
    detail_.contacts.push_back(std::move(contact));
  }

  void decode_receiver(const json::json_value* served) {
    const auto at = where_.member("receiverInfo");
    const auto* object = open(served, json::json_kind::object, at);
    if (object == nullptr) return;
    core::order_detail_address address;
    address.role = "receiver";
    columns::object_reader(*object, receiver_info_fields, at, found_).fill(address);
    detail_.addresses.push_back(std::move(address));
  }

  // The timeout is a span, unless its type says that it is a moment.
  void find_deadline(const json::json_value* type) {
    core::integer kind;
    if (type != nullptr && (!json::read_integer(*type, kind).empty() || kind.value_or(0) != 0)) return;
    const auto seconds = detail_.pay_timeout_s;
    if (!detail_.created_at || !seconds || *seconds < 0 || *seconds > longest_timeout_s) return;
    detail_.pay_deadline = *detail_.created_at + std::chrono::seconds{*seconds};
  }

  const json::json_path& where_;
  json::json_arena& arena_;
  core::order_detail& detail_;
  columns::findings& found_;
};

}  // namespace

said_order decode_base(const json::json_value& base, const json::json_path& where, json::json_arena& arena,
                       core::order_detail& detail, columns::findings& found) {
  return base_decoder(where, arena, detail, found).decode(base);
}

}  // namespace ordersync::pandapon::detail
