#include "sample.hpp"

#include <boost/json.hpp>

#include <stdexcept>

namespace pandapon_sim {
namespace {

namespace json = boost::json;

/// The end of the object that begins at `begin`; strings may hold brackets.
std::size_t object_end(std::string_view text, std::size_t begin) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = begin; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if (c == '{') ++depth;
    if (c == '}' && --depth == 0) return i + 1;
  }
  throw std::runtime_error("the sample ends inside an order");
}

sample_order read_order(std::string_view raw) {
  const json::object fields = json::parse(json::string_view(raw.data(), raw.size())).as_object();
  const auto text = [&](json::string_view key) { return json::value_to<std::string>(fields.at(key)); };
  sample_order order;
  order.raw = raw;
  order.id = fields.at("id").to_number<std::int64_t>();
  order.status = fields.at("orderStatus").to_number<std::int64_t>();
  order.created = fields.at("createTime").to_number<epoch_ms>();
  order.tb_created = fields.at("tbCreateTime").to_number<epoch_ms>();
  order.tb_order_id = text("tbOrderId");
  order.user_id = text("userId");
  return order;
}

}  // namespace

std::vector<sample_order> read_sample(std::string_view reply) {
  static constexpr std::string_view opening = "\"data\":[";
  std::size_t at = reply.find(opening);
  if (at == std::string_view::npos) throw std::runtime_error("the sample has no \"data\":[");
  at += opening.size();
  std::vector<sample_order> orders;
  while (at < reply.size() && reply[at] != ']') {
    const std::size_t begin = reply.find('{', at);
    if (begin == std::string_view::npos) throw std::runtime_error("the sample's data has no end");
    const std::size_t end = object_end(reply, begin);
    orders.push_back(read_order(reply.substr(begin, end - begin)));
    at = reply.find_first_not_of(", \r\n\t", end);
  }
  return orders;
}

}  // namespace pandapon_sim
