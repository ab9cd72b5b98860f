#include "pandapon/reply/envelope.hpp"

#include "pandapon/json/json.hpp"
#include "pandapon/json/json_slices.hpp"
#include "pandapon/json/scalar.hpp"
#include "pandapon/reply/failure_signs.hpp"
#include "pandapon/text/plain_run.hpp"
#include "pandapon/text/utf8.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace ordersync::pandapon::reply {
namespace {

// The names under which a paged object is known to hold its list.
constexpr std::array<std::string_view, 4> list_names{"data", "list", "records", "rows"};

bool names_a_list(std::string_view key) {
  return std::find(list_names.begin(), list_names.end(), key) != list_names.end();
}

bool holds_unusable(const json::json_value& value) {
  return value.kind == json::json_kind::unusable ||
         std::any_of(value.children.begin(), value.children.end(), [](const auto& one) { return holds_unusable(one); });
}

// The value of a text that is strictly valid JSON and UTF-8.
std::optional<json::json_value> parse_strictly(std::string_view raw, json::json_arena& arena) {
  if (text::valid_text_prefix(raw) != raw.size()) return std::nullopt;
  const auto document = json::parse_json(raw, arena);
  if (!document.value || holds_unusable(*document.value)) return std::nullopt;
  return document.value;
}

// None where the key is no strictly valid text.
std::optional<std::string> read_key(std::string_view escaped, json::json_arena& arena) {
  if (text::end_of_plain(escaped, 0) == escaped.size()) {
    return text::valid_text_prefix(escaped) == escaped.size() ? std::optional(std::string(escaped)) : std::nullopt;
  }
  const auto quoted = std::string("\"").append(escaped).append("\"");
  const auto value = parse_strictly(quoted, arena);
  return value ? std::optional(std::string(value->text)) : std::nullopt;
}

// The raw values of the members that are wanted; the first one stands where one is there twice.
template <std::size_t N>
class wanted_members {
 public:
  explicit wanted_members(const std::array<std::string_view, N>& names) : names_(names) {}

  // False where it is there already with another value.
  bool take(std::string_view key, json::json_slice& member) {
    const auto at = std::find(names_.begin(), names_.end(), key);
    if (at == names_.end()) return true;
    auto& held = members_[static_cast<std::size_t>(at - names_.begin())];
    if (!held.value.empty()) return held.value == member.value;
    held = std::move(member);
    return true;
  }

  std::string_view operator[](std::size_t i) const { return members_[i].value; }
  std::vector<std::string_view>& objects(std::size_t i) { return members_[i].objects; }

 private:
  const std::array<std::string_view, N>& names_;
  std::array<json::json_slice, N> members_;
};

// Walks an object whose members have to be strictly valid, but for the one of `apart` with an element or member of
// its own to be read later. `each` says whether to go on. None where something is not valid.
template <class Apart, class Each>
bool walk(std::string_view object, Apart apart, Each each) {
  auto members = json::slice_object(object);
  if (!members) return false;
  json::json_arena arena;
  for (auto& member : *members) {
    arena.clear();
    const auto key = read_key(member.key, arena);
    if (!key) return false;
    std::optional<json::json_value> value{json::json_value{}};
    if (!apart(*key, member.value)) value = parse_strictly(member.value, arena);
    if (!value || !each(*key, member, *value)) return false;
  }
  return true;
}

std::optional<std::int64_t> whole_number(std::string_view raw) {
  json::json_arena arena;
  const auto document = json::parse_json(raw, arena);
  core::integer number;
  if (!document.value || !json::read_integer(*document.value, number).empty()) return std::nullopt;
  return number;
}

// A code that is a word, as 1688's "gw.QosAppFrequencyLimit".
std::string word(std::string_view raw) {
  json::json_arena arena;
  const auto document = json::parse_json(raw, arena);
  return document.value && document.value->kind == json::json_kind::text ? std::string(document.value->text)
                                                                         : std::string{};
}

void read_code(std::string_view raw, envelope& reply) {
  reply.code = raw.empty() ? std::nullopt : whole_number(raw);
  if (reply.code) return;
  reply.code_problem = raw.empty() ? "has no code" : "has a code that is not a whole number";
  if (const auto spelt = word(raw); !spelt.empty()) reply.failure_code = spelt;
}

page_or_problem problem(std::string text) {
  return {std::nullopt, std::move(text)};
}

// `objects`: those of the list, where they are known.
page_or_problem page_of(std::string_view total, std::string_view list, std::vector<std::string_view> objects) {
  if (total.empty()) return problem("has no total");
  const auto count = whole_number(total);
  if (!count || *count < 0) return problem("has a total that is not a whole number of 0 or more");
  page_or_problem result;
  auto& page = result.page.emplace();
  page.total = *count;
  page.orders = std::move(objects);
  if (!page.orders.empty()) return result;
  const auto slices = json::slice_array(list);
  if (!slices) return problem("has data that is not a list");
  page.orders.reserve(slices->size());
  for (const auto& slice : *slices) page.orders.push_back(slice.value);
  return result;
}

page_or_problem page_in_object(const envelope& reply) {
  static constexpr std::array<std::string_view, 6> names{"total", "code", "data", "list", "records", "rows"};
  wanted_members wanted(names);
  failure_signs signs;
  const auto is_list = [](std::string_view key, std::string_view raw) { return names_a_list(key) && raw[0] == '['; };
  const auto take = [&](const std::string& key, json::json_slice& member, const json::json_value& value) {
    look_for_failure(key, value, signs);
    return wanted.take(key, member);
  };
  if (!walk(reply.data, is_list, take)) return problem("has data that is ambiguous or not valid JSON");
  if (!signs.sign.empty()) return problem("has data that reports a failure (" + signs.sign + ")");
  if (!wanted[1].empty() && whole_number(wanted[1]) != 200 && whole_number(wanted[1]) != 0) {
    return problem("has data with its own code, which is not known to mean success");
  }
  std::size_t list = 0;
  for (std::size_t i = 2; i < names.size(); ++i) {
    if (wanted[i].empty()) continue;
    if (list != 0) return problem("has data with more than one list");
    list = i;
  }
  if (list == 0) return problem("has data that neither is a list nor contains one");
  if (!reply.total.empty() && whole_number(reply.total) != whole_number(wanted[0])) {
    return problem("has two different totals");
  }
  return page_of(wanted[0], wanted[list], std::move(wanted.objects(list)));
}

// `data` is null or absent: how some say that there are no orders.
page_or_problem page_without_data(const envelope& reply) {
  if (reply.list_elsewhere) return problem("has no data, but a list under another name");
  auto empty = page_of(reply.total, "[]", {});
  if (empty.page && empty.page->total != 0) return problem("has no data, but a total above 0");
  return empty;
}

// What RFC 8259 lets a reader ignore.
std::string_view without_mark_and_space(std::string_view body) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  for (;;) {
    const auto space = body.find_first_not_of(" \t\r\n");
    body.remove_prefix(space == std::string_view::npos ? body.size() : space);
    if (!body.starts_with(mark)) return body;
    body.remove_prefix(mark.size());
  }
}

}  // namespace

std::optional<envelope> read_envelope(std::string_view body) {
  static constexpr std::array<std::string_view, 3> names{"code", "data", "total"};
  wanted_members wanted(names);
  envelope reply;
  failure_signs signs;
  const auto is_data = [](std::string_view key, std::string_view raw) {
    return key == "data" && (raw[0] == '[' || raw[0] == '{');
  };
  const auto take = [&](const std::string& key, json::json_slice& member, const json::json_value& value) {
    look_for_failure(key, value, signs);
    if (names_a_list(key) && key != "data" && value.kind != json::json_kind::null) reply.list_elsewhere = true;
    return wanted.take(key, member);
  };
  if (!walk(without_mark_and_space(body), is_data, take)) return std::nullopt;
  reply.failure_code = signs.code;
  read_code(wanted[0], reply);
  reply.data = wanted[1];
  reply.objects = std::move(wanted.objects(1));
  reply.total = wanted[2];
  reply.failure_sign = std::move(signs.sign);
  reply.message = std::move(signs.message);
  return reply;
}

page_or_problem read_page(const envelope& reply) {
  if (reply.data.empty() || reply.data == "null") return page_without_data(reply);
  return reply.data.front() == '{' ? page_in_object(reply) : page_of(reply.total, reply.data, reply.objects);
}

}  // namespace ordersync::pandapon::reply
