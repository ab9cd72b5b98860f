#pragma once
// The vendor's real response, and ways to serve it with something changed.

#include "pandapon/decode/decode_order.hpp"
#include "pandapon/json/json_slices.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ordersync::pandapon {

inline std::string sample_page() {
  std::ifstream file(ORDERSYNC_SOURCE_DIR "/tests/pandapon/order-page-sample.json", std::ios::binary);
  if (!file) throw std::runtime_error("cannot read order-page-sample.json");
  return {std::istreambuf_iterator<char>(file), {}};
}

// An object whose members can be replaced by raw JSON, kept in the order served.
class editable_object {
 public:
  explicit editable_object(std::string_view json) {
    const auto slices = json::slice_object(json).value();
    for (const auto& slice : slices) members_.emplace_back(slice.key, slice.value);
  }

  editable_object& set(std::string_view key, std::string_view raw) {
    for (auto& member : members_) {
      if (member.first == key) return member.second = raw, *this;
    }
    return add(key, raw);
  }
  // Beside what is there, even under the same key.
  editable_object& add(std::string_view key, std::string_view raw) {
    members_.emplace_back(key, raw);
    return *this;
  }
  editable_object& erase(std::string_view key) {
    std::erase_if(members_, [&](const auto& member) { return member.first == key; });
    return *this;
  }
  editable_object& reverse() {
    members_ = {members_.rbegin(), members_.rend()};
    return *this;
  }
  const std::string& get(std::string_view key) const {
    for (const auto& member : members_) {
      if (member.first == key) return member.second;
    }
    throw std::out_of_range("no member " + std::string(key));
  }
  std::vector<std::string> keys() const {
    std::vector<std::string> names;
    for (const auto& member : members_) names.push_back(member.first);
    return names;
  }
  std::string text() const {
    std::string json = "{";
    for (const auto& [key, value] : members_) json += (json.size() > 1 ? ",\"" : "\"") + key + "\":" + value;
    return json + "}";
  }

 private:
  std::vector<std::pair<std::string, std::string>> members_;
};

inline std::string first_element(std::string_view array) {
  return std::string(json::slice_array(array).value().at(0).value);
}

inline editable_object sample_order() {
  return editable_object(first_element(editable_object(sample_page()).get("data")));
}
inline editable_object sample_line() {
  return editable_object(first_element(sample_order().get("orderDetailInfoVOS")));
}

inline editable_object order_with_lines(const std::vector<editable_object>& lines) {
  std::string array = "[";
  for (const auto& line : lines) array += (array.size() > 1 ? "," : "") + line.text();
  return sample_order().set("orderDetailInfoVOS", array + "]");
}

// A JSON text that holds `content`.
inline std::string as_text(std::string_view content) {
  std::string json = "\"";
  for (const char c : content) {
    if (c == '"' || c == '\\') json += '\\';
    json += c;
  }
  return json + "\"";
}

// What a JSON text of the sample holds (its only escapes are \" and \\).
inline std::string content_of(std::string_view json) {
  std::string content;
  for (std::size_t i = 1; i + 1 < json.size(); ++i) {
    if (json[i] == '\\') ++i;
    content += json[i];
  }
  return content;
}

inline std::variant<core::order, core::unusable_order> decode_any(std::string_view json) {
  json::json_arena arena;
  return decode::decode_order(json, "data[3]", arena);
}

// Throws where the order is unusable.
inline core::order decode_usable(const editable_object& order) {
  return std::get<core::order>(decode_any(order.text()));
}

inline core::unusable_order decode_unusable(std::string_view json) {
  return std::get<core::unusable_order>(decode_any(json));
}

}  // namespace ordersync::pandapon
