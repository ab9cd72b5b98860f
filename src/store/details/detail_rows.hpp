#pragma once
// A detail as rows of its tables, JSON objects by column, as the statements take them; the tables' shapes; and what
// differs between two states. Pure.

#include "store/details/details.hpp"
#include "store/orders/statements.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <chrono>
#include <map>
#include <string>

namespace ordersync::store::details {

// See served_json.hpp. Taken from the payloads before these are redacted.
struct served_parts {
  boost::json::value steps;
  std::map<std::string, boost::json::value> refunds;  // by id
};
served_parts parts_of(const read_detail& read);

struct detail_rows {
  boost::json::object detail;
  boost::json::array payments, shipments, refunds, contacts;
};

// `held`: the rows of the refunds that are stored; of what was not read of a refund this time, that stays, and so does
// a refund that the detail does not name any more, unless it was read beside it.
detail_rows rows_of(const read_detail& read, const served_parts& parts, const boost::json::array& held,
                    std::chrono::minutes api_zone);

// Of the tables, with what an order_detail_history.state has of them.
struct detail_shapes {
  orders::table_shape details, payments, shipments, refunds, contacts;
};
const detail_shapes& shapes_of_details();
// Columns of order_details that people write, in one of the states no values of them are.
const orders::table_shape& free_texts();

// As order_detail_history.changed. Of personal data and free texts, which `held_personal` and `new_personal` have, it
// says only that they differ; of a payload that differs in nothing else, that.
boost::json::object differences(const boost::json::object& held, const boost::json::object& now,
                                const boost::json::object& held_personal, const boost::json::object& new_personal);

}  // namespace ordersync::store::details
