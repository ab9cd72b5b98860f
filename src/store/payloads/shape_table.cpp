#include "store/payloads/shape_table.hpp"

#include "store/values/literals.hpp"

namespace ordersync::store::payloads {
namespace {

// Learning costs as much as writing, so it is from a part of a large batch.
constexpr std::size_t payloads_to_learn_from = 100;

std::vector<std::string_view> some_of(const std::vector<std::string_view>& payloads) {
  const auto step = payloads.size() / payloads_to_learn_from + 1;
  std::vector<std::string_view> some;
  for (std::size_t i = 0; i < payloads.size(); i += step) some.push_back(payloads[i]);
  return some;
}

}  // namespace

dictionary read_dictionary(pg::connection& db) {
  const auto r = db.exec("read shapes of payloads", "SELECT shape FROM ordersync.payload_shapes ORDER BY id");
  std::vector<std::string> shapes;
  shapes.reserve(static_cast<std::size_t>(r.size()));
  for (int row = 0; row < r.size(); ++row) shapes.emplace_back(r.text(row, 0));
  return dictionary{std::move(shapes)};
}

void extend_dictionary(pg::connection& db, dictionary& known, const std::vector<std::string_view>& payloads) {
  if (known.is_full()) return;
  const auto before = known.size();
  const auto learnt = known.learn(some_of(payloads));
  if (learnt.empty()) return;
  db.exec("write shapes of payloads",
          "INSERT INTO ordersync.payload_shapes (id, shape) "
          "SELECT $1::integer + n, shape FROM unnest($2::text[]) WITH ORDINALITY AS learnt (shape, n)",
          {std::to_string(before), values::array_literal(learnt)});
}

}  // namespace ordersync::store::payloads
