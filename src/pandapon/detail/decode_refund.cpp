#include "pandapon/detail/decode_refund.hpp"

#include "pandapon/columns/columns.hpp"
#include "pandapon/detail/data_object.hpp"
#include "pandapon/detail/detail_fields.hpp"
#include "pandapon/detail/detail_hash.hpp"
#include "pandapon/detail/oversized_numbers.hpp"
#include "pandapon/detail/served_id.hpp"
#include "pandapon/json/scalar.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>

namespace ordersync::pandapon::detail {
namespace {

constexpr std::string_view what = "refund";

// The id that the reply says; none where it says none, or none that can be used.
core::text read_refund_id(const json::json_value* served, const json::json_path& where, columns::findings& found) {
  core::text id;
  if (served == nullptr) return id;
  const auto complaint = json::read_text(*served, id);
  if (!complaint.empty()) found.cannot_use(where, complaint, served->raw);
  return id && id->empty() ? std::nullopt : id;
}

// Times stay as they are served; whoever stores them reads these forms.
bool is_time(const json::json_value& served) {
  constexpr std::string_view clock_form = "dddd-dd-dd dd:dd:dd";
  constexpr std::size_t epoch_digits = 13;
  std::optional<core::instant> time;
  if (json::read_zoned_time(served, time).empty()) return true;
  const auto text = served.text;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (text.size() == epoch_digits) return std::ranges::all_of(text, is_digit);
  if (!std::ranges::equal(text, clock_form, [&](char c, char f) { return f == 'd' ? is_digit(c) : c == f; }))
    return false;
  std::string digits;
  std::ranges::copy_if(text, std::back_inserter(digits), is_digit);
  digits += "000+0000";
  json::json_value zoned;
  zoned.kind = json::json_kind::text;
  zoned.text = digits;
  return json::read_zoned_time(zoned, time).empty();
}

template <class Members>
void note_times(const Members& members, const json::json_path& where, columns::findings& found) {
  for (const auto name : {"gmtApply", "gmtCreate", "gmtModified", "gmtCompleted"}) {
    const auto* served = members.member(name);
    const bool text =
        served != nullptr && (served->kind == json::json_kind::number || served->kind == json::json_kind::text);
    if (text && !is_time(*served)) found.cannot_use(where.member(name), "is no time of a known form", served->raw);
  }
}

}  // namespace

core::result<core::refund_info> decode_refund(std::string_view data, const std::string& refund_id,
                                              core::instant observed_at) {
  json::json_arena arena;
  const auto object = open_data(data, what, arena);
  if (!object) return object.error();
  const json::json_path root;
  columns::findings found;
  columns::object_reader members(**object, refund_fields, root, found);
  core::refund_info refund;
  refund.id = refund_id;
  refund.observed_at = observed_at;
  members.fill(refund);
  if (is_unreadable({members.member("orderId"), "orderId"}))
    return unusable(what, "says with no number which order it is about");
  for (const auto& field : refund_fields)
    if (const auto* kept = members.member(field.name); kept != nullptr && field.form == columns::column_form::counts)
      note_oversized_numbers(*kept, root.member(field.name), found);
  note_times(members, root, found);
  const auto served = read_refund_id(members.member("refundId"), root.member("refundId"), found);
  if (served && *served != refund_id) return unusable(what, "is another one than was asked for");
  found.move_into(refund);
  refund.content_hash = content_hash(refund, found.extras());
  refund.payload = data;
  refund.payload_sha256 = core::sha256_of(data);
  return refund;
}

}  // namespace ordersync::pandapon::detail
