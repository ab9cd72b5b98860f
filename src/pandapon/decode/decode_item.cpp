#include "pandapon/decode/decode_item.hpp"

#include "pandapon/columns/columns.hpp"
#include "pandapon/columns/nested.hpp"
#include "pandapon/decode/order_fields.hpp"
#include "pandapon/json/json_text.hpp"

#include <cstdint>
#include <unordered_set>
#include <utility>

namespace ordersync::pandapon::decode {
namespace {

void decode_attributes(const json::json_value* served, const json::json_path& where, json::json_arena& arena,
                       core::order_item& item, columns::findings& found) {
  const auto* skus = columns::open_nested(served, json::json_kind::array, where, arena, found);
  if (skus == nullptr) return;
  auto objection = json::jsonb_objection(*skus);
  for (const auto& sku : skus->children) {
    if (objection.empty() && sku.kind != json::json_kind::object) objection = "contains something other than objects";
  }
  if (!objection.empty()) return found.cannot_use(where, objection, served->raw);
  for (int i = 0; const auto& sku : skus->children) {
    const auto at = where.element(i++);
    const columns::object_reader reader(sku, sku_fields, at, found);
  }
  found.also_counts(where, *skus);
  item.sku_attributes = json::compact_json(*skus);
}

void decode_images(const json::json_value* served, const json::json_path& where, json::json_arena& arena,
                   core::order_item& item, columns::findings& found) {
  const auto* urls = columns::open_nested(served, json::json_kind::array, where, arena, found);
  if (urls == nullptr) return;
  auto& images = item.image_urls.emplace();
  for (int i = 0; const auto& url : urls->children) {
    const auto at = where.element(i++);
    core::text text;
    const auto complaint = json::read_text(url, text);
    if (text) {
      images.push_back(std::move(*text));
    } else {
      found.cannot_use(at, complaint.empty() ? "is null" : complaint, url.raw);
    }
  }
}

// A line belongs to the order it is served in, whatever it says; that it says otherwise is worth a look.
void check_order_id(const json::json_value* served, const json::json_path& where, std::int64_t order_id,
                    columns::findings& found) {
  if (served == nullptr) return;
  core::integer id;
  auto complaint = json::read_integer(*served, id);
  if (complaint.empty() && id && *id != order_id) complaint = "is not the id of the order that contains the line";
  if (!complaint.empty()) found.cannot_use(where, complaint, served->raw);
}

std::string_view read_key(const json::json_value* served, std::int64_t& id) {
  core::integer number;
  if (served == nullptr) return "the line has no usable id";
  if (const auto complaint = json::read_integer(*served, number); !complaint.empty())
    return "the line has no usable id";
  if (!number || *number <= 0) return "the line has no usable id";
  id = *number;
  return {};
}

class item_decoder {
 public:
  item_decoder(json::json_arena& arena, core::order& order, columns::findings& found)
      : arena_(arena), order_(order), found_(found) {}

  void decode(const json::json_value& line, const json::json_path& where) {
    if (line.kind != json::json_kind::object) {
      const auto complaint = line.kind == json::json_kind::unusable ? line.text : "is not an object";
      return found_.cannot_use(where, complaint, line.raw);
    }
    columns::object_reader reader(line, item_fields, where, found_);
    core::order_item item;
    item.position = where.index;
    auto complaint = read_key(reader.member("id"), item.id);
    if (complaint.empty() && !ids_.insert(item.id).second) complaint = "an earlier line has the same id";
    if (!complaint.empty()) return found_.cannot_use(where, complaint, line.raw);
    check_order_id(reader.member("orderId"), where.member("orderId"), order_.id, found_);
    reader.fill(item);
    decode_attributes(reader.member("skuInfos"), where.member("skuInfos"), arena_, item, found_);
    decode_images(reader.member("productImgUrl"), where.member("productImgUrl"), arena_, item, found_);
    order_.items.push_back(std::move(item));
  }

 private:
  json::json_arena& arena_;
  core::order& order_;
  columns::findings& found_;
  std::unordered_set<std::int64_t> ids_;
};

}  // namespace

void decode_items(const json::json_value& lines, const json::json_path& where, json::json_arena& arena,
                  core::order& order, columns::findings& found) {
  item_decoder decoder(arena, order, found);
  for (int i = 0; const auto& line : lines.children) decoder.decode(line, where.element(i++));
}

}  // namespace ordersync::pandapon::decode
