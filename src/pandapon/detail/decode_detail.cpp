#include "pandapon/detail/decode_detail.hpp"

#include "pandapon/columns/columns.hpp"
#include "pandapon/columns/nested.hpp"
#include "pandapon/detail/data_object.hpp"
#include "pandapon/detail/decode_base.hpp"
#include "pandapon/detail/decode_parts.hpp"
#include "pandapon/detail/detail_fields.hpp"
#include "pandapon/detail/detail_hash.hpp"

#include <string>
#include <string_view>

namespace ordersync::pandapon::detail {
namespace {

class detail_decoder {
 public:
  detail_decoder(json::json_arena& arena, core::order_detail& detail) : arena_(arena), detail_(detail) {}

  said_order decode(const json::json_value& data) {
    columns::object_reader members(data, detail_fields, root_, found_);
    members.fill(detail_);
    said_order said;
    const parts_context into{arena_, detail_, found_};
    open(members.member("baseInfo"), json::json_kind::object, "baseInfo",
         [&](const auto& base, const auto& at) { said = decode_base(base, at, arena_, detail_, found_); });
    open(members.member("nativeLogistics"), json::json_kind::object, "nativeLogistics",
         [&](const auto& object, const auto& at) { decode_logistics(object, at, into); });
    open(members.member("productItems"), json::json_kind::array, "productItems",
         [&](const auto& list, const auto& at) { decode_lines(list, at, into); });
    open(members.member("tradeTerms"), json::json_kind::array, "tradeTerms",
         [&](const auto& list, const auto& at) { decode_payments(list, at, into); });
    collect_refunds(detail_);
    found_.move_into(detail_);
    return said;
  }

  const extra_list& extras() const { return found_.extras(); }

 private:
  template <class Decode>
  void open(const json::json_value* served, json::json_kind kind, std::string_view name, Decode decode) {
    const auto at = root_.member(name);
    const auto* content = columns::open_nested(served, kind, at, arena_, found_);
    if (content != nullptr) decode(*content, at);
  }

  json::json_path root_;
  json::json_arena& arena_;
  core::order_detail& detail_;
  columns::findings found_;
};

}  // namespace

core::result<core::order_detail> decode_detail(std::string_view data, const std::string& tb_order_id,
                                               core::instant observed_at) {
  constexpr std::string_view what = "order detail";
  json::json_arena arena;
  const auto object = open_data(data, what, arena);
  if (!object) return object.error();
  core::order_detail detail;
  detail.tb_order_id = tb_order_id;
  detail.observed_at = observed_at;
  detail_decoder decoder(arena, detail);
  const auto said = decoder.decode(**object);
  if (said.unreadable) return unusable(what, "says with no number which order it is about");
  if (said.number && std::to_string(*said.number) != tb_order_id)
    return unusable(what, "is about another order than was asked for");
  detail.content_hash = content_hash(detail, decoder.extras());
  detail.payload = data;
  detail.payload_sha256 = core::sha256_of(data);
  return detail;
}

}  // namespace ordersync::pandapon::detail
