#pragma once
// What an order's detail consists of: parcels, lines, payments. Pure.

#include "core/order_detail.hpp"
#include "pandapon/columns/findings.hpp"
#include "pandapon/json/json.hpp"
#include "pandapon/json/path.hpp"

namespace ordersync::pandapon::detail {

// Where a part is decoded to, and with what.
struct parts_context {
  json::json_arena& arena;
  core::order_detail& detail;
  columns::findings& found;
};

// nativeLogistics: where the parcels go, and logisticsItems. A parcel with the id of one before it is left out and
// reported; one without an id stays.
void decode_logistics(const json::json_value& logistics, const json::json_path& where, const parts_context& into);

// productItems. A line without a usable id, or with the id of a line before it, is left out and reported.
void decode_lines(const json::json_value& lines, const json::json_path& where, const parts_context& into);

// tradeTerms
void decode_payments(const json::json_value& terms, const json::json_path& where, const parts_context& into);

// The refunds that the order and its lines name, which are decoded before.
void collect_refunds(core::order_detail& detail);

}  // namespace ordersync::pandapon::detail
