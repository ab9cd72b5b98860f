#include "pandapon/decode/decode_order.hpp"

#include "pandapon/columns/columns.hpp"
#include "pandapon/columns/nested.hpp"
#include "pandapon/decode/content_hash.hpp"
#include "pandapon/decode/decode_item.hpp"
#include "pandapon/decode/order_fields.hpp"
#include "pandapon/text/utf8.hpp"

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <optional>
#include <utility>

namespace ordersync::pandapon::decode {
namespace {

class order_decoder {
 public:
  explicit order_decoder(json::json_arena& arena) : arena_(arena) {}

  // Why the order cannot be used; empty when it could.
  std::string decode(const json::json_value& served, core::order& order) {
    columns::object_reader reader(served, order_fields, root_, found_);
    if (auto complaint = read_key(reader.member("id"), order.id); !complaint.empty()) return complaint;
    reader.fill(order);
    decode_cargo(reader.member("cargoParamList"), order);
    decode_address(reader.member("receiver"), "receiver", receiver_fields, order.receiver);
    decode_address(reader.member("warehouseAddressInfo"), "warehouseAddressInfo", warehouse_address_fields,
                   order.warehouse_address);
    decode_submission(reader.member("orderJson"), order);
    decode_lines(reader.member("orderDetailInfoVOS"), order);
    found_.move_into(order);
    order.content_hash = content_hash(order, found_.extras());
    return {};
  }

 private:
  static std::string read_key(const json::json_value* served, std::int64_t& id) {
    if (served == nullptr) return "the order has no id, or two different ones";
    core::integer number;
    if (const auto complaint = json::read_integer(*served, number); !complaint.empty()) {
      return fmt::format("the order's id {}", complaint);
    }
    if (!number || *number <= 0) return "the order's id is empty or not positive";
    id = *number;
    return {};
  }

  void decode_cargo(const json::json_value* served, core::order& order) {
    const auto where = root_.member("cargoParamList");
    const auto* list = columns::open_nested(served, json::json_kind::array, where, arena_, found_);
    if (list == nullptr) return;
    for (int i = 0; const auto& one : list->children) {
      const auto at = where.element(i++);
      if (one.kind != json::json_kind::object) {
        found_.cannot_use(at, one.kind == json::json_kind::unusable ? one.text : "is not an object", one.raw);
        continue;
      }
      auto& cargo = order.cargo.emplace_back();
      cargo.position = at.index;
      columns::object_reader(one, cargo_fields, at, found_).fill(cargo);
    }
  }

  template <class Row, std::size_t N>
  void decode_address(const json::json_value* served, std::string_view name,
                      const std::array<columns::column<Row>, N>& table, std::optional<Row>& address) {
    const auto where = root_.member(name);
    const auto* object = columns::open_nested(served, json::json_kind::object, where, arena_, found_);
    if (object != nullptr) columns::object_reader(*object, table, where, found_).fill(address.emplace());
  }

  void decode_submission(const json::json_value* served, core::order& order) {
    const auto where = root_.member("orderJson");
    const auto* object = columns::open_nested(served, json::json_kind::object, where, arena_, found_);
    if (object == nullptr) return;
    const columns::object_reader reader(*object, submission_fields, where, found_);
    const auto result_at = where.member("result");
    const auto* result =
        columns::open_nested(reader.member("result"), json::json_kind::object, result_at, arena_, found_);
    if (result == nullptr || !decode_submission_result(*result, result_at, order)) {
      decode_success(reader.member("success"), where.member("success"), order);
    }
  }

  // Whether it says of itself how it went; then what stands beside it does not count.
  bool decode_submission_result(const json::json_value& result, const json::json_path& where, core::order& order) {
    columns::object_reader reader(result, submission_result_fields, where, found_);
    reader.fill(order);
    if (const auto* list = reader.member("orderList"); list != nullptr) {
      found_.also_counts(where.member("orderList"), *list);
    }
    const auto* success = reader.member("success");
    return decode_success(success, where.member("success"), order);
  }

  bool decode_success(const json::json_value* served, const json::json_path& where, core::order& order) {
    if (served == nullptr || served->kind == json::json_kind::null) return false;
    const auto complaint = json::read_flag(*served, order.submission_success);
    if (!complaint.empty()) found_.cannot_use(where, complaint, served->raw);
    return true;
  }

  void decode_lines(const json::json_value* served, core::order& order) {
    const auto where = root_.member("orderDetailInfoVOS");
    const auto* lines = columns::open_nested(served, json::json_kind::array, where, arena_, found_);
    if (lines != nullptr) decode_items(*lines, where, arena_, order, found_);
  }

  json::json_path root_;
  json::json_arena& arena_;
  columns::findings found_;
};

// Why the bytes are no object; empty when `document` holds one.
std::string parse_object(std::string_view served, json::json_arena& arena, json::json_document& document) {
  if (const auto good = text::valid_text_prefix(served); good != served.size()) {
    return fmt::format("byte {} of the order is NUL or not valid UTF-8", good);
  }
  document = json::parse_json(served, arena);
  if (!document.value) return fmt::format("the order is {}", document.problem);
  if (document.value->kind != json::json_kind::object) return "the order is not a JSON object";
  return {};
}

}  // namespace

std::string read_order(std::string_view served, json::json_arena& arena, core::order& order) {
  arena.clear();
  json::json_document document;
  auto complaint = parse_object(served, arena, document);
  if (complaint.empty()) complaint = order_decoder(arena).decode(*document.value, order);
  if (!complaint.empty()) return complaint;
  order.payload = served;
  order.payload_sha256 = core::sha256_of(served);
  return {};
}

core::unusable_order keep_unusable(std::string_view served, std::string path, std::string reason) {
  return {std::move(path), std::move(reason), text::shown_as_text(served), {}};
}

std::variant<core::order, core::unusable_order> decode_order(std::string_view served, std::string path,
                                                             json::json_arena& arena) {
  core::order order;
  if (auto reason = read_order(served, arena, order); !reason.empty())
    return keep_unusable(served, std::move(path), std::move(reason));
  return order;
}

}  // namespace ordersync::pandapon::decode
