#include "pandapon/envelope.hpp"

#include "pandapon/json.hpp"
#include "pandapon/json_slices.hpp"
#include "pandapon/scalar.hpp"

#include <array>
#include <utility>

namespace ordersync::pandapon {
namespace {

// The names under which a paged object is known to hold its list.
constexpr std::array<std::string_view, 4> list_names{"data", "list", "records", "rows"};

// The raw values of the wanted members; false where one is there twice with different values. Keys with escapes are
// taken for unknown ones: nobody escapes these names, and an unknown code, total or data is never taken for a good one.
template <std::size_t N>
bool pick(const std::vector<json_slice>& members, const std::array<std::string_view, N>& names,
          std::array<std::string_view, N>& values) {
  for (const auto& member : members) {
    for (std::size_t i = 0; i < N; ++i) {
      if (member.key != names[i]) continue;
      if (!values[i].empty() && values[i] != member.value) return false;
      values[i] = member.value;
    }
  }
  return true;
}

std::optional<std::int64_t> whole_number(std::string_view raw) {
  json_arena arena;
  const auto document = parse_json(raw, arena);
  core::integer number;
  if (!document.value || !read_integer(*document.value, number).empty()) return std::nullopt;
  return number;
}

void read_code(std::string_view raw, envelope& reply) {
  reply.code = raw.empty() ? std::nullopt : whole_number(raw);
  if (!reply.code) reply.code_problem = raw.empty() ? "has no code" : "has a code that is no whole number";
}

std::string read_message(std::string_view raw) {
  json_arena arena;
  const auto document = parse_json(raw, arena);
  return document.value && document.value->kind == json_kind::text ? std::string(document.value->text) : std::string{};
}

page_or_problem problem(std::string text) {
  return {std::nullopt, std::move(text)};
}

page_or_problem page_of(std::string_view total, std::string_view list) {
  if (total.empty()) return problem("has no total");
  const auto count = whole_number(total);
  if (!count || *count < 0) return problem("has a total that is no whole number from 0 up");
  const auto slices = slice_array(list);
  if (!slices) return problem("has data that is no list");
  page_or_problem result;
  auto& page = result.page.emplace();
  page.total = *count;
  page.orders.reserve(slices->size());
  for (const auto& slice : *slices) page.orders.push_back(slice.value);
  return result;
}

page_or_problem page_in_object(const envelope& reply) {
  const auto members = slice_object(reply.data);
  std::array<std::string_view, 1> total;
  std::array<std::string_view, list_names.size()> lists;
  if (!members || !pick(*members, {"total"}, total) || !pick(*members, list_names, lists)) {
    return problem("has data that cannot be read with certainty");
  }
  std::string_view list;
  for (const auto& one : lists) {
    if (!one.empty() && !list.empty()) return problem("has data that holds more than one list");
    if (!one.empty()) list = one;
  }
  if (list.empty()) return problem("has data that is no list and holds none");
  if (!reply.total.empty() && whole_number(reply.total) != whole_number(total[0])) {
    return problem("has two totals that differ");
  }
  return page_of(total[0], list);
}

}  // namespace

std::optional<envelope> read_envelope(std::string_view body) {
  const auto members = slice_object(body);
  if (!members) return std::nullopt;
  std::array<std::string_view, 4> values;
  if (!pick(*members, {"code", "data", "total", "msg"}, values)) return std::nullopt;
  envelope reply;
  read_code(values[0], reply);
  reply.data = values[1];
  reply.total = values[2];
  if (!values[3].empty()) reply.message = read_message(values[3]);
  return reply;
}

page_or_problem read_page(const envelope& reply) {
  if (reply.data.empty()) return problem("has no data");
  return reply.data.front() == '{' ? page_in_object(reply) : page_of(reply.total, reply.data);
}

}  // namespace ordersync::pandapon
