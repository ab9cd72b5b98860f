#pragma once
// Where in an order a value stands, under the API's names. Links of one path live on the stack of whoever descends;
// the text is made only when somebody asks.

#include <string>
#include <string_view>

namespace ordersync::pandapon::json {

struct json_path {
  const json_path* parent = nullptr;
  std::string_view name{};  // of a member; empty for an element and for the order itself
  int index = -1;           // of an element

  json_path member(std::string_view n) const { return {this, n, -1}; }
  json_path element(int i) const { return {this, {}, i}; }
};

// "orderDetailInfoVOS[0].skuInfos"
std::string exact_text(const json_path& path);
// "orderDetailInfoVOS[].skuInfos": the same for every element.
std::string general_text(const json_path& path);

}  // namespace ordersync::pandapon::json
