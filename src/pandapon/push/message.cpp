#include "pandapon/push/message.hpp"

#include "pandapon/json/json.hpp"
#include "pandapon/json/scalar.hpp"
#include "pandapon/text/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ordersync::pandapon::push {
namespace {

using json::json_kind;
using json::json_value;

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// Verification requests have bodies that nobody has documented: what does not begin like a message is none.
bool begins_like_a_message(std::string_view body) {
  const auto first = std::ranges::find_if_not(body, is_space);
  return first != body.end() && *first == '{';
}

// A single value that is unusable costs that value; an object or array is unusable because it is too deep.
bool nested_within(const json_value& value, int levels) {
  if (value.kind == json_kind::unusable) return !value.raw.starts_with('{') && !value.raw.starts_with('[');
  if (value.kind != json_kind::array && value.kind != json_kind::object) return true;
  return levels > 0 &&
         std::ranges::all_of(value.children, [&](const json_value& child) { return nested_within(child, levels - 1); });
}

const json_value* member(const json_value& of, std::string_view name) {
  if (of.kind != json_kind::object) return nullptr;
  const auto at = std::ranges::find(of.children, name, &json_value::name);
  return at == of.children.end() ? nullptr : &*at;
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool fits_a_number(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

// A number is taken as it is spelt, so that none is rounded; 1.0 or 1e3 is no order's number.
std::string number_of(const json_value& value) {
  if (value.kind != json_kind::text && value.kind != json_kind::number) return {};
  if (value.kind == json_kind::number && !std::ranges::all_of(value.text, is_digit)) return {};
  auto text = value.text;
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  if (text.empty() || text.size() > longest_number || text == "null") return {};
  return std::ranges::all_of(text, fits_a_number) ? std::string{text} : std::string{};
}

// The nearest to the top that can be a number; siblings before what they hold.
std::string find_number(const json_value& in, std::string_view name) {
  if (in.kind != json_kind::object && in.kind != json_kind::array) return {};
  if (const auto* found = member(in, name)) {
    if (auto number = number_of(*found); !number.empty()) return number;
  }
  for (const auto& child : in.children) {
    if (auto number = find_number(child, name); !number.empty()) return number;
  }
  return {};
}

std::string type_of(const json_value& message) {
  const auto* type = member(message, "messageType");
  if (type == nullptr) type = member(message, "type");
  if (type == nullptr || (type->kind != json_kind::text && type->kind != json_kind::number)) return {};
  std::string shown{type->text.substr(0, longest_type)};
  std::ranges::replace_if(
      shown, [](char c) { return c < ' ' || c > '~'; }, '?');
  return shown;
}

std::optional<core::instant> time_of(const json_value& message) {
  const auto* time = member(message, "timestamp");
  std::optional<core::instant> at;
  if (time != nullptr && json::read_time(*time, at).empty()) return at;
  return std::nullopt;
}

message invalid(std::string why) {
  return {.what = message::sort::invalid, .problem = std::move(why)};
}

// JSON in a text; where it is encoded twice, that of the text in it. What is signed is the outer text all the same.
class inner_json {
 public:
  // None: it is no JSON. Lives as long as this and `text` do.
  const json_value* parse(std::string_view text) {
    once_ = json::parse_json(text, memory_of_once_);
    if (!once_.value || once_.value->kind != json_kind::text) return once_.value ? &*once_.value : nullptr;
    twice_ = json::parse_json(once_.value->text, memory_of_twice_);
    return twice_.value ? &*twice_.value : nullptr;
  }

 private:
  json::json_arena memory_of_once_, memory_of_twice_;
  json::json_document once_, twice_;
};

std::string too_deep() {
  return fmt::format("nested deeper than {} levels", deepest);
}

// A message whose inner text is no JSON names no order; the outer object may.
void read_hint(const json_value& outer, const json_value* inner, order_hint& hint) {
  for (const auto* in : {inner, &outer}) {
    if (in == nullptr) continue;
    if (hint.order_id.empty()) hint.order_id = find_number(*in, "orderId");
    if (hint.order_no.empty()) hint.order_no = find_number(*in, "orderNo");
  }
  hint.type = type_of(outer);
  hint.sent_at = time_of(outer);
}

}  // namespace

message read_message(std::string_view body) {
  if (body.size() > longest_body) return invalid(fmt::format("longer than {} bytes", longest_body));
  if (!begins_like_a_message(body)) return {};
  if (text::valid_text_prefix(body) != body.size()) return invalid("not UTF-8");
  json::json_arena arena;
  const auto parsed = json::parse_json(body, arena);
  if (!parsed.value) return invalid(parsed.problem);
  const auto& outer = *parsed.value;
  if (!nested_within(outer, deepest)) return invalid(too_deep());
  message read;
  const auto* inner = member(outer, "messageBody");
  inner_json parsed_inner;
  if (inner != nullptr && inner->kind == json_kind::text) {
    read.inner = std::string{inner->text};
    if (text::valid_text_prefix(*read.inner) != read.inner->size()) return invalid("messageBody is not UTF-8");
    inner = parsed_inner.parse(*read.inner);
    if (inner != nullptr && !nested_within(*inner, deepest)) return invalid("messageBody is " + too_deep());
  } else if (inner != nullptr) {
    read.inner = std::string{inner->raw};
  }
  read_hint(outer, inner, read.hint);
  const bool names_one = !read.hint.order_id.empty() || !read.hint.order_no.empty();
  read.what = names_one ? message::sort::order : message::sort::other;
  return read;
}

}  // namespace ordersync::pandapon::push
