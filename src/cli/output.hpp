#pragma once
// How values are shown to people and to machines.

#include "app/care_views.hpp"
#include "core/time.hpp"

#include <boost/json/value.hpp>

#include <chrono>
#include <string>

namespace ordersync::cli {

// One line on stdout.
void print(const std::string& line);
// As one line of JSON on stdout.
void print_json(const boost::json::value& value);

// "3 orders: 3 receivers, 2 warehouse addresses, 3 payloads, 0 texts in quarantine".
std::string erasure_text(const store::erasure& took);
boost::json::object erasure_json(const store::erasure& took);

}  // namespace ordersync::cli
